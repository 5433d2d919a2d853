import type { ReactNode } from 'react';

/** One thing to know: a tick where it protects, a mark where it is a limit. */
export function Point({ good = false, children }: { good?: boolean; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <svg
        viewBox="0 0 16 16"
        className={`mt-1 size-4 shrink-0 ${good ? 'text-accent' : 'text-warn'}`}
        aria-hidden="true"
      >
        {good ? (
          <path
            d="m3 8.5 3.2 3.2L13 4.8"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        ) : (
          <path d="M8 3v6M8 12.4v.2" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        )}
      </svg>
      <div className="min-w-0">{children}</div>
    </li>
  );
}
