import type { ReactNode } from 'react';

interface FoldingCardProps {
  title: ReactNode;
  /** Whether it is open as long as nobody says otherwise. */
  open?: boolean;
  children: ReactNode;
  testId: string;
}

/** A card of which only the title is seen until somebody wants to know. */
export function FoldingCard({ title, open = false, children, testId }: FoldingCardProps) {
  return (
    <details
      open={open}
      className="min-w-0 rounded-2xl border border-line bg-surface px-5 py-3 sm:px-6 sm:py-4"
      data-testid={testId}
    >
      <summary className="py-2">
        <h2 className="inline text-lg font-semibold">{title}</h2>
      </summary>
      <div className="pb-2 text-sm">{children}</div>
    </details>
  );
}
