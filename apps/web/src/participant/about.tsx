import type { Status } from '@sotto/protocol/run';
import type { TaskView } from '@sotto/protocol/views';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../ui/page-title.tsx';
import { taskWords } from '../words/task-words.ts';
import { useLanguage, type Words } from '../words/words.ts';

interface AboutProps {
  view: TaskView;
  status: Status;
  /** In the place of the page's title. */
  heading?: (title: string) => ReactNode;
}

/** What is learned, in one look. */
export function About({ view, status, heading = (title) => <PageTitle>{title}</PageTitle> }: AboutProps) {
  const { t } = useTranslation('shell');
  const { title, summary } = taskWords(view.task, useLanguage());
  return (
    <header className="max-w-3xl">
      <p className="text-sm font-medium text-accent">{t('about.kicker')}</p>
      <div className="mt-1">{heading(title)}</div>
      <p className="mt-3 text-lg text-muted">{summary}</p>
      <p className="mt-3">{t('about.promise')}</p>
      {/* On a small screen a line of text, so that what there is to do comes soon. */}
      <ul className="mt-4 text-sm text-muted sm:flex sm:flex-wrap sm:gap-2 sm:text-ink" aria-label={t('about.facts')}>
        {factsOf(t, view, status).map((fact, index) => (
          <li key={fact} className="inline sm:rounded-full sm:border sm:border-line sm:bg-surface sm:px-3 sm:py-1">
            {index > 0 && (
              <span aria-hidden="true" className="sm:hidden">
                {'\u00a0· '}
              </span>
            )}
            {fact}
          </li>
        ))}
      </ul>
    </header>
  );
}

function factsOf(t: Words<'shell'>, { task: { kind, input, classes, rounds }, parameters }: TaskView, status: Status) {
  return [
    kind === 'text'
      ? t('about.text')
      : input.image
        ? t('about.image', { width: input.image.width, height: input.image.height })
        : t('about.columns', { count: input.columns?.length ?? 0 }),
    t('about.classes', { count: classes.length }),
    t('about.parameters', { count: parameters }),
    t('about.rounds', { count: status.run === null ? rounds : status.rounds }),
  ];
}
