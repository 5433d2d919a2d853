import { deviceIdOf } from '@sotto/protocol/ids';
import { isRejection, reject } from '@sotto/protocol/rejection';
import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import { partsOf } from '@sotto/protocol/transcript';
import { afterEach, describe, expect, it } from 'vitest';
import { uploadFolder } from '../src/aggregation/upload-layout.ts';
import type { RunRequest } from '../src/rounds/run-request.ts';
import type { Store } from '../src/store/store.ts';
import { createGuest, type Guest, type Hall, openHall, seatGuest, TASK, until } from './hall.ts';
import { createMockClock, type MockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

async function enter(hall: Hall, clock: MockClock, count: number): Promise<Guest[]> {
  const made: Guest[] = [];
  for (let i = 0; i < count; i++) {
    const guest = await seatGuest(hall, clock, { delta: 0.1 * (guests.length + 1) });
    guests.push(guest);
    made.push(guest);
  }
  return made;
}

async function open(options: Partial<Parameters<typeof openHall>[0]> & { clock: MockClock }): Promise<Hall> {
  const hall = await openHall(options);
  halls.push(hall);
  return hall;
}

async function begin(hall: Hall, request: Partial<RunRequest> = {}): Promise<string> {
  const run = await hall.runs.create({ task: TASK, rounds: 1, ...request });
  if (isRejection(run)) throw new Error(run.message);
  return run.run;
}

/** The process is gone, and another one comes up over its folder. */
async function restart(hall: Hall, clock: MockClock, downtimeMs = 0): Promise<Hall> {
  for (const { wire } of guests) wire.cut();
  halls.splice(halls.indexOf(hall), 1);
  await hall.crash();
  clock.advance(downtimeMs);
  return open({ clock, folder: hall.folder });
}

const ended = (hall: Hall, run: string, count: number): Promise<RunSummary> =>
  until(`round ${count} is over`, () => {
    const summary = hall.runs.get(run)!;
    return summary.rounds.length >= count && summary;
  });
const collecting = (hall: Hall, contributors: number) =>
  until(`${contributors} updates are in`, () => {
    const { phase, contributors: count } = hall.runs.status(TASK)!;
    return phase === 'collecting' && count === contributors;
  });
const deviceOf = ({ participant }: Guest) => deviceIdOf(participant.key);

/** Holds back a guest's requests of this name until it is let go. */
function hold({ wire }: Guest, held: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { request } = wire;
  wire.request = async (name, payload, bytes) => {
    if (name === held) await promise;
    return request(name, payload, bytes);
  };
  return resolve;
}

describe('what bit others', () => {
  it('a departed contributor still counted: an update that is whole counts, and nobody waits for a device that left without one', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 7);
    const [mute, gone] = made as [Guest, Guest];
    hold(mute, 'upload');
    const run = await begin(hall, { overSelection: 1, cohort: { least: 7 } });
    await collecting(hall, 6);
    for (const { wire } of [mute, gone]) wire.cut();
    await until('both are seen to be gone', async () => {
      const events = await hall.store.events(run, 1);
      return events.filter(({ type }) => type === 'left').length === 2;
    });
    expect(hall.runs.status(TASK)).toMatchObject({ present: 5, phase: 'collecting', cohort: 7, contributors: 6 });
    clock.advance(10_000);
    // The committee waits as long for the two, who were of its seven.
    await until('it is frozen', () => hall.runs.status(TASK)!.phase === 'checking');
    clock.advance(10_000);
    const { rounds } = await ended(hall, run, 1);
    expect(rounds[0]).toMatchObject({ kind: 'published', contributors: 6 });
    expect(hall.opened[0]!.contributors).toContain(deviceOf(gone));
    expect(hall.opened[0]!.contributors).not.toContain(deviceOf(mute));
  });

  it('joining in mid-round: a newcomer is asked in the next round, and counted in that one', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 4);
    const letGo = hold(made[0]!, 'upload');
    const run = await begin(hall, { rounds: 2, overSelection: 1, cohort: { least: 4 } });
    await collecting(hall, 3);
    const [late] = await enter(hall, clock, 1);
    await until('it is present', () => hall.runs.status(TASK)!.present === 5);
    expect(hall.runs.status(TASK)).toMatchObject({ cohort: 4, contributors: 3 });
    expect(hall.runs.duties(TASK, deviceOf(late!))).toEqual([]);
    letGo();
    const { rounds } = await ended(hall, run, 2);
    expect(rounds).toMatchObject([{ contributors: 4 }, { contributors: 5 }]);
    expect(late!.sealed.size).toBe(1);
  });

  it('one slow device holding the round: the others do not wait for it, it is told, and it is asked again', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 4);
    const letGo = hold(made[0]!, 'upload');
    const run = await begin(hall, { rounds: 2, cohort: { least: 4 } });
    await collecting(hall, 3);
    // A twentieth of the fifteen minutes there are, as the others needed no time at all.
    clock.advance(45_000 - 1);
    expect(hall.runs.status(TASK)!.phase).toBe('collecting');
    clock.advance(1);
    expect((await ended(hall, run, 1)).rounds[0]).toMatchObject({ kind: 'published', contributors: 3 });
    letGo();
    expect((await ended(hall, run, 2)).rounds[1]).toMatchObject({ kind: 'published', contributors: 4 });
  });

  it('a stale device that never recovers: silent for three rounds it is waited for no more, and counts again once it speaks', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 5);
    const run = await begin(hall, { rounds: 5, overSelection: 1, cohort: { least: 5 } });
    const letGo = hold(made[4]!, 'upload');
    for (let round = 1; round <= 3; round++) {
      await collecting(hall, 4);
      expect((await hall.store.rounds(run)).at(-1)!.parts[0]!.setup.unreliable).toEqual([]);
      clock.advance(15 * 60_000);
      await ended(hall, run, round);
    }
    await collecting(hall, 4);
    expect((await hall.store.rounds(run)).at(-1)!.parts[0]!.setup.unreliable).toEqual([deviceOf(made[4]!)]);
    // Not a quarter of an hour any more.
    clock.advance(45_000);
    await ended(hall, run, 4);
    letGo();
    expect((await ended(hall, run, 5)).rounds).toMatchObject([4, 4, 4, 4, 5].map((contributors) => ({ contributors })));
    expect(await hall.store.silentDevices(TASK, 1)).toEqual(new Set());
  });

  it('wrong participant counts: more are asked than wanted, the wanted count, and the one too many is thanked', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 5);
    const letGo = hold(made[2]!, 'upload');
    const run = await begin(hall, { cohort: { least: 3, most: 3 } });
    const summary = await ended(hall, run, 1);
    expect(summary.rounds[0]).toMatchObject({ kind: 'published', contributors: 3 });
    const { setup } = (await hall.store.rounds(run))[0]!.parts[0]!;
    expect(setup).toMatchObject({ nMax: 3, quorum: 3 });
    expect(setup.cohort).toHaveLength(4);
    expect(hall.opened[0]!.contributors).toHaveLength(3);
    const asked = made.filter((guest) => setup.cohort.includes(deviceOf(guest)));
    const unneeded = asked.filter((guest) => !hall.opened[0]!.contributors.includes(deviceOf(guest)));
    expect(unneeded).toHaveLength(1);
    letGo();
    for (const { participant } of made) expect(participant.state().problem).toBeNull();
    // Nobody is thought silent who was only one too many.
    expect(await hall.store.silentDevices(TASK, 1)).toEqual(new Set());
  });
});

