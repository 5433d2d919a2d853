import type { ComponentType } from 'react';

/** A page of the dashboard. It loads when it is opened. */
export interface AdminRoute {
  /** Below `/admin`, or below `/admin/t/:task`; empty: the first page there. */
  readonly path: string;
  /** What the navigation calls it; without a name it is reached from other pages only. */
  readonly nav?: string;
  /** Other pages, by how their paths begin, at which the navigation shows this one as the present. */
  readonly also?: readonly string[];
  /** There is nothing in it for viewers, to whom the navigation does not show it. */
  readonly admins?: true;
  readonly load: () => Promise<ComponentType>;
}

/** Whether a page or one that belongs to it is shown. `rest`: what stands in the address after where both begin. */
export function isCurrent({ path, also = [] }: Pick<AdminRoute, 'path' | 'also'>, rest: string): boolean {
  return rest === path || [path, ...also].some((begin) => begin !== '' && `${rest}/`.startsWith(`${begin}/`));
}

/** What the navigation shows to whoever may change things, or may not. */
export function shownIn(pages: readonly AdminRoute[], mayChange: boolean): readonly AdminRoute[] {
  return pages.filter(({ nav, admins }) => nav !== undefined && (mayChange || !admins));
}
