import { type Case, ensureEqual } from '../../conformance.ts';
import type { RunRecord } from '../run-records.ts';
import type { Store } from '../store.ts';
import { hex, NOW, run } from './samples.ts';

export const runRecordCases: readonly Case<Store>[] = [
  {
    promise: 'gives runs back as they were added, oldest first, and over a restart',
    async run(open) {
      const store = await open();
      const later: RunRecord = {
        ...run,
        run: 'numbers-0',
        startedAt: NOW + 1,
        initial: { ...run.initial, model: hex('9') },
      };
      await store.addRun(later);
      await store.addRun(run);
      ensureEqual(await store.runs(), [run, later], 'added');
      await store.close();
      const again = await open();
      ensureEqual(await again.runs(), [run, later], 'after a restart');
      await again.close();
    },
  },
  {
    promise: 'keeps the state of a run and why, and changes no other run',
    async run(open) {
      const store = await open();
      const other = { ...run, run: 'numbers-2' };
      await store.addRun(run);
      await store.addRun(other);
      await store.setRunState(run.run, 'paused', 'Paused by the admin.');
      ensureEqual(await store.runs(), [{ ...run, state: 'paused', note: 'Paused by the admin.' }, other], 'paused');
      await store.setRunState(run.run, 'running', null);
      ensureEqual(await store.runs(), [run, other], 'resumed');
      await store.close();
    },
  },
];
