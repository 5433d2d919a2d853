import { begin as startOf, step } from '@sotto/fl-core/round/coordinator';
import { verifyTranscript } from '@sotto/participant/transcript-check';
import { concat, fromHex } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import { isRejection, reject } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import { partsOf } from '@sotto/protocol/transcript';
import { afterEach, describe, expect, it } from 'vitest';
import { failedTestOf } from '../src/rounds/grouping.ts';
import type { RunRequest } from '../src/rounds/run-request.ts';
import { type Guest, type Hall, openHall, PARAMETERS, seatGuest, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

async function fill(hall: Hall, clock: ReturnType<typeof createMockClock>, deltas: readonly number[]) {
  halls.push(hall);
  const made: Guest[] = [];
  for (const delta of deltas) {
    const guest = await seatGuest(hall, clock, { delta });
    guests.push(guest);
    made.push(guest);
  }
  return made;
}

async function begin(hall: Hall, request: Omit<RunRequest, 'task'>): Promise<string> {
  const run = await hall.runs.create({ task: TASK, rounds: 1, seed: 3, lanes: 2, ...request });
  if (isRejection(run)) throw new Error(run.message);
  return run.run;
}

const over = (hall: Hall, run: string, rounds = 1): Promise<RunSummary> =>
  until(`${rounds} rounds are over`, () => {
    const now = hall.runs.get(run)!;
    return now.rounds.length >= rounds && now;
  });

const TWO = { count: 2, least: 2 };

/** A run in two groups of six devices, the last of which never uploads. */
async function beginWithSilent(hall: Hall, clock: ReturnType<typeof createMockClock>): Promise<string> {
  const made = await fill(hall, clock, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
  const { wire } = made[5]!;
  const { request } = wire;
  wire.request = (name, payload, bytes) => (name === 'upload' ? new Promise(() => {}) : request(name, payload, bytes));
  return begin(hall, { groups: TWO, cohort: { least: 6 } });
}

describe('a round in groups', () => {
  it('opens a sum for each, of the updates of its own devices and no others, under one committee that serves them all', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    const made = await fill(hall, clock, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    const run = await begin(hall, { groups: TWO, cohort: { least: 7 }, rounds: 2 });
    await until('the run is finished', () => hall.runs.get(run)!.state === 'finished');
    const summary = await over(hall, run, 2);
    expect(hall.errors).toEqual([]);
    expect(hall.opened).toHaveLength(4);
    for (const { planHash, levels, contributors, round, group } of hall.opened) {
      expect(contributors.length).toBeGreaterThanOrEqual(3);
      const others = hall.opened.filter((other) => other.round === round && other.group !== group);
      expect(others.flatMap((other) => other.contributors).some((device) => contributors.includes(device))).toBe(false);
      const sealed = made.flatMap((guest) => guest.sealed.get(planHash) ?? []);
      expect(sealed).toHaveLength(contributors.length);
      expect(levels).toEqual(
        Float64Array.from({ length: PARAMETERS }, (_, i) => sealed.reduce((sum, own) => sum + own[i]!, 0)),
      );
    }
    const [first, second] = summary.rounds;
    if (first?.kind !== 'published' || second?.kind !== 'published') throw new Error('unpublished');
    expect(first.contributors).toBe(7);
    expect(first.groups).toMatchObject([
      { group: 1, kept: true },
      { group: 2, kept: true },
    ]);
    // The groups weigh as much as they have examples: the mean is that of all seven.
    expect(first.testAccuracy).toBeCloseTo(0.4, 2);
    expect(second.testAccuracy).toBeCloseTo(0.8, 2);
    const transcript = (await hall.store.transcript(second.transcript))!;
    const plans = partsOf(transcript.body).map(({ plan }) => plan.plan);
    const committees = plans.map(({ committee }) => committee.members);
    expect(committees[0]!.map(({ key }) => key)).toEqual(committees[1]!.map(({ key }) => key));
    const oneTime = committees.flat().map((member) => member.oneTime.key);
    expect(new Set(oneTime).size).toBe(oneTime.length);
    expect(plans.every(({ previous }) => previous === first.transcript)).toBe(true);
    const sums = hall.opened
      .filter(({ round }) => round === second.round)
      .sort((a, b) => a.group - b.group)
      .map(async ({ planHash }) => (await hall.blobs.read(`uploads/${planHash}/sum`))!);
    const previous = (await hall.store.transcript(first.transcript))!.body;
    const model = (await hall.blobs.read(`models/${first.model}`))!;
    const report = await verifyTranscript(transcript, { sums: await Promise.all(sums), previous, model });
    expect(report.problems).toEqual([]);
    // Means are of no use any more, and neither are the sums of the first round.
    await until('the means are gone', async () => (await hall.blobs.list('means')).length === 0);
    expect((await hall.blobs.list('uploads')).filter((name) => name.endsWith('/sum'))).toHaveLength(2);
  });

  it('leaves out a group that makes the model worse, and takes the median of the others', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    // In the hall the first weight is the accuracy: whoever pulls it down does harm.
    await fill(hall, clock, [0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, -0.9]);
    const run = await begin(hall, {
      groups: { count: 3, least: 2 },
      robust: { rule: 'median', trim: 0.2, gate: true, tolerance: 0.05 },
      cohort: { least: 9 },
    });
    const { rounds } = await over(hall, run);
    const [round] = rounds;
    if (round?.kind !== 'published') throw new Error(`${JSON.stringify(round)}`);
    expect(round.groups!.filter(({ kept }) => kept)).toHaveLength(2);
    const [left] = round.groups!.filter(({ kept }) => !kept);
    expect(left).toMatchObject({ reason: 'gate', contributors: 3 });
    expect(left!.accuracy).toBeLessThan(-0.05);
    expect(round.testAccuracy).toBeCloseTo(0.2, 2);
    const { body } = (await hall.store.transcript(round.transcript))!;
    expect(body.version === 2 && body.parts.filter(({ kept }) => kept)).toHaveLength(2);
    expect(hall.errors).toEqual([]);
  });

  it('goes on without a group that came to nothing, as long as there are enough, and says why', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    const made = await fill(hall, clock, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
    // One gives its key, and dies before it uploads: its group of three is one short.
    const request = made[5]!.wire.request;
    made[5]!.wire.request = (name, payload, bytes) => {
      if (name !== 'upload') return request(name, payload, bytes);
      made[5]!.wire.cut();
      return new Promise(() => {});
    };
    const groups = { count: 2, least: 1 };
    const run = await begin(hall, { groups, cohort: { least: 6 } });
    await until('five have uploaded', () => hall.runs.status(TASK)!.contributors === 5);
    // While one group still takes updates, updates are what the round is about.
    expect(hall.runs.status(TASK)).toMatchObject({ phase: 'collecting', cohort: 6 });
    await until('the sixth is seen to be gone', () =>
      hall.runs.live().every(([, part]) => Object.keys(part.state().absent).length === 1),
    );
    // Long enough for it to come back; on the committee nobody waits for it any more.
    clock.advance(11_000);
    await until('the group that is complete is opened', () =>
      hall.runs.live().some(([, part]) => part.state().phase === 'opened'),
    );
    clock.advance(15 * 60_000);
    const { rounds } = await over(hall, run);
    const [round] = rounds;
    if (round?.kind !== 'published') throw new Error(`${JSON.stringify(round)}`);
    expect(round.contributors).toBe(3);
    expect(round.groups!.filter(({ kept }) => !kept)).toMatchObject([{ contributors: 0, reason: 'too_few_updates' }]);
    const devices = await hall.store.devices();
    expect(devices.filter(({ contributed }) => contributed === 1)).toHaveLength(3);
    expect(devices.every(({ asked }) => asked === 1)).toBe(true);
    await until('only what was counted is kept', async () => {
      const kept = new Set((await hall.blobs.list('uploads')).map((name) => name.split('/')[1]));
      return kept.size === 1;
    });
  });

  it('is abandoned with fewer groups than the run wants', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    const run = await beginWithSilent(hall, clock);
    await until('five have uploaded', () => hall.runs.status(TASK)!.contributors === 5);
    await until('the group that is complete is opened', () =>
      hall.runs.live().some(([, part]) => part.state().phase === 'opened'),
    );
    clock.advance(15 * 60_000);
    const { rounds } = await over(hall, run);
    expect(rounds[0]).toMatchObject({ kind: 'abandoned', reason: 'too_few_groups', opened: true });
    expect(rounds[0]!.groups!.map(({ kept }) => kept)).toEqual([false, false]);
    await until('nothing of it is kept', async () => (await hall.blobs.list('uploads')).length === 0);
  });

  it('puts devices together otherwise, by what failed, after a sum that did not open', async () => {
    const clock = createMockClock();
    let bad: string | undefined;
    const hall = await openHall({
      clock,
      wrapEngine: (engine) => ({
        ...engine,
        async open(request) {
          bad ??= request.planHash;
          return request.planHash === bad ? reject('key_refused', 'The openings do not fit.') : engine.open(request);
        },
      }),
    });
    await fill(hall, clock, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
    const run = await begin(hall, { groups: TWO });
    await until('one group is opened and the other fails to', () => {
      const phases = hall.runs.live().map(([, part]) => part.state());
      return (
        phases.some(({ phase }) => phase === 'opened') && phases.some((part) => 'failed' in part && part.failed > 0)
      );
    });
    clock.advance(60_000);
    expect((await over(hall, run)).rounds[0]!.groups!.map(({ reason }) => reason)).toContain('sum_not_openable');
    const next = await until('it says when it tries again', () => hall.runs.status(TASK)!.nextRoundAt ?? false);
    clock.advance(next - clock.now());
    const [first, second] = await until('the next round begins', async () => {
      const rounds = await hall.store.rounds(run);
      return rounds.length === 2 && rounds;
    });
    const { group, setup } = first!.parts.find(({ planHash }) => planHash === bad)!;
    const events = await hall.store.events(run, 1, group);
    const failed = failedTestOf([events.reduce((part, event) => step(part, event).round, startOf(setup).round)])!;
    const keyOf = (device: string) => sha256Hex(concat([fromHex(failed), fromHex(device)]));
    const cohort = second!.parts.flatMap((part) => part.setup.cohort);
    const order = cohort.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    expect(second!.parts.map((part) => [...part.setup.cohort].sort())).toEqual(
      [0, 1].map((i) => order.filter((_, at) => at % 2 === i).sort()),
    );
  });

  it('ends in all its groups when the run is stopped, those that are open too', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    const run = await beginWithSilent(hall, clock);
    await until('one group is opened', () => hall.runs.live().some(([, part]) => part.state().phase === 'opened'));
    await hall.runs.stop(run);
    const { rounds, state } = await over(hall, run);
    expect(state).toBe('stopped');
    expect(rounds[0]).toMatchObject({ kind: 'abandoned', reason: 'stopped', opened: true });
  });

  it('needs as many devices as its groups need at the least', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    halls.push(hall);
    const refused = await hall.runs.create({ task: TASK, groups: TWO, cohort: { least: 5 } });
    expect(refused).toMatchObject({
      rejected: 'bad_config',
      message: expect.stringContaining('needs 6: groups.count (2)'),
    });
    const alone = { rule: 'median', trim: 0.2, gate: true, tolerance: 0.05 } as const;
    expect(await hall.runs.create({ task: TASK, robust: alone })).toMatchObject({ rejected: 'bad_config' });
    const run = await hall.runs.create({ task: TASK, groups: TWO });
    expect(run).toMatchObject({ config: { cohort: { least: 6 } } });
  });
});

