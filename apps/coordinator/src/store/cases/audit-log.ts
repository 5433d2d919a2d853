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
];
