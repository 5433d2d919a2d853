import type { Person } from '@sotto/protocol/views';
import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { NOW } from './samples.ts';

const ada: Person = { name: 'Ada', subject: 'ada-1', role: 'viewer' };
const local: Person = { name: 'local admin', subject: null, role: 'admin' };

export const adminSessionCases: readonly Case<Store>[] = [
  {
    promise: 'knows whose a session is until it is closed or runs out',
    async run(open) {
      const store = await open();
      await store.openSession('one', ada, NOW + 10);
      await store.openSession('two', local, NOW + 10);
      ensureEqual(await store.sessionOf('one', NOW), ada, 'the first');
      await store.closeSession('one');
      ensureEqual(await store.sessionOf('one', NOW), undefined, 'closed');
      ensureEqual(await store.sessionOf('two', NOW + 9), local, 'until its time');
      ensureEqual(await store.sessionOf('two', NOW + 10), undefined, 'past its time');
      await store.close();
    },
  },
  {
    promise: 'ends the sessions of those whom a provider knows, or everybody’s',
    async run(open) {
      const store = await open();
      await store.openSession('one', ada, NOW + 10);
      await store.openSession('two', local, NOW + 10);
      await store.endSessions('provided');
      ensureEqual(await store.sessionOf('one', NOW), undefined, 'the provider’s');
      ensureEqual(await store.sessionOf('two', NOW), local, 'ours');
      await store.endSessions('everybody');
      ensureEqual(await store.sessionOf('two', NOW), undefined, 'anybody’s');
      await store.close();
    },
  },
];
