import type { ReactNode } from 'react';

const LOOK = {
  calm: 'bg-accent-soft border-accent/30',
  warn: 'bg-warn-soft border-warn/40',
  bad: 'bg-bad-soft border-bad/40',
} as const;
const INK = { calm: 'text-accent-strong', warn: 'text-warn', bad: 'text-bad' } as const;

interface NoticeProps {
  tone: keyof typeof LOOK;
  title: ReactNode;
  children?: ReactNode;
  testId?: string;
}

/** Says what happened and what to do. Bad news is read out at once, the rest when the reader has time. */
export function Notice({ tone, title, children, testId }: NoticeProps) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      data-testid={testId}
      className={`rounded-xl border px-4 py-3 text-sm ${LOOK[tone]}`}
    >
      <div className={`font-medium [overflow-wrap:anywhere] ${INK[tone]}`}>{title}</div>
      {children && <div className="mt-1 text-ink">{children}</div>}
    </div>
  );
}
