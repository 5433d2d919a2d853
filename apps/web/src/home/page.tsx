import type { Status } from '@sotto/protocol/run';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { FailedRequest } from '../api/failed-request.tsx';
import { useLastingError } from '../api/lasting-error.ts';
import { taskListQuery } from '../api/queries.ts';
import { NewVersionNotice } from '../pwa/new-version-notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { formatShare } from '../ui/quantity.ts';
import { taskWords } from '../words/task-words.ts';
import { useLanguage } from '../words/words.ts';

export function HomePage() {
  const { t } = useTranslation('shell');
  const language = useLanguage();
  const query = useQuery(taskListQuery);
  const error = useLastingError(query);
  return (
    <main data-testid="home" className="mx-auto max-w-6xl px-5 py-10 sm:py-16">
      <NewVersionNotice busy={false} examples={false} />
      <div className="max-w-2xl">
        <PageTitle name="Sotto">{t('home.title')}</PageTitle>
        <p className="mt-4 text-lg text-muted">{t('home.lead')}</p>
      </div>
      <section aria-labelledby="tasks" className="mt-10">
        <h2 id="tasks" className="text-lg font-semibold">
          {t('home.tasks')}
        </h2>
        <div className="mt-4">
          {query.data ? (
            <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
              {query.data.tasks.map((task) => {
                const { title, summary } = taskWords(task, language);
                return (
                  <li key={task.id}>
                    <Link
                      to={`/t/${task.id}`}
                      data-testid="task-card"
                      className="flex h-full flex-col rounded-2xl border border-line bg-surface p-6 transition-colors hover:border-accent"
                    >
                      <span className="text-sm font-medium text-accent">{t(`home.kind.${task.kind}`)}</span>
                      <span className="mt-1 text-xl font-semibold tracking-tight">{title}</span>
                      <span className="mt-2 flex-1 text-muted">{summary}</span>
                      <State status={task.status} />
                    </Link>
                  </li>
                );
              })}
            </ul>
          ) : error ? (
            <FailedRequest error={error} query={query} />
          ) : (
            <p className="text-muted">{t('loading')}</p>
          )}
          {query.data?.tasks.length === 0 && <p className="text-muted">{t('home.none')}</p>}
        </div>
      </section>
    </main>
  );
}

function State({ status: { run, rounds, round, present, needed, history } }: { status: Status }) {
  const { t } = useTranslation('shell');
  // The history begins with the untrained model, as round 0.
  const done = history.length - 1;
  const last = history.at(-1);
  const going = run !== null && done < rounds;
  const text =
    run === null
      ? t('state.notBegun', { count: present })
      : !going && last
        ? t('state.finished', { count: done, share: formatShare(last.accuracy) })
        : present < needed
          ? t('state.waiting', { count: needed - present })
          : t('state.round', { count: present, round, rounds });
  return (
    <span className="mt-5 flex items-center gap-2 text-sm text-muted">
      <span aria-hidden="true" className={`size-2 rounded-full ${going ? 'bg-accent' : 'bg-line-strong'}`} />
      {text}
    </span>
  );
}
