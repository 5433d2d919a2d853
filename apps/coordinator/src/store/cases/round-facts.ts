import type { RoundFacts } from '@sotto/protocol/admin/live';
import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { hex, NOW } from './samples.ts';

const facts: RoundFacts = {
  received: { summoning: 500, collecting: 123_456 },
  refused: { too_late: 2 },
  refusals: [{ at: NOW, device: hex('a'), kind: 'upload', rejected: 'too_late', message: 'The round is over.' }],
};

export const roundFactsCases: readonly Case<Store>[] = [
  {
    promise: 'gives the facts of a round back over a restart, the first that were kept, and none of another',
    async run(open) {
      const store = await open();
      await store.keepFacts('numbers-1', 3, facts);
      await store.keepFacts('numbers-1', 3, { received: {}, refused: {}, refusals: [] });
      await store.close();
      const again = await open();
      ensureEqual(await again.facts('numbers-1', 3), facts, 'kept');
      ensureEqual([...(await again.factsOf('numbers-1'))], [[3, facts]], 'of the run');
      ensureEqual(await again.facts('numbers-1', 4), undefined, 'another round');
      ensureEqual((await again.factsOf('numbers-2')).size, 0, 'another run');
      await again.close();
    },
  },
];
