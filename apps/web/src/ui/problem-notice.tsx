import type { Rejection } from '@sotto/protocol/rejection';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { describeProblem } from '../words/problem.ts';
import { Notice } from './notice.tsx';

interface ProblemNoticeProps {
  problem: Omit<Rejection, 'retryAfterMs'>;
  tone?: 'warn' | 'bad';
  testId?: string;
  children?: ReactNode;
}

/** What went wrong and what to do, in the person's language; the exact message is a click away, for whoever is asked for help. */
export function ProblemNotice({ problem, tone = 'bad', testId, children }: ProblemNoticeProps) {
  const { t } = useTranslation('problems');
  const { title, todo, foreign } = describeProblem(t, problem);
  return (
    <Notice
      tone={tone}
      title={foreign ? <span lang="en">{title}</span> : title}
      {...(testId !== undefined && { testId })}
    >
      {todo && <p>{todo}</p>}
      {children && <div>{children}</div>}
      {!foreign && (
        <details className="mt-1 text-muted">
          <summary className="inline-block py-2 underline underline-offset-4">{t('details')}</summary>
          <p lang="en" className="[overflow-wrap:anywhere]">
            {problem.message} <code className="font-mono text-[0.9em]">({problem.rejected})</code>
          </p>
        </details>
      )}
    </Notice>
  );
}
