import { type ReactNode, useEffect, useRef } from 'react';

/** Where the last heading stood. */
let shownAt: string | null = null;

/** A page's heading: it names the tab, and takes the focus when the page is reached from within the site. */
export function PageTitle({ children, name }: { children: ReactNode; name?: string }) {
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
      className="hyphens-auto text-2xl font-semibold leading-tight outline-none min-[22rem]:text-3xl sm:hyphens-none sm:text-4xl"
    >
      {children}
    </h1>
  );
}
