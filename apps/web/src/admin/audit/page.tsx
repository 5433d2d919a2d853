import type { AuditFilter } from '@sotto/protocol/admin/evidence';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { FailedRequest } from '../../api/failed-request.tsx';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { Entry } from './entry.tsx';
import { actionNames, filterOf } from './filter.ts';
import { auditNamesQuery, auditQuery, filterQuery } from './queries.ts';

const FIELDS = ['who', 'action', 'search', 'since', 'until'] as const;

/** `/admin/audit`: who did what and when. What is looked for stands in the address. */
export function AuditPage() {
  const [search, setSearch] = useSearchParams();
  const filter = filterOf(search);
  const query = useInfiniteQuery(auditQuery(filter));
  const { data: names = { people: [], actions: [] } } = useQuery(auditNamesQuery);
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  const set = (name: (typeof FIELDS)[number], value: string) =>
    setSearch(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  const field = (name: (typeof FIELDS)[number]) => ({
    value: search.get(name) ?? '',
    onChange: ({ target }: { target: { value: string } }) => set(name, target.value),
  });
  const isFiltered = FIELDS.some((name) => search.has(name));
  const exportPath = (format: 'csv' | 'jsonl') => {
    const wanted = filterQuery(filter);
    wanted.set('format', format);
    return `/api/admin/audit/export?${wanted}`;
  };

  return (
    <div className="space-y-5" data-testid="audit">
      <PageHead
        title="Audit log"
        actions={(['csv', 'jsonl'] as const).map((format) => (
          <a key={format} className={buttonLook()} href={exportPath(format)} download={`audit-log.${format}`}>
            Save as {format === 'csv' ? 'CSV' : 'JSON lines'}
          </a>
        ))}
      >
        Who did what and when, here and in the shell, refused attempts included. Nothing is ever removed from it.
      </PageHead>
      <Card>
        <search className="grid gap-4 sm:grid-cols-2 md:grid-cols-3 xl:grid-cols-5" aria-label="Entries">
          <ChoiceField label="Who" {...field('who')}>
            <option value="">Everybody</option>
            {names.people.map((who) => (
              <option key={who}>{who}</option>
            ))}
          </ChoiceField>
          <ChoiceField label="What" {...field('action')}>
            <option value="">Everything</option>
            {actionNames(names.actions).map((action) => (
              <option key={action}>{action}</option>
            ))}
          </ChoiceField>
          <TextField label="With this text" type="search" maxLength={200} {...field('search')} />
          <TextField label="From" type="date" {...field('since')} />
          <TextField label="To" type="date" {...field('until')} />
        </search>
        {isFiltered && (
          <Button look="quiet" className="mt-3" onClick={() => setSearch({}, { replace: true })}>
            Show everything
          </Button>
        )}
      </Card>
      {query.error && !query.data && <FailedRequest error={query.error} query={query} />}
      {query.data && entries.length === 0 ? (
        <Empty title={isFiltered ? 'No entry fits' : 'Nothing has been done here yet'} testId="no-entries">
          {isFiltered
            ? 'Look for less, or show everything.'
            : 'What anybody changes, from a page or from a shell, will be here.'}
        </Empty>
      ) : (
        <Card>
          <ol
            className={`-my-2.5 divide-y divide-line text-sm ${query.isPlaceholderData ? 'opacity-60' : ''}`}
            aria-busy={query.isPlaceholderData}
          >
            {entries.map((entry) => (
              <Entry key={entry.entry} entry={entry} />
            ))}
          </ol>
          {query.hasNextPage && (
            <Button className="mt-5" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {query.isFetchingNextPage ? 'Fetching …' : 'Older entries'}
            </Button>
          )}
        </Card>
      )}
      <CommandLine words={['audit', 'list', ...commandWords(filter)]} />
    </div>
  );
}

/** Options of the command. Days begin where the reader is; a shell may be elsewhere. */
function commandWords({ since, until, ...rest }: AuditFilter): string[] {
  const times = Object.entries({ since, until }).map(([name, at]) => [name, at && new Date(at).toISOString()]);
  return [...Object.entries(rest), ...times].flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
}
