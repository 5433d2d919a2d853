import type { Rejection } from '@sotto/protocol/rejection';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { describeProblem } from '../words/problem.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface ProblemNoticeProps {
  problem: Omit<Rejection, 'retryAfterMs'>;
  /** What failed, in the words of the place, where its code alone would say something else; a new version says it all. */
  title?: string;
  tone?: 'warn' | 'bad';
  testId?: string;
  children?: ReactNode;
}

/** What went wrong and what to do, in the person's language; the exact message is a click away, for whoever is asked for help. */
export function ProblemNotice({ problem, title, tone = 'bad', testId, children }: ProblemNoticeProps) {
  const { t } = useTranslation('problems');
  const { t: tShell } = useTranslation('shell');
  const outdated = problem.rejected === 'outdated_page';
  const told =
    title === undefined || outdated ? describeProblem(t, problem) : { title, todo: children ? '' : t('unknown.todo') };
  return (
    <Notice tone={tone} title={told.title} {...(testId !== undefined && { testId })}>
      {told.todo && <p>{told.todo}</p>}
      {outdated && (
        <Button className="mt-3" onClick={() => location.reload()}>
          {tShell('version.take')}
        </Button>
      )}
      {children && <div>{children}</div>}
      <details className="mt-1 text-muted">
        <summary className="inline-block py-2 underline underline-offset-4">{t('details')}</summary>
        <p lang="en" className="[overflow-wrap:anywhere]">
          {problem.message} <code className="font-mono text-[0.9em]">({problem.rejected})</code>
        </p>
      </details>
    </Notice>
  );
}