describe('taking an update back', () => {
  it('works until the freeze: it is deleted, not counted, and the device is asked again in the next round', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 5);
    const [first, second, third] = made as [Guest, Guest, Guest];
    const letGo = hold(third, 'upload');
    const run = await begin(hall, { rounds: 2, overSelection: 1, cohort: { least: 5 } });
    await collecting(hall, 4);
    const { hash } = first.participant.state().plan!;
    await until('it knows that its update counts', () => first.participant.state().phase === 'sent');
    expect((await hall.blobs.list(uploadFolder(hash))).length).toBe(4);
    expect(await first.participant.withdraw()).toBeUndefined();
    expect(first.participant.state()).toMatchObject({ phase: 'idle', satOut: 'withdrawn', problem: null });
    expect(first.participant.state().ledger.at(-1)).toMatchObject({ name: 'withdraw' });
    expect(hall.runs.status(TASK)).toMatchObject({ phase: 'collecting', contributors: 3 });
    expect((await hall.blobs.list(uploadFolder(hash))).length).toBe(3);
    expect(hall.runs.duties(TASK, deviceOf(first))).toEqual([]);
    expect(await first.participant.withdraw()).toMatchObject({ rejected: 'nothing_sent' });
    letGo();
    await until('the round is over', () => hall.runs.get(run)!.rounds.length >= 1);
    expect(hall.opened[0]!.contributors).not.toContain(deviceOf(first));
    const summary = await ended(hall, run, 2);
    expect(summary.rounds).toMatchObject([{ contributors: 4 }, { contributors: 5 }]);
    const transcript = (await hall.store.transcript((summary.rounds[0] as PublishedRound).transcript))!;
    expect(partsOf(transcript.body)[0].candidates.map(({ key }) => key)).not.toContain(first.participant.key);
    await until('the receipts are there', () => first.participant.state().receipts.length === 2);
    expect(first.participant.state().receipts).toMatchObject([
      { included: false, problems: [] },
      { included: true, problems: [] },
    ]);
    expect(second.participant.state().receipts[0]).toMatchObject({ included: true });
  });

  it('holds over a restart of the coordinator, and of the device, which sends nothing of it again', async () => {
    const clock = createMockClock();
    let hall = await open({ clock });
    const made = await enter(hall, clock, 5);
    const [first, slow] = made as [Guest, Guest];
    const letGo = hold(slow, 'upload');
    const run = await begin(hall, { overSelection: 1, cohort: { least: 5 } });
    await collecting(hall, 4);
    await until('it knows that its update counts', () => first.participant.state().phase === 'sent');
    await first.participant.withdraw();
    await first.participant.leave();
    hall = await restart(hall, clock);
    const again = await createGuest(clock, { vault: first.vault });
    guests.push(again);
    for (const { wire } of guests) wire.connect(hall);
    await again.participant.join();
    await until('all are back', () => hall.runs.status(TASK)!.present === 5);
    expect(hall.runs.status(TASK)).toMatchObject({ phase: 'collecting', contributors: 3 });
    letGo();
    const { rounds } = await ended(hall, run, 1);
    expect(rounds[0]).toMatchObject({ kind: 'published', contributors: 4 });
    expect(again.participant.state().ledger.filter(({ name }) => name === 'upload')).toHaveLength(1);
  });

  it('is possible where the line was lost with the word that the update counts', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 4);
    const [first, slow] = made as [Guest, Guest];
    hold(slow, 'upload');
    const request = first.wire.request;
    first.wire.request = async (name, payload, bytes) => {
      const answer = await request(name, payload, bytes);
      if (name !== 'commit') return answer;
      first.wire.request = request;
      first.wire.cut();
      return reject('disconnected', 'The line is dead.');
    };
    await begin(hall, { overSelection: 1, cohort: { least: 4 } });
    await collecting(hall, 3);
    await until('it gave up', () => first.participant.state().phase === 'idle');
    first.wire.connect(hall);
    await until('it knows that its update counts', () => first.participant.state().phase === 'sent');
    expect(hall.runs.status(TASK)).toMatchObject({ phase: 'collecting', contributors: 3 });
    expect(await first.participant.withdraw()).toBeUndefined();
    expect(hall.runs.status(TASK)).toMatchObject({ phase: 'collecting', contributors: 2 });
  });

  it('is possible from a tab that was closed after the upload and opened again', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 5);
    const [first, slow] = made as [Guest, Guest];
    const letGo = hold(slow, 'upload');
    const run = await begin(hall, { overSelection: 1, cohort: { least: 5 } });
    await collecting(hall, 4);
    await until('it knows that its update counts', () => first.participant.state().phase === 'sent');
    await first.participant.leave();
    const { length: before } = first.participant.state().ledger;
    const again = await createGuest(clock, { vault: first.vault });
    guests.push(again);
    again.wire.connect(hall);
    await again.participant.join();
    await until('it knows again', () => again.participant.state().phase === 'sent');
    // Nothing was sealed anew, and no part sent again.
    expect(again.sealed.size).toBe(0);
    const since = again.participant.state().ledger.slice(before);
    expect(since.map(({ name }) => name)).toEqual(['hello', 'upload', 'commit']);
    expect(hall.runs.status(TASK)).toMatchObject({ contributors: 4 });
    expect(await again.participant.withdraw()).toBeUndefined();
    expect(hall.runs.status(TASK)).toMatchObject({ contributors: 3 });
    letGo();
    expect((await ended(hall, run, 1)).rounds[0]).toMatchObject({ kind: 'published', contributors: 4 });
  });

  it('is refused after the freeze, with a word on why, and the update counts', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 3);
    const [first] = made as [Guest];
    const letGo = made.map((guest) => hold(guest, 'answer'));
    const run = await begin(hall);
    await until('it is frozen', () => hall.runs.status(TASK)!.phase === 'checking');
    expect(await first.participant.withdraw()).toMatchObject({
      rejected: 'too_late',
      message: expect.stringMatching(/fixed/),
    });
    for (const go of letGo) go();
    expect((await ended(hall, run, 1)).rounds[0]).toMatchObject({ kind: 'published', contributors: 3 });
  });
});

