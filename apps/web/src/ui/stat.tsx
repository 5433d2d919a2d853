import type { ReactNode } from 'react';

/** One number with its name; several stand in a `<dl>`. */
export function Stat({ name, children, testId }: { name: string; children: ReactNode; testId?: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-muted">{name}</dt>
      <dd data-testid={testId} className="mt-0.5 truncate text-xl font-semibold tracking-tight">
        {children}
      </dd>
    </div>
  );
}
