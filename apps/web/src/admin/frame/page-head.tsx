import type { ReactNode } from 'react';
import { PageTitle } from '../../ui/page-title.tsx';

interface PageHeadProps {
  title: string;
  /** What the tab is called, if not by the title. */
  name?: string;
  /** What can be done on the page, at the right. */
  actions?: ReactNode;
  /** One sentence on what the page is for. */
  children?: ReactNode;
}

/** The head of a page of the dashboard. */
export function PageHead({ title, name, actions, children }: PageHeadProps) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <PageTitle size="dense" {...(name !== undefined && { name })}>
          {title}
        </PageTitle>
        {children && <p className="mt-1 max-w-3xl text-sm text-muted">{children}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-3">{actions}</div>}
    </div>
  );
}
