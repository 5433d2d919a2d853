import { type Case, ensure } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { NOW } from './samples.ts';

export const adminSessionCases: readonly Case<Store>[] = [
  {
    promise: 'knows a session until it is closed or runs out',
    async run(open) {
      const store = await open();
      await store.openSession('one', NOW + 10);
      await store.openSession('two', NOW + 10);
      ensure(await store.hasSession('one', NOW), 'a session is unknown');
      await store.closeSession('one');
      ensure(!(await store.hasSession('one', NOW)), 'a closed session is known');
      ensure(await store.hasSession('two', NOW + 9), 'a session ran out early');
      ensure(!(await store.hasSession('two', NOW + 10)), 'a session outlived its time');
      await store.close();
    },
  },
];
