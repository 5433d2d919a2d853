import type { AuditFilter } from '@sotto/protocol/admin/evidence';
import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { NOW } from './samples.ts';

export const auditLogCases: readonly Case<Store>[] = [
  {
    promise: 'gives the audit log back page by page, the newest first, also after it is opened again',
    async run(open) {
      const first = await open();
      await Promise.all([1, 2, 3].map((n) => first.audit(NOW + n, 'Ada', `action ${n}`, { n })));
      await first.close();
      const again = await open();
      await again.audit(NOW, 'Bob', 'by a clock that went back', null);
      const page = await again.auditEntries(3);
      ensureEqual(
        page.map(({ who, action, detail }) => [who, action, detail]),
        [
          ['Bob', 'by a clock that went back', null],
          ['Ada', 'action 3', { n: 3 }],
          ['Ada', 'action 2', { n: 2 }],
        ],
        'the first page',
      );
      ensureEqual(
        (await again.auditEntries(3, page.at(-1)!.entry)).map(({ at, action }) => [at, action]),
        [[NOW + 1, 'action 1']],
        'the second page',
      );
      await again.close();
    },
  },
  {
    promise: 'finds entries by who, how the action begins, what is in them and when, each and together',
    async run(open) {
      const store = await open();
      const written = [
        ['Ada', 'start run', { run: 'mnist-1', share: '100 %' }],
        ['Ada', 'start run: begun', { run: 'mnist-2' }],
        ['Bob', 'stop run', { run: 'MNIST-1' }],
        ['Bob', 'start_run', { path: 'a\\b' }],
      ] as const;
      for (const [i, [who, action, detail]] of written.entries()) await store.audit(NOW + i, who, action, detail);
      const found = async (filter: AuditFilter) =>
        (await store.auditEntries(9, undefined, filter)).map(({ at }) => at - NOW).reverse();
      ensureEqual(await found({}), [0, 1, 2, 3], 'without a filter');
      ensureEqual(await found({ who: 'Ada' }), [0, 1], 'by who');
      ensureEqual(await found({ action: 'Start run' }), [0, 1], 'by the action’s beginning');
      ensureEqual(await found({ action: 'start_' }), [3], 'where _ stands for itself');
      ensureEqual(await found({ search: 'mnist-1' }), [0, 2], 'by what is in it');
      ensureEqual(await found({ search: '%' }), [0], 'where % stands for itself');
      ensureEqual(await found({ search: '\\' }), [3], 'where \\ stands for itself');
      ensureEqual(await found({ since: NOW + 1, until: NOW + 3 }), [1, 2], 'by when');
      ensureEqual(await found({ who: 'Bob', search: 'stop', since: NOW + 3 }), [], 'by all together');
      ensureEqual(
        await store.auditNames(),
        { people: ['Ada', 'Bob'], actions: ['start run', 'start run: begun', 'start_run', 'stop run'] },
        'who and what there is',
      );
      await store.close();
    },
  },
];
