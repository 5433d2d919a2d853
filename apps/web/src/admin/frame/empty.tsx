import type { ReactNode } from 'react';

interface EmptyProps {
  title: string;
  /** What to do first, in a sentence or two. */
  children: ReactNode;
  /** The button or link that does it. */
  action?: ReactNode;
  testId?: string;
}

/** In the place of what is not there yet: why, and what to do first. */
export function Empty({ title, children, action, testId }: EmptyProps) {
  return (
    <div data-testid={testId} className="rounded-2xl border border-dashed border-line-strong px-6 py-10 text-center">
      <p className="font-semibold">{title}</p>
      <div className="mx-auto mt-1 max-w-xl text-sm text-muted">{children}</div>
      {action && <div className="mt-5 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}
