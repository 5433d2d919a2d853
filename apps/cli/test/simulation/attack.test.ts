import { l2Norm } from '@sotto/fl-core/clip';
import { describe, expect, it } from 'vitest';
import { attackersOf, poisonData, poisonUpdate } from '../../src/simulation/attack.ts';

const learned = { delta: Float32Array.of(1, -2, 0.5, 4), examples: 7, correct: 3, lossSum: 5 };
const poisoned = (kind: Parameters<typeof poisonUpdate>[1]['kind'], factor: number, seed = 1) =>
  poisonUpdate(learned, { kind, factor }, seed);

describe('attackers', () => {
  it('are the share that was asked for, rounded, the same ones for the same seed', () => {
    for (const [share, count] of [
      [0, 0],
      [0.2, 20],
      [0.125, 13],
      [1, 100],
    ] as const)
      expect(attackersOf(100, share, 3).size).toBe(count);
    expect(attackersOf(100, 0.2, 3)).toEqual(attackersOf(100, 0.2, 3));
    expect(attackersOf(100, 0.2, 3)).not.toEqual(attackersOf(100, 0.2, 4));
    expect([...attackersOf(5, 1, 0)].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('an attack', () => {
  it('by sign or by scale sends a multiple of what was learned, and leaves that as it is', () => {
    expect([...poisoned('sign-flip', 1).delta]).toEqual([-1, 2, -0.5, -4]);
    expect([...poisoned('sign-flip', 3).delta]).toEqual([-3, 6, -1.5, -12]);
    expect([...poisoned('scale', 100).delta]).toEqual([100, -200, 50, 400]);
    expect([...learned.delta]).toEqual([1, -2, 0.5, 4]);
  });

  it('by chance sends another vector of the norm that is asked for, the same for the same seed', () => {
    const random = poisoned('random', 2);
    expect(l2Norm(random.delta)).toBeCloseTo(2 * l2Norm(learned.delta), 5);
    expect(poisoned('random', 2)).toEqual(random);
    expect(poisoned('random', 2, 9)).not.toEqual(random);
  });

  it('by what is not a number has one weight that is none', () => {
    expect([...poisoned('nan', 1).delta]).toEqual([Number.NaN, -2, 0.5, 4]);
  });

  it('by labels learns each class as its opposite, and changes nothing of the update', () => {
    const data = { inputs: new Uint8Array(3), shape: [1], scale: 1, labels: Int32Array.of(0, 1, 9) };
    expect([...poisonData(data, 'label-flip', 10).labels]).toEqual([9, 8, 0]);
    expect(poisonData(data, 'sign-flip', 10)).toBe(data);
    expect(poisoned('label-flip', 1)).toBe(learned);
  });
});
