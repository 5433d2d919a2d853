import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { NOW } from './samples.ts';

export const taskRecordCases: readonly Case<Store>[] = [
  {
    promise: 'knows the parameters of a model for its very topology only',
    async run(open) {
      const store = await open();
      await store.saveTask('numbers', '{"a":1}', 10, NOW);
      ensureEqual(await store.parametersOf('numbers', '{"a":1}'), 10, 'same');
      ensureEqual(await store.parametersOf('numbers', '{"a":2}'), undefined, 'changed');
      await store.saveTask('numbers', '{"a":2}', 20, NOW);
      ensureEqual(await store.parametersOf('numbers', '{"a":2}'), 20, 'changed and saved');
      await store.close();
    },
  },
];
