import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ChoiceField } from '../../ui/field.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useTask } from '../frame/context.ts';
import { Empty } from '../frame/empty.tsx';
import { PageHead } from '../frame/page-head.tsx';
import { Offered } from './offered.tsx';
import { modelsQuery } from './queries.ts';
import { Trouble } from './trouble.tsx';
import { VersionTable } from './version-table.tsx';

/** More than these side by side fit on no screen. */
const MOST_COMPARED = 8;

/** `/admin/t/:task/models`: every version there is. `?order=best`, `?run=` */
export function ModelsPage() {
  const { id, title } = useTask();
  const [search, setSearch] = useSearchParams();
  const order = search.get('order') === 'best' ? 'best' : 'latest';
  const run = search.get('run') ?? undefined;
  const query = useInfiniteQuery(modelsQuery(id, { order, run }));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const navigate = useNavigate();
  const pages = query.data?.pages;
  const versions = pages?.flatMap((page) => page.versions) ?? [];
  const total = pages?.[0]?.total ?? 0;
  const runs = [...new Set([...versions.map((version) => version.run), ...(run === undefined ? [] : [run])])];
  const show = (name: 'order' | 'run', value: string) =>
    setSearch(
      (before) => {
        before.delete(name);
        if (value !== '') before.set(name, value);
        return before;
      },
      { replace: true },
    );

  return (
    <div className="space-y-5" data-testid="models">
      <PageHead title="Models" name={`Models of ${title}`}>
        Every version that a run began with or published. Each is kept, with the rounds that made it.
      </PageHead>
      {query.error && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
      {pages && total === 0 && run === undefined && (
        <Empty
          title="There is no model yet"
          testId="no-models"
          action={
            <Link className="text-accent underline underline-offset-4" to={`/admin/t/${id}/launch`}>
              Start a run
            </Link>
          }
        >
          What a run begins with is the first version, and each round that it publishes is another.
        </Empty>
      )}
      {pages && (total > 0 || run !== undefined) && (
        <>
          <Offered pinned={pages[0]?.pinned ?? null} />
          <Card title="Versions" aside={formatPlural(total, 'version')}>
            <div className="mb-4 grid items-end gap-4 sm:grid-cols-[12rem_minmax(0,20rem)_1fr]">
              <ChoiceField label="Order" value={order} onChange={({ target }) => show('order', target.value)}>
                <option value="latest">Latest first</option>
                <option value="best">Best first</option>
              </ChoiceField>
              <ChoiceField label="Run" value={run ?? ''} onChange={({ target }) => show('run', target.value)}>
                <option value="">All runs</option>
                {runs.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </ChoiceField>
              <div className="flex justify-end">
                <Button
                  disabled={chosen.length < 2 || chosen.length > MOST_COMPARED}
                  onClick={() => void navigate(`/admin/t/${id}/models/compare?models=${chosen.join(',')}`)}
                >
                  Compare {chosen.length > 0 && chosen.length}
                </Button>
              </div>
            </div>
            <VersionTable
              versions={versions}
              pinned={pages[0]?.pinned ?? null}
              chosen={chosen}
              onChoose={(model, on) =>
                setChosen((before) => (on ? [...before, model] : before.filter((each) => each !== model)))
              }
            />
            {chosen.length > MOST_COMPARED && (
              <p className="mt-3 text-sm text-warn">
                {MOST_COMPARED} can be compared at once, not {chosen.length}.
              </p>
            )}
            {query.hasNextPage && (
              <div className="mt-4">
                <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more ({versions.length} of {total})
                </Button>
              </div>
            )}
          </Card>
          <CommandLine
            words={[
              'model',
              'list',
              id,
              ...(run === undefined ? [] : ['--run', run]),
              ...(order === 'best' ? ['--best'] : []),
            ]}
          />
        </>
      )}
    </div>
  );
}
