import type { ParticipantState } from '@sotto/participant/state';
import { describe, expect, it } from 'vitest';
import { addCheck, addPoint, type LearningPoint, putCheck, uncheckedModel } from './learning-points.ts';

const progress = {
  epoch: 1,
  epochs: 2,
  batch: 0,
  batches: 4,
  loss: 2,
  accuracy: 0.25,
  validation: { loss: 2, accuracy: 0.2 },
  msLeft: null,
  backend: 'wasm',
};

describe('the points of the live plot', () => {
  it('carry what the kept-aside examples say only where that was just measured', () => {
    const points = [progress, { ...progress, batch: 2 }, { ...progress, batch: 4 }].reduce(
      addPoint,
      [] as readonly LearningPoint[],
    );
    expect(points.map(({ epoch, checked }) => [epoch, checked])).toEqual([
      [0, 0.2],
      [0.5, null],
      [1, 0.2],
    ]);
  });

  it('stay few, and lose none of the checks', () => {
    let points: readonly LearningPoint[] = [];
    for (let batch = 1; batch <= 5000; batch++)
      points = addPoint(points, { ...progress, batch: batch % 50 || 50, batches: 50, epoch: Math.ceil(batch / 50) });
    expect(points.length).toBeLessThanOrEqual(400);
    expect(points.filter(({ checked }) => checked !== null)).toHaveLength(100);
    expect(points.at(-1)!.epoch).toBe(100);
  });
});

describe('the shared model’s checks on own examples', () => {
  it('belong to the round that made the model, one each', () => {
    let checks = addCheck([], 1, progress);
    checks = addCheck(checks, 1, { ...progress, batch: 3 });
    checks = addCheck(checks, 2, { ...progress, validation: { loss: 1, accuracy: 0.7 } });
    // The worker died, and the round was learned again.
    checks = addCheck(checks, 2, { ...progress, validation: { loss: 1, accuracy: 0.7 } });
    expect(checks).toEqual([
      { round: 0, accuracy: 0.2 },
      { round: 1, accuracy: 0.7 },
    ]);
  });

  it('are none without examples kept aside', () => {
    expect(addCheck([], 1, { ...progress, validation: null })).toEqual([]);
  });

  it('come to the last model only once the run is over, as no round begins with it', () => {
    const checks = [{ round: 0, accuracy: 0.2 }];
    const outcomes = [{ kind: 'published', round: 1, model: 'ab' }, { kind: 'abandoned' }];
    const at = (state: string) => ({ status: { state }, outcomes }) as unknown as ParticipantState;
    expect(uncheckedModel(checks, at('running'))).toBeNull();
    expect(uncheckedModel([], at('finished'))).toBeNull();
    expect(uncheckedModel(checks, at('finished'))).toMatchObject({ round: 1, model: 'ab' });
    expect(uncheckedModel(putCheck(checks, { round: 1, accuracy: 0.5 }), at('finished'))).toBeNull();
  });
});