describe('a round that makes the model much worse', () => {
  async function worsen(guard: RunRequest['guard']) {
    const clock = createMockClock();
    const hall = await openHall({ clock, lossOf: (accuracy) => 2 - accuracy });
    await fill(hall, clock, [-0.5, -0.5, -0.5]);
    const run = await begin(hall, { rounds: 2, guard });
    await over(hall, run, 1);
    return { clock, hall, run };
  }

  it('is abandoned, if it is the first for its loss alone, and the next one starts from the same model', async () => {
    const { clock, hall, run } = await worsen({ mostDrop: 0.2, mostRise: 0.4 });
    const next = await until('it says when it tries again', () => hall.runs.status(TASK)!.nextRoundAt ?? false);
    clock.advance(next - clock.now());
    const { rounds, initial, best } = await over(hall, run, 2);
    const worse = { kind: 'abandoned', reason: 'made_worse', opened: true };
    expect(rounds).toMatchObject([worse, worse]);
    expect(best).toEqual({ round: 0, ...initial });
    for (const { parts } of await hall.store.rounds(run))
      expect((await hall.store.plan(parts[0]!.planHash!))!.plan.model).toBe(initial.model);
    expect(hall.errors).toEqual([]);
  });

  it('counts where the run lets it', async () => {
    const { hall, run } = await worsen({ mostDrop: 1, mostRise: 2 });
    await over(hall, run, 2);
    expect(hall.runs.get(run)!.rounds).toMatchObject([{ kind: 'published' }, { kind: 'published' }]);
  });
});
