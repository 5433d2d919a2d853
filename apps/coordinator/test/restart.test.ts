import type { RoundEvent } from '@sotto/fl-core/round/round';
import { deviceIdOf } from '@sotto/protocol/ids';
import { isRejection } from '@sotto/protocol/rejection';
import { partsOf } from '@sotto/protocol/transcript';
import { describe, expect, it } from 'vitest';
import type { Store } from '../src/store/store.ts';
import { createGuest, type Guest, type Hall, newFolder, openHall, PARAMETERS, TASK, until } from './hall.ts';
import { createMockClock, type MockClock } from './mock-clock.ts';

type Failing = 'before' | 'after';

/** Loses power around its n-th stored event: just before it is written, or just after but before anybody is told. */
function failing(nth: number, when: Failing, onFailure: () => void): (store: Store) => Store {
  let appended = 0;
  const around = async <T>(write: () => Promise<T>): Promise<T> => {
    appended += 1;
    if (appended > nth) return new Promise(() => {});
    if (appended < nth) return write();
    if (when === 'after') await write();
    onFailure();
    return new Promise(() => {});
  };
  return (store) => ({
    ...store,
    append: (entry) => around(() => store.append(entry)),
    conclude: (conclusion) => around(() => store.conclude(conclusion)),
  });
}

async function gather(clock: MockClock): Promise<Guest[]> {
  return Promise.all([0.1, 0.2, 0.3].map((delta) => createGuest(clock, { delta })));
}

/** Plays one round of three devices and kills the coordinator once. */
async function playWithFailure(nth: number, when: Failing) {
  const clock = createMockClock();
  const folder = newFolder();
  const guests = await gather(clock);
  const { promise: failed, resolve: onFailure } = Promise.withResolvers<void>();
  let hall: Hall = await openHall({ clock, folder, wrap: failing(nth, when, onFailure) });
  for (const { wire, participant } of guests) {
    wire.connect(hall);
    await participant.join();
  }
  await until('all are in', () => hall.sessions.present(TASK).length === 3);
  const run = await hall.runs.create({ task: TASK, rounds: 1, lanes: 2 });
  if (isRejection(run)) throw new Error(run.message);
  const finished = () => hall.runs.get(run.run)?.state === 'finished';
  const fell = await Promise.race([failed.then(() => true), until('the run is finished', finished).then(() => false)]);
  if (fell) {
    for (const { wire } of guests) wire.cut();
    await hall.crash();
    hall = await openHall({ clock, folder });
    for (const { wire } of guests) wire.connect(hall);
    await until('the run is finished after the restart', finished);
  }
  const summary = hall.runs.get(run.run)!;
  const [outcome] = summary.rounds;
  const transcript = outcome?.kind === 'published' ? await hall.store.transcript(outcome.transcript) : undefined;
  const opened = hall.opened.at(-1);
  await Promise.all(guests.map(({ participant }) => participant.leave()));
  await hall.crash();
  return { fell, summary, outcome, transcript, opened, guests };
}

describe('a coordinator that is killed', () => {
  for (const when of ['before', 'after'] as const)
    it(`${when} any one stored event finishes the round after a restart, with every update counted once`, async () => {
      let kills = 0;
      for (let nth = 1; ; nth++) {
        const { fell, outcome, transcript, opened, guests, summary } = await playWithFailure(nth, when);
        expect(summary.rounds, `killed ${when} event ${nth}`).toHaveLength(1);
        expect(outcome).toMatchObject({ kind: 'published', round: 1, contributors: 3 });
        const [{ contributors, candidates }] = partsOf(transcript!.body);
        expect(contributors).toEqual(candidates.map(({ key }) => deviceIdOf(key)));
        // The mean of the three deltas: an update lost or added twice would show.
        expect(outcome?.kind === 'published' && outcome.testAccuracy).toBeCloseTo(0.2, 2);
        if (opened) {
          const expected = Float64Array.from({ length: PARAMETERS }, (_, i) =>
            guests.reduce((sum, guest) => sum + guest.sealed.get(opened.planHash)![i]!, 0),
          );
          expect(opened.levels).toEqual(expected);
        }
        if (!fell) break;
        kills += 1;
      }
      // Three keys, the plan, three updates, three answers, the verdict, votes, sum, openings, the model, the end.
      expect(kills).toBeGreaterThanOrEqual(18);
    });

  it('finishes a round that a coordinator of old had opened, which kept a model and no mean', async () => {
    const clock = createMockClock();
    const folder = newFolder();
    const guests = await gather(clock);
    const { promise: failed, resolve: onFailure } = Promise.withResolvers<void>();
    const stuck = (store: Store): Store => ({
      ...store,
      async conclude() {
        onFailure();
        return new Promise(() => {});
      },
    });
    let hall = await openHall({ clock, folder, wrap: stuck });
    for (const { wire, participant } of guests) {
      wire.connect(hall);
      await participant.join();
    }
    await until('all are in', () => hall.sessions.present(TASK).length === 3);
    const run = await hall.runs.create({ task: TASK, rounds: 1 });
    if (isRejection(run)) throw new Error(run.message);
    await failed;
    for (const { wire } of guests) wire.cut();
    const events = await hall.store.events(run.run, 1);
    const seq = events.findIndex(({ type }) => type === 'opened');
    const { mean: _, ...opened } = events[seq] as Extract<RoundEvent, { type: 'opened' }>;
    const old = JSON.stringify({ ...opened, model: '0'.repeat(64) });
    await hall.db.updateTable('part_events').set({ event: old }).where('seq', '=', seq).execute();
    await hall.crash();
    hall = await openHall({ clock, folder });
    await until('the run is finished', () => hall.runs.get(run.run)!.state === 'finished');
    expect(hall.runs.get(run.run)!.rounds).toMatchObject([{ kind: 'published', contributors: 3 }]);
    expect(hall.errors).toEqual([]);
    await hall.crash();
  });

  it('freezes at the deadline that passed while it was down', async () => {
    const clock = createMockClock();
    const folder = newFolder();
    const guests = await Promise.all([0.1, 0.2, 0.3, 0.4].map((delta) => createGuest(clock, { delta })));
    let hall = await openHall({ clock, folder });
    const [silent] = guests;
    const request = silent!.wire.request;
    silent!.wire.request = (name, payload, bytes) =>
      name === 'upload' ? new Promise(() => {}) : request(name, payload, bytes);
    for (const { wire, participant } of guests) {
      wire.connect(hall);
      await participant.join();
    }
    await until('all are in', () => hall.sessions.present(TASK).length === 4);
    const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: 4 }, lanes: 2 });
    if (isRejection(run)) throw new Error(run.message);
    await until('three have uploaded', () => hall.runs.status(TASK)!.contributors === 3);
    for (const { wire } of guests) wire.cut();
    await hall.crash();
    clock.advance(16 * 60_000);
    hall = await openHall({ clock, folder });
    // The wake that resuming asked for.
    clock.advance(1);
    for (const { wire } of guests) wire.connect(hall);
    await until('the run is finished', () => hall.runs.get(run.run)?.state === 'finished');
    expect(hall.runs.get(run.run)!.rounds[0]).toMatchObject({ kind: 'published', contributors: 3 });
    await Promise.all(guests.map(({ participant }) => participant.leave()));
    await hall.crash();
  });
});
