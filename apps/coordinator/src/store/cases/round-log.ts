import { type Case, ensure, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { fails, hex, left, NOW, outcome, run, setup } from './samples.ts';

export const roundLogCases: readonly Case<Store>[] = [
  {
    promise: 'gives runs, rounds and events back in their order after it is opened again',
    async run(open) {
      const first = await open();
      await first.addRun(run);
      await first.addRound(run.run, run.task, 1, setup);
      for (let seq = 0; seq < 12; seq++)
        await first.append({ run: run.run, round: 1, seq, event: left(hex('a'), NOW + seq) });
      await first.append({ run: run.run, round: 1, seq: 12, event: left(hex('b'), NOW), outcome });
      await first.setRunState(run.run, 'stopped', 'enough');
      await first.close();
      const again = await open();
      ensureEqual(await again.runs(), [{ ...run, state: 'stopped', note: 'enough' }], 'runs');
      ensureEqual(await again.rounds(run.run), [{ run: run.run, round: 1, setup, planHash: null, outcome }], 'rounds');
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
      await store.addRound(run.run, run.task, 1, setup);
      await store.append({ run: run.run, round: 1, seq: 0, event: left(hex('a'), NOW) });
      ensure(
        await fails(store.append({ run: run.run, round: 1, seq: 0, event: left(hex('b'), NOW), outcome })),
        'an event was overwritten',
      );
      ensureEqual((await store.rounds(run.run))[0]?.outcome, null, 'the outcome of a refused event');
      ensureEqual(await store.events(run.run, 1), [left(hex('a'), NOW)], 'the first event');
      ensure(await fails(store.addRound(run.run, run.task, 1, setup)), 'a round was begun twice');
      ensure(
        await fails(store.append({ run: run.run, round: 9, seq: 0, event: left(hex('a'), NOW) })),
        'an event of no round was taken',
      );
      await store.close();
    },
  },
];
