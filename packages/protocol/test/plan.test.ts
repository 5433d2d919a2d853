import { describe, expect, it } from 'vitest';
import { REQUESTS } from '../src/messages.ts';
import { MAX_ONE_TIME_KEY_LIFETIME_MS } from '../src/one-time-key.ts';
import { coefficientsOf, leastThreshold, memberIds, Plan, parametersOf, placeOf, planHash } from '../src/plan.ts';
import { PhaseDurations } from '../src/run.ts';
import { Opening } from '../src/transcript.ts';
import { UpdateRecord } from '../src/update-record.ts';
import { createPlan } from './plans.ts';
import { createSigner } from './signers.ts';

const members = await Promise.all(Array.from({ length: 4 }, createSigner));
const plan = await createPlan(members[0]!.publicKey, members);
const noise = { mechanism: 'skellam', variance: 8, contributors: 3, epsilon: 2, delta: 1e-5 };
const accepts = (value: unknown) => Plan.safeParse(value).success;

describe('a plan', () => {
  it('survives the wire with the same hash', () => {
    const received = Plan.parse(JSON.parse(JSON.stringify(plan)));
    expect(planHash(received)).toBe(planHash(plan));
  });

  it('may ask for noise, and then opens no exact numbers', () => {
    const metadata: Plan['encoding']['metadata'] = [];
    expect(accepts({ ...plan, noise, encoding: { ...plan.encoding, metadata } })).toBe(true);
    expect(accepts({ ...plan, noise: { ...noise, epsilon: null } })).toBe(true);
  });

  it('hashes to something else whenever any leaf of it changes', () => {
    const leaves = leafChanges(plan);
    expect(leaves.length).toBeGreaterThan(40);
    expect(new Set([planHash(plan), ...leaves.map((changed) => planHash(changed as Plan))]).size).toBe(
      leaves.length + 1,
    );
  });

  it.each<[string, object]>([
    ['an unknown field', { extra: 1 }],
    ['another version', { version: 2 }],
    ['fewer contributors than three', { minimumCohort: 2 }],
    ['round zero', { round: 0 }],
    ['a fractional round', { round: 1.5 }],
    ['a round beyond u32', { round: 2 ** 32 }],
    ['a group beyond u32', { group: 2 ** 32 }],
    ['a task that is no slug', { task: '../x' }],
    ['a run with a line break', { run: 'run\n' }],
    ['noise that says nothing', { noise: {} }],
    ['noise of an odd variance', { noise: { ...noise, variance: 7 } }],
    ['noise without a variance', { noise: { ...noise, variance: 0 } }],
    ['noise that nobody adds', { noise: { ...noise, contributors: 0 } }],
    ['a δ that promises nothing', { noise: { ...noise, delta: 0.5 } }],
    ['an upper-case key', { coordinator: 'AB'.repeat(32) }],
    ['an infinite clip', { encoding: { ...plan.encoding, clip: Number.POSITIVE_INFINITY } }],
    ['a negative clip', { encoding: { ...plan.encoding, clip: -1 } }],
    ['room for two', { encoding: { ...plan.encoding, nMax: 2 } }],
    ['no levels', { encoding: { ...plan.encoding, lambda: 0 } }],
    ['fractional levels', { encoding: { ...plan.encoding, lambda: 1.5 } }],
    ['no ranges', { encoding: { ...plan.encoding, ranges: [] } }],
    ['an empty range', { encoding: { ...plan.encoding, ranges: [{ size: 0, range: 1 }] } }],
    ['a committee of two', { committee: { threshold: 2, members: plan.committee.members.slice(0, 2) } }],
    ['a committee of 65', { committee: { threshold: 44, members: Array(65).fill(plan.committee.members[0]) } }],
  ])('is refused with %s', (_, changes) => {
    expect(accepts({ ...plan, ...changes })).toBe(false);
  });

  it('needs more than two thirds of its committee', () => {
    expect([3, 4, 5, 6, 7, 64].map(leastThreshold)).toEqual([3, 3, 4, 5, 5, 43]);
    // Two groups of t members that serve two lists share at least 2t − m > m/3 members, all of whom would have to lie.
    for (let m = 3; m <= 64; m++) expect(2 * leastThreshold(m) - m).toBeGreaterThan(m / 3);
  });

  it('places members by their order, from 1', () => {
    members.forEach((member, i) => {
      expect(placeOf(plan.committee, member.publicKey)).toBe(i + 1);
    });
    expect(placeOf(plan.committee, 'ff'.repeat(32))).toBe(0);
    expect(new Set(memberIds(plan.committee)).size).toBe(4);
  });

  it('counts coefficients: lanes first, metadata one each', () => {
    const { encoding } = plan;
    expect(parametersOf(encoding)).toBe(10);
    expect(coefficientsOf(encoding)).toBe(6);
    expect(coefficientsOf({ ...encoding, ranges: [{ size: 11, range: 1 }] })).toBe(7);
    expect(coefficientsOf({ ...encoding, lanes: 1 })).toBe(11);
  });
});

describe('other borders', () => {
  it('a record names at least one box and at most as many as a committee has members', () => {
    const record = { key: 'ab'.repeat(32), certificate: null, ciphertext: 'ab'.repeat(32), signature: 'ab'.repeat(64) };
    const boxes = (count: number) =>
      UpdateRecord.safeParse({ ...record, boxes: Array(count).fill('ab'.repeat(32)) }).success;
    expect([0, 1, 64, 65].map(boxes)).toEqual([false, true, true, false]);
  });

  it('an opening is exactly N shares in canonical base64url', () => {
    const opening = { x: 1, shares: 'A'.repeat(10_923), signature: 'ab'.repeat(64) };
    expect(Opening.safeParse(opening).success).toBe(true);
    expect(Opening.safeParse({ ...opening, shares: `${'A'.repeat(10_922)}B` }).success).toBe(false);
    expect(Opening.safeParse({ ...opening, shares: 'A'.repeat(10_922) }).success).toBe(false);
    expect(Opening.safeParse({ ...opening, x: 0 }).success).toBe(false);
  });

  it('a round at its longest ends before its one-time keys must', () => {
    const longest = {
      keysMs: 3_600_000,
      uploadMs: 19 * 3_600_000,
      checkMs: 3_600_000,
      voteMs: 3_600_000,
      openMs: 3_600_000,
      returnMs: 0,
    };
    expect(PhaseDurations.safeParse(longest).success).toBe(true);
    expect(PhaseDurations.safeParse({ ...longest, uploadMs: longest.uploadMs + 1 }).success).toBe(false);
    const { returnMs: _, ...phases } = longest;
    const total = Object.values(phases).reduce((sum, ms) => sum + ms, 60_000);
    expect(total).toBeLessThan(MAX_ONE_TIME_KEY_LIFETIME_MS);
  });

  it('every request refuses an unknown field', () => {
    const vote = { planHash: 'ab'.repeat(32), contributors: 'ab'.repeat(32), x: 1, signature: 'ab'.repeat(64) };
    expect(REQUESTS.vote.request.safeParse(vote).success).toBe(true);
    for (const { request } of Object.values(REQUESTS))
      expect(request.safeParse({ ...vote, extra: 1 }).success).toBe(false);
  });
});

/** The value once for each of its leaves, with that leaf changed. */
function leafChanges(value: unknown): unknown[] {
  if (Array.isArray(value))
    return value.flatMap((element, i) => leafChanges(element).map((other) => value.with(i, other)));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, field]) =>
      leafChanges(field).map((other) => ({ ...value, [name]: other })),
    );
  return [typeof value === 'number' ? value + 1 : `${value}x`];
}
