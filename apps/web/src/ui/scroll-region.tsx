import type { ReactNode } from 'react';

/** For what may be wider or taller than its place: it scrolls by keyboard too. */
export function ScrollRegion({
  label,
  children,
  className = '',
}: {
  label: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className={`overflow-auto ${className}`}
    >
      {children}
    </section>
  );
}
