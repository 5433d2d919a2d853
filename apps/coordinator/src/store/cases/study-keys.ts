import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { hex, NOW } from './samples.ts';

export const studyKeyCases: readonly Case<Store>[] = [
  {
    promise: 'knows every study key there was, and the times there was none, the newest first',
    async run(open) {
      const first = await open();
      ensureEqual(await first.studyKeys(), [], 'none yet');
      await first.setStudyKey(hex('a'), NOW);
      await first.setStudyKey(null, NOW + 1);
      // A clock that was put back changes nothing about which came last.
      await first.setStudyKey(hex('b'), NOW - 1);
      await first.close();
      const again = await open();
      ensureEqual(
        await again.studyKeys(),
        [
          { key: hex('b'), since: NOW - 1 },
          { key: null, since: NOW + 1 },
          { key: hex('a'), since: NOW },
        ],
        'after opening again',
      );
      await again.close();
    },
  },
];
