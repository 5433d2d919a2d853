import { epsilonSpent } from '@sotto/fl-core/privacy/budget';
import { exposureOf } from '@sotto/fl-core/privacy/noise';
import type { Plan } from '@sotto/protocol/plan';
import type { RoundOutcome } from '@sotto/protocol/run';
import { describe, expect, it } from 'vitest';
import { keepReceipt, keepRound } from '../src/history.ts';
import { createRoom, type Device, must, type Room } from './room.ts';

/** Of which two rounds are within the run's ε and three are not. */
const noisy = (plan: Plan): Plan => {
  const encoding = { ...plan.encoding, lambda: 1000, metadata: [] };
  const noise = { mechanism: 'skellam' as const, variance: 100_000_000, contributors: 3, epsilon: null, delta: 1e-5 };
  const exposure = exposureOf(encoding, noise);
  const [two, three] = [2, 3].map((count) => epsilonSpent(1e-5, Array(count).fill([exposure])));
  return { ...plan, encoding, noise: { ...noise, epsilon: (two! + three!) / 2 } };
};

/** Gives a device the plan of a round. @returns the code it was refused under, or undefined where it sent an update */
async function ask(room: Room, device: Device, members: readonly Device[], round: number) {
  const { hash } = await room.plan(members, noisy, round);
  const sent = await room.contribute(device, hash);
  return 'rejected' in sent ? sent.rejected : undefined;
}

async function gather() {
  const room = await createRoom();
  const [device, ...members] = await Promise.all([1, 2, 3, 4].map(() => room.device()));
  return { room, members, device: device! };
}

const abandoned = (round: number, opened: boolean): RoundOutcome => ({
  kind: 'abandoned',
  round,
  reason: 'too_few_openings',
  startedAt: 0,
  endedAt: 1,
  opened,
});

describe('a coordinator that begins more rounds than the budget of its run allows', () => {
  it('gets no further update: the device keeps count by itself, also over a restart, and lets the others not wait', async () => {
    const { room, members, device } = await gather();
    expect(await ask(room, device, members, 1)).toBeUndefined();
    expect(await ask(room, device, members, 2)).toBeUndefined();
    device.restart();
    const sent = device.sent.length;
    expect(await ask(room, device, members, 3)).toBe('budget_spent');
    expect(device.sent.slice(sent).map(({ name }) => name)).toEqual(['withdraw']);
  });

  it('may ask again for what was sent already: the same bytes cost nothing more', async () => {
    const { room, members, device } = await gather();
    expect(await ask(room, device, members, 1)).toBeUndefined();
    const { hash } = await room.plan(members, noisy, 2);
    const first = must(await room.contribute(device, hash));
    expect(must(await room.contribute(device, hash)).bytes).toEqual(first.bytes);
  });

  it.each([
    ['was given up before anybody opened it', false, undefined],
    ['was given up after a member had opened it', true, 'budget_spent'],
  ])('counts a round that %s as the coordinator says', async (_, opened, refused) => {
    const { room, members, device } = await gather();
    for (const round of [1, 2]) expect(await ask(room, device, members, round)).toBeUndefined();
    const { plan } = await room.plan(members, noisy, 2);
    await keepRound(device.vault, plan, abandoned(2, opened));
    expect(await ask(room, device, members, 3)).toBe(refused);
  });

  it.each([
    ['not in the sum by a record that holds', 'late', [], undefined],
    ['not in the sum by one that does not', 'late', ['It is forged.'], 'budget_spent'],
    ['in a group’s sum that was opened and not used', 'left-out', [], 'budget_spent'],
  ])('counts an update unless it came to nothing: %s', async (_, part, problems, refused) => {
    const { room, members, device } = await gather();
    for (const round of [1, 2]) expect(await ask(room, device, members, round)).toBeUndefined();
    const { plan } = await room.plan(members, noisy, 2);
    const { opened: ___, ...ended } = abandoned(2, true) as Extract<RoundOutcome, { kind: 'abandoned' }>;
    await keepRound(device.vault, plan, { ...ended, kind: 'published', transcript: 'ab'.repeat(32) } as never);
    const receipt = { round: 2, transcript: 'ab'.repeat(32), contributors: 3, included: false, part };
    await keepReceipt(device.vault, plan, { ...receipt, problems } as never);
    expect(await ask(room, device, members, 3)).toBe(refused);
  });
});
