import { type Case, ensure, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { fails, hex, left, NOW, outcome, run, setup, whole } from './samples.ts';

const at = { run: run.run, round: 1, group: 0 };

export const roundLogCases: readonly Case<Store>[] = [
  {
    promise: 'gives runs, rounds and events back in their order after it is opened again',
    async run(open) {
      const first = await open();
      await first.addRun(run);
      await first.addRound(run.run, run.task, 1, whole);
      for (let seq = 0; seq < 12; seq++) await first.append({ ...at, seq, event: left(hex('a'), NOW + seq) });
      await first.append({ ...at, seq: 12, event: left(hex('b'), NOW) });
      await first.conclude({ run: run.run, round: 1, outcome, entries: [], contributors: [] });
      await first.setRunState(run.run, 'stopped', 'enough');
      await first.close();
      const again = await open();
      ensureEqual(await again.runs(), [{ ...run, state: 'stopped', note: 'enough' }], 'runs');
      ensureEqual(
        await again.rounds(run.run),
        [{ run: run.run, round: 1, parts: [{ group: 0, setup, planHash: null }], outcome }],
        'rounds',
      );
      const events = await again.events(run.run, 1);
      ensureEqual(
        events.map(({ at }) => at - NOW),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0],
        'events',
      );
      ensureEqual(await again.events(run.run, 2), [], 'events of no round');
      await again.close();
    },
  },
  {
    promise: 'takes an event and what goes with it together or not at all, and each place in a round once',
    async run(open) {
      const store = await open();
      await store.addRun(run);
      await store.addRound(run.run, run.task, 1, whole);
      await store.append({ ...at, seq: 0, event: left(hex('a'), NOW) });
      ensure(await fails(store.append({ ...at, seq: 0, event: left(hex('b'), NOW) })), 'an event was overwritten');
      ensureEqual(await store.events(run.run, 1), [left(hex('a'), NOW)], 'the first event');
      ensure(await fails(store.addRound(run.run, run.task, 1, whole)), 'a round was begun twice');
      ensure(
        await fails(store.append({ ...at, round: 9, seq: 0, event: left(hex('a'), NOW) })),
        'an event of no round was taken',
      );
      ensure(
        await fails(store.append({ ...at, group: 1, seq: 0, event: left(hex('a'), NOW) })),
        'an event of no part was taken',
      );
      await store.close();
    },
  },
  {
    promise: 'keeps the groups of a round apart, each with its setup and events',
    async run(open) {
      const first = await open();
      await first.addRun(run);
      const other = { ...setup, cohort: [hex('c')] };
      await first.addRound(run.run, run.task, 1, [
        { group: 1, setup },
        { group: 2, setup: other },
      ]);
      await first.append({ ...at, group: 1, seq: 0, event: left(hex('a'), NOW) });
      await first.append({ ...at, group: 2, seq: 0, event: left(hex('c'), NOW) });
      await first.close();
      const again = await open();
      const parts = [
        { group: 1, setup, planHash: null },
        { group: 2, setup: other, planHash: null },
      ];
      ensureEqual(await again.rounds(run.run), [{ run: run.run, round: 1, parts, outcome: null }], 'rounds');
      ensureEqual(await again.events(run.run, 1, 1), [left(hex('a'), NOW)], 'events of the first group');
      ensureEqual(await again.events(run.run, 1, 2), [left(hex('c'), NOW)], 'events of the second group');
      ensureEqual(await again.events(run.run, 1), [], 'events of the whole');
      await again.close();
    },
  },
  {
    promise: 'concludes a round in all its parts together or not at all, and once',
    async run(open) {
      const store = await open();
      await store.addRun(run);
      await store.addRound(run.run, run.task, 1, [
        { group: 1, setup },
        { group: 2, setup },
      ]);
      await store.append({ ...at, group: 2, seq: 0, event: left(hex('a'), NOW) });
      const ended = (group: number, seq: number) => ({
        group,
        seq,
        event: { type: 'failed', at: NOW, reason: 'made_worse' } as const,
      });
      const conclusion = { run: run.run, round: 1, outcome, contributors: [] };
      ensure(
        await fails(store.conclude({ ...conclusion, entries: [ended(1, 0), ended(2, 0)] })),
        'an event was overwritten',
      );
      ensureEqual((await store.rounds(run.run))[0]?.outcome, null, 'the outcome of a refused conclusion');
      ensureEqual(await store.events(run.run, 1, 1), [], 'events of a refused conclusion');
      const entries = [ended(1, 0), ended(2, 1)];
      ensureEqual(await store.conclude({ ...conclusion, entries }), outcome, 'the outcome');
      const later = { ...outcome, reason: 'paused', endedAt: NOW + 9 };
      const again = await store.conclude({ ...conclusion, outcome: later, entries: [ended(1, 1)] });
      ensureEqual(again, outcome, 'the outcome of another conclusion');
      ensureEqual((await store.events(run.run, 1, 1)).length, 1, 'events of the first group');
      ensureEqual((await store.events(run.run, 1, 2)).length, 2, 'events of the second group');
      ensureEqual((await store.rounds(run.run))[0]?.outcome, outcome, 'the stored outcome');
      await store.close();
    },
  },
];
