import { type ReactNode, useEffect, useRef } from 'react';

/** Where the last heading stood. */
let shownAt: string | null = null;

const SIZE = {
  page: 'text-2xl min-[22rem]:text-3xl sm:text-4xl',
  /** Where the page is all numbers. */
  dense: 'text-xl sm:text-2xl',
} as const;

interface PageTitleProps {
  children: ReactNode;
  /** What the tab is called, if not by the heading. */
  name?: string;
  size?: keyof typeof SIZE;
}

/** A page's heading: it names the tab, and takes the focus when the page is reached from within the site. */
export function PageTitle({ children, name, size = 'page' }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const title = name ?? (typeof children === 'string' ? children : 'Sotto');
  useEffect(() => {
    document.title = title === 'Sotto' ? title : `${title} · Sotto`;
  }, [title]);
  useEffect(() => {
    const path = window.location.pathname;
    if (shownAt !== null && shownAt !== path) heading.current?.focus({ preventScroll: true });
    shownAt = path;
  }, []);
  return (
    <h1
      ref={heading}
      tabIndex={-1}
      className={`hyphens-auto font-semibold leading-tight outline-none sm:hyphens-none ${SIZE[size]}`}
    >
      {children}
    </h1>
  );
}
