import { verifyTranscript } from '@sotto/participant/transcript-check';
import { isRejection } from '@sotto/protocol/rejection';
import { roundPlanOf } from '@sotto/protocol/transcript';
import { afterEach, describe, expect, it } from 'vitest';
import { type Guest, type Hall, openHall, PARAMETERS, seatGuest, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

async function fill(
  hall: Hall,
  clock: ReturnType<typeof createMockClock>,
  deltas: readonly number[],
): Promise<Guest[]> {
  halls.push(hall);
  const made = [];
  for (const delta of deltas) {
    const guest = await seatGuest(hall, clock, { delta });
    guests.push(guest);
    made.push(guest);
  }
  return made;
}

describe('a run in one process', () => {
  it('publishes its rounds with the exact sum of what was sealed, and chained transcripts that verify', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    const made = await fill(hall, clock, [0.1, 0.2, 0.3, 0.4]);
    const run = await hall.runs.create({ task: TASK, rounds: 2, cohort: { least: 4 }, lanes: 2 });
    if (isRejection(run)) throw new Error(run.message);
    const summary = await until('the run is finished', () => {
      const now = hall.runs.get(run.run);
      return now?.state === 'finished' && now;
    });
    expect(summary.rounds.map(({ kind }) => kind)).toEqual(['published', 'published']);
    expect(hall.errors).toEqual([]);
    for (const { planHash, levels, contributors } of hall.opened) {
      expect(contributors).toHaveLength(4);
      const expected = Float64Array.from({ length: PARAMETERS }, (_, i) =>
        made.reduce((sum, guest) => sum + guest.sealed.get(planHash)![i]!, 0),
      );
      expect(levels).toEqual(expected);
    }
    const [first, second] = summary.rounds;
    if (first?.kind !== 'published' || second?.kind !== 'published') throw new Error('unpublished');
    // Every device learned the same in both rounds, so the mean of the deltas is added twice.
    expect(first.testAccuracy).toBeCloseTo(0.25, 2);
    expect(second.testAccuracy).toBeCloseTo(0.5, 2);
    expect([first.trainAccuracy, first.trainLoss]).toEqual([0.5, 0.2]);
    expect(first.uploadBytes).toBeGreaterThan(4 * 8248);
    const transcript = (await hall.store.transcript(second.transcript))!;
    expect(roundPlanOf(transcript.body).previous).toBe(first.transcript);
    const sum = await hall.blobs.read(`uploads/${hall.opened[1]!.planHash}/sum`);
    const previous = (await hall.store.transcript(first.transcript))!.body;
    expect((await verifyTranscript(transcript, { sums: [sum!], previous })).problems).toEqual([]);
    // Only the latest round's ciphertexts are still there.
    expect(await hall.blobs.read(`uploads/${hall.opened[0]!.planHash}/sum`)).toBeUndefined();
  });

  it('shows the run before it as long as it has published nothing itself, for whoever wants to use a model', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    await fill(hall, clock, [0.1, 0.2, 0.3]);
    const first = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 3 } });
    if (isRejection(first)) throw new Error(first.message);
    expect(hall.runs.earlier(TASK)).toBeNull();
    await until('the run is finished', () => hall.runs.get(first.run)?.state === 'finished');
    expect(hall.runs.earlier(TASK)).toBeNull();
    const second = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 4 } });
    if (isRejection(second)) throw new Error(second.message);
    expect(hall.runs.latest(TASK)!.run).toBe(second.run);
    expect(hall.runs.earlier(TASK)?.run).toBe(first.run);
  });

  it('pauses with a note on what to do after five rounds in a row without a result, each tried later than the one before', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    const made = await fill(hall, clock, [0.1, 0.2, 0.3]);
    // They answer nothing any more, but stay connected.
    for (const { wire } of made) wire.request = async () => new Promise(() => {});
    const run = await hall.runs.create({ task: TASK, rounds: 1 });
    if (isRejection(run)) throw new Error(run.message);
    const summoning = (round: number) =>
      until(`round ${round} waits for keys`, () => {
        const live = hall.runs.get(run.run)!.rounds.length === round - 1;
        return live && hall.runs.status(TASK)!.phase === 'summoning';
      });
    const pauses: number[] = [];
    for (let round = 1; round <= 5; round++) {
      await summoning(round);
      clock.advance(15_000);
      if (round === 5) break;
      const next = await until('it says when it tries again', () => hall.runs.status(TASK)!.nextRoundAt ?? false);
      pauses.push(next - clock.now());
      clock.advance(next - clock.now() - 1);
      expect(hall.runs.status(TASK)!.phase).toBe('waiting');
      clock.advance(1);
    }
    for (const [i, pause] of pauses.entries())
      expect(pause / 2 ** i).toSatisfy((ms: number) => ms >= 1000 && ms <= 2000);
    const paused = await until('the run has paused', () => {
      const now = hall.runs.get(run.run)!;
      return now.state === 'paused' && now;
    });
    expect(paused.rounds).toHaveLength(5);
    expect(paused.note).toMatch(/too few members.*resume the run/s);
    expect(hall.runs.status(TASK)).toMatchObject({ state: 'paused', nextRoundAt: null });
    await hall.runs.resume(run.run);
    await summoning(6);
    expect(hall.runs.get(run.run)).toMatchObject({ state: 'running', note: null });
  });

  it('goes on without a contributor that left, once it has had time to come back', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    const made = await fill(hall, clock, [0.1, 0.2, 0.3, 0.4, 0.5]);
    const [leaver] = made.slice(-1);
    // It gives its key, and dies before it uploads.
    const request = leaver!.wire.request;
    leaver!.wire.request = (name, payload, bytes) => {
      if (name === 'upload') {
        leaver!.wire.cut();
        return new Promise(() => {});
      }
      return request(name, payload, bytes);
    };
    const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 5 } });
    if (isRejection(run)) throw new Error(run.message);
    await until('four have uploaded', () => hall.runs.status(TASK)!.contributors === 4);
    await until('the fifth is seen to be gone', async () =>
      (await hall.store.events(run.run, 1)).some(({ type }) => type === 'left'),
    );
    clock.advance(11_000);
    await until('four answered the check', () => hall.runs.status(TASK)!.phase !== 'collecting');
    clock.advance(11_000);
    const summary = await until('the round is over', () => {
      const now = hall.runs.get(run.run)!;
      return now.rounds.length === 1 && now;
    });
    expect(summary.rounds[0]).toMatchObject({ kind: 'published', contributors: 4 });
  });
});
