import { cpSync, rmSync } from 'node:fs';
import type { RoundEvent } from '@sotto/fl-core/round/round';
import { runKeyText } from '@sotto/protocol/ids';
import { isRejection } from '@sotto/protocol/rejection';
import { describe, expect, it } from 'vitest';
import type { Store } from '../src/store/store.ts';
import { createGuest, type Guest, type Hall, newFolder, openHall, PARAMETERS, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const DURATIONS = { keysMs: 4_000, uploadMs: 8_000, checkMs: 6_000, voteMs: 6_000, openMs: 6_000, returnMs: 500 };

/** Everything that a device said for good, by what may be said once only. */
type Said = Map<string, Set<string>>;

/** A device whose words of consequence are written down. */
async function createWitnessed(clock: ReturnType<typeof createMockClock>, delta: number) {
  const guest = await createGuest(clock, { delta });
  const said: Said = new Map();
  const note = (what: string, value: string) => void said.set(what, (said.get(what) ?? new Set()).add(value));
  const { request } = guest.wire;
  guest.wire.request = ((name: string, payload: Record<string, never>, bytes?: Uint8Array) => {
    const { planHash, candidates, contributors, round, oneTime, record } = payload;
    if (name === 'one-time-key') note(`key for ${JSON.stringify(round)}`, JSON.stringify(oneTime));
    if (name === 'upload') note(`update for ${planHash}`, JSON.stringify(record));
    if (name === 'answer') note(`answer for ${planHash}`, `${candidates} ${Buffer.from(bytes!).toString('hex')}`);
    if (name === 'vote') note(`vote for ${planHash}`, contributors!);
    if (name === 'opening') note(`opening for ${planHash}`, `${contributors} ${Buffer.from(bytes!).toString('hex')}`);
    return request(name as never, payload as never, bytes);
  }) as Guest['wire']['request'];
  return { ...guest, said };
}

/** Stands still for ever once an event of this type in round 2 is stored. */
function stoppingAt(type: RoundEvent['type'], onStop: () => void): (store: Store) => Store {
  let stopped = false;
  return (store) => ({
    ...store,
    async append(entry) {
      if (stopped) return new Promise(() => {});
      await store.append(entry);
      if (entry.round !== 2 || entry.event.type !== type) return;
      stopped = true;
      onStop();
      return new Promise(() => {});
    },
  });
}

describe('a coordinator restored from an old backup', () => {
  for (const type of ['update', 'opening'] as const)
    it(`of the first ${type} of a round gets no second answer for a key, goes on in later rounds, and serves new runs`, async () => {
      const clock = createMockClock();
      const [folder, backup] = [newFolder(), newFolder()];
      const ticking = setInterval(() => clock.advance(40), 5);
      const guests = await Promise.all([0.1, 0.2, 0.3].map((delta) => createWitnessed(clock, delta)));
      const { promise: stopped, resolve: onStop } = Promise.withResolvers<void>();
      let hall: Hall = await openHall({ clock, folder, wrap: stoppingAt(type, onStop) });
      const reopen = async () => {
        for (const { wire } of guests) wire.cut();
        await hall.crash();
      };
      const finished = (run: string) =>
        until(`run ${run} has finished`, () => {
          const now = hall.runs.get(run);
          return now?.state === 'finished' && now;
        });
      try {
        for (const { wire, participant } of guests) {
          wire.connect(hall);
          await participant.join();
        }
        await until('all are in', () => hall.sessions.present(TASK).length === 3);
        const run = await hall.runs.create({ task: TASK, rounds: 4, durations: DURATIONS });
        if (isRejection(run)) throw new Error(run.message);
        await stopped;
        await reopen();
        cpSync(folder, backup, { recursive: true });
        // What happens after the backup was made, and is lost.
        hall = await openHall({ clock, folder });
        for (const { wire } of guests) wire.connect(hall);
        await until('two more rounds are over', () => hall.runs.get(run.run)!.rounds.length >= 3);
        await reopen();
        rmSync(folder, { recursive: true });
        cpSync(backup, folder, { recursive: true });

        hall = await openHall({ clock, folder });
        for (const { wire } of guests) wire.connect(hall);
        const { rounds } = await finished(run.run);
        expect(rounds.filter(({ kind }) => kind === 'published')).toHaveLength(4);
        const after = rounds.filter(({ round }) => round > 2);
        expect(after.find(({ kind }) => kind === 'published')!.round).toBeGreaterThan(3);

        const next = await hall.runs.create({ task: TASK, rounds: 1, durations: DURATIONS });
        if (isRejection(next)) throw new Error(next.message);
        const { rounds: later } = await finished(next.run);
        expect(later.at(-1)).toMatchObject({ kind: 'published', contributors: 3 });
        const { planHash, levels } = hall.opened.at(-1)!;
        expect(levels).toEqual(
          Float64Array.from({ length: PARAMETERS }, (_, i) =>
            guests.reduce((sum, { sealed }) => sum + sealed.get(planHash)![i]!, 0),
          ),
        );
        for (const { said } of guests) {
          for (const [what, values] of said) expect([...values], what).toHaveLength(1);
          expect([...said.keys()].filter((what) => what.startsWith('opening')).length).toBeGreaterThanOrEqual(5);
        }
        expect(hall.errors).toEqual([]);
      } finally {
        clearInterval(ticking);
        for (const { participant } of guests) await participant.leave();
        await hall.crash();
      }
    });

  /** A run that knows nothing of rounds that its devices remember. */
  async function openForgetful(remembered: number) {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    const guests = await Promise.all([0.1, 0.2, 0.3].map((delta) => createGuest(clock, { delta })));
    const run = await hall.runs.create({ task: TASK, rounds: 2, durations: DURATIONS });
    if (isRejection(run)) throw new Error(run.message);
    const key = runKeyText({ coordinator: hall.identity.publicKey, task: TASK, run: run.run });
    const value = { round: remembered, planHash: 'f'.repeat(64), sent: true };
    for (const { vault } of guests) await vault.write([{ table: 'contributions', key, value }]);
    const ticking = setInterval(() => clock.advance(40), 5);
    return {
      hall,
      guests,
      async finished() {
        const now = () => hall.runs.get(run.run)!;
        await until('the run is over or stands', () => now().state !== 'running');
        return now();
      },
      async close() {
        clearInterval(ticking);
        for (const { participant } of guests) await participant.leave();
        await hall.crash();
      },
    };
  }

  it('loses one round to what its devices remember, however many rounds the backup is old', async () => {
    const { hall, guests, finished, close } = await openForgetful(12);
    try {
      for (const { wire, participant } of guests) {
        wire.connect(hall);
        await participant.join();
      }
      const { state, rounds } = await finished();
      expect(state).toBe('finished');
      expect(rounds.map(({ kind, round }) => [kind, round])).toEqual([
        ['abandoned', 1],
        ['published', 13],
        ['published', 14],
      ]);
      // Devices that say at once that nothing will come are not waited for.
      expect(rounds[0]!.endedAt - rounds[0]!.startedAt).toBeLessThan(DURATIONS.uploadMs);
      expect(hall.errors).toEqual([]);
    } finally {
      await close();
    }
  });

  it('is not led far ahead by a device that claims to remember what cannot be', async () => {
    const { hall, guests, finished, close } = await openForgetful(0);
    try {
      hall.runs.remembered(TASK, { run: hall.runs.latest(TASK)!.run, round: 0xffff_ffff });
      hall.runs.remembered(TASK, { run: 'another-run', round: 12 });
      for (const { wire, participant } of guests) {
        wire.connect(hall);
        await participant.join();
      }
      const { state, rounds } = await finished();
      expect(state).toBe('finished');
      expect(rounds.map(({ round }) => round)).toEqual([1, 2]);
    } finally {
      await close();
    }
  });
});
