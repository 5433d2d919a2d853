import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';

export const keptValueCases: readonly Case<Store>[] = [
  {
    promise: 'keeps the first value under a name for ever',
    async run(open) {
      const first = await open();
      ensureEqual(await first.recall('coordinator'), undefined, 'none yet');
      ensureEqual(await first.remember('coordinator', 'one'), 'one', 'first');
      await first.close();
      const again = await open();
      ensureEqual(await again.remember('coordinator', 'two'), 'one', 'second');
      ensureEqual(await again.recall('coordinator'), 'one', 'recalled');
      await again.close();
    },
  },
];