describe('a run', () => {
  it('that is paused finishes its round, begins no other, also after a restart, and goes on when it is resumed', async () => {
    const clock = createMockClock();
    let hall = await open({ clock });
    const made = await enter(hall, clock, 3);
    const letGo = hold(made[0]!, 'upload');
    const run = await begin(hall, { rounds: 3 });
    await collecting(hall, 2);
    expect(await hall.runs.pause(run)).toMatchObject({ state: 'paused', note: 'Paused by the admin.' });
    expect(await hall.runs.pause(run)).toMatchObject({ rejected: 'run_paused' });
    expect(await hall.runs.create({ task: TASK })).toMatchObject({ rejected: 'run_running' });
    expect(hall.runs.status(TASK)).toMatchObject({ state: 'paused', phase: 'collecting', contributors: 2 });
    letGo();
    await ended(hall, run, 1);
    await until('everybody hears it', () => made.every(({ participant }) => participant.state().outcomes.length === 1));
    clock.advance(3_600_000);
    expect(hall.runs.status(TASK)).toMatchObject({ state: 'paused', phase: 'waiting', round: 2 });
    hall = await restart(hall, clock);
    for (const { wire } of guests) wire.connect(hall);
    await until('all are back', () => hall.runs.status(TASK)!.present === 3);
    expect(hall.runs.get(run)).toMatchObject({ state: 'paused', rounds: [{ kind: 'published' }] });
    await hall.runs.resume(run);
    const { rounds } = await ended(hall, run, 3);
    expect(rounds.map(({ kind }) => kind)).toEqual(['published', 'published', 'published']);
    await until('it is finished', () => hall.runs.get(run)!.state === 'finished');
    expect(await hall.runs.resume(run)).toMatchObject({ rejected: 'run_over' });
  });

  it('that is paused at once gives its round up, counts that against nobody, and tries anew when it is resumed', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const made = await enter(hall, clock, 3);
    const letGo = hold(made[0]!, 'upload');
    const run = await begin(hall);
    await collecting(hall, 2);
    expect(await hall.runs.pause(run, true)).toMatchObject({ state: 'paused' });
    expect((await ended(hall, run, 1)).rounds).toMatchObject([{ kind: 'abandoned', reason: 'paused' }]);
    expect(await hall.store.silentDevices(TASK, 1)).toEqual(new Set());
    letGo();
    await hall.runs.resume(run);
    expect((await ended(hall, run, 2)).rounds[1]).toMatchObject({ kind: 'published', round: 2, contributors: 3 });
  });

  for (const keep of [0, 1, 2])
    it(`keeps the ciphertexts of ${keep} published rounds, over restarts, and of an abandoned round none`, async () => {
      const clock = createMockClock();
      let hall = await open({ clock });
      await enter(hall, clock, 3);
      const run = await begin(hall, { rounds: 4, keepCiphertexts: keep });
      await ended(hall, run, 3);
      await until('it is finished', () => hall.runs.get(run)?.state === 'finished');
      const plans = (await hall.store.rounds(run)).map(({ parts }) => parts[0]!.planHash!);
      const kept = async () => {
        const counts = await Promise.all(plans.map(async (plan) => (await hall.blobs.list(uploadFolder(plan))).length));
        return counts.flatMap((count, i) => (count > 0 ? [[i + 1, count]] : []));
      };
      // Three ciphertexts and their sum.
      const expected = [1, 2, 3, 4].slice(4 - keep).map((round) => [round, 4]);
      await until('the rest is gone', async () => JSON.stringify(await kept()) === JSON.stringify(expected));
      for (const { kind, ...round } of hall.runs.get(run)!.rounds)
        if ('transcript' in round) expect(await hall.store.transcript(round.transcript), kind).toBeDefined();
      hall = await restart(hall, clock);
      expect(await kept()).toEqual(expected);
    });

  it('abandons a round whose plan would outlive its members’ keys, as after a restart while it was planned, and tries anew', async () => {
    const clock = createMockClock();
    const { promise: planning, resolve } = Promise.withResolvers<void>();
    const neverPlanned = (store: Store): Store => ({
      ...store,
      append(entry) {
        if (entry.event.type !== 'planned') return store.append(entry);
        resolve();
        return new Promise(() => {});
      },
    });
    let hall = await open({ clock, wrap: neverPlanned });
    await enter(hall, clock, 3);
    const run = await begin(hall);
    await planning;
    hall = await restart(hall, clock, 80_000);
    for (const { wire } of guests) wire.connect(hall);
    expect((await ended(hall, run, 1)).rounds[0]).toMatchObject({ kind: 'abandoned', reason: 'planned_too_late' });
    const next = await until('it says when it tries again', () => hall.runs.status(TASK)!.nextRoundAt ?? false);
    await until('all are back', () => hall.runs.status(TASK)!.present === 3);
    clock.advance(next - clock.now());
    expect((await ended(hall, run, 2)).rounds[1]).toMatchObject({ kind: 'published', contributors: 3 });
    for (const { participant } of guests) expect(participant.state().problem).toBeNull();
  });

  it('seats those that were here longest, whoever comes back first after a restart', async () => {
    const clock = createMockClock();
    let hall = await open({ clock });
    const veterans = await enter(hall, clock, 4);
    clock.advance(600_000);
    await hall.desk.farewell();
    hall = await restart(hall, clock);
    const newcomers = await enter(hall, clock, 3);
    clock.advance(1000);
    for (const { wire } of veterans.toReversed()) wire.connect(hall);
    await until('all are here', () => hall.sessions.present(TASK).length === 7);
    const order = hall.sessions.present(TASK).map(({ device }) => device);
    expect(new Set(order.slice(0, 4))).toEqual(new Set(veterans.map(deviceOf)));
    expect(order.slice(4)).toEqual(newcomers.map(deviceOf));
  });
});

describe('a receipt', () => {
  it('that could not be fetched while the line was down is fetched when it is up again', async () => {
    const clock = createMockClock();
    const hall = await open({ clock });
    const [first, ...others] = (await enter(hall, clock, 3)) as [Guest, ...Guest[]];
    const { fetch } = first.wire;
    first.wire.fetch = async (path) =>
      path.startsWith('/api/transcripts/') ? { rejected: 'disconnected', message: 'The line is dead.' } : fetch(path);
    const run = await begin(hall);
    await ended(hall, run, 1);
    await until('the others have theirs', () =>
      others.every(({ participant }) => participant.state().receipts.length === 1),
    );
    expect(first.participant.state().receipts).toEqual([]);
    first.wire.fetch = fetch;
    first.wire.cut();
    first.wire.connect(hall);
    await until('the receipt is there', () => first.participant.state().receipts.length === 1);
    expect(first.participant.state().receipts[0]).toMatchObject({ included: true, problems: [] });
  });
});
