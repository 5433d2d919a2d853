import type { ReactNode } from 'react';

interface FoldingCardProps {
  title: ReactNode;
  children: ReactNode;
  testId: string;
}

/** A card of which only the title is seen until somebody wants to know. */
export function FoldingCard({ title, children, testId }: FoldingCardProps) {
  return (
    <details
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
