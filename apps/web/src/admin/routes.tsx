import type { ComponentType } from 'react';
import type { RouteObject } from 'react-router';

/** A page of the dashboard. It loads when it is opened. */
export interface AdminRoute {
  /** Below `/admin`, or below `/admin/t/:task`; empty: the first page there. */
  readonly path: string;
  /** What the navigation calls it; without a name it is reached from other pages only. */
  readonly nav?: string;
  /** Other pages, by how their paths begin, at which the navigation shows this one as the present. */
  readonly also?: readonly string[];
  readonly load: () => Promise<ComponentType>;
}

/** Each area adds its pages under its own name, in the order in which the navigation shows them. */
export const HOUSE_ROUTES: readonly AdminRoute[] = [
  // overview
  { path: '', nav: 'Overview', load: async () => (await import('./overview/page.tsx')).OverviewPage },
  // wizard
  // study
  // audit
  { path: 'audit', nav: 'Audit log', load: async () => (await import('./audit/page.tsx')).AuditPage },
  // reference
];

/** Pages of one task, likewise. */
export const TASK_ROUTES: readonly AdminRoute[] = [
  // runs
  { path: '', nav: 'Runs', load: async () => (await import('./runs/page.tsx')).RunsPage },
  // models
  // devices
  { path: 'devices', nav: 'Devices', load: async () => (await import('./devices/page.tsx')).DevicesPage },
  // share
  { path: 'share', nav: 'Share', load: async () => (await import('./share/page.tsx')).SharePage },
  // evidence
  // wizard
];

const asRoute = ({ path, load }: AdminRoute): RouteObject => ({
  ...(path === '' ? { index: true } : { path }),
  lazy: async () => ({ Component: await load() }),
});

/** `/admin` and all below it. */
export const adminRoute: RouteObject = {
  path: '/admin',
  lazy: async () => ({ Component: (await import('./frame/page.tsx')).AdminPage }),
  children: [
    ...HOUSE_ROUTES.map(asRoute),
    {
      path: 't/:task',
      lazy: async () => ({ Component: (await import('./frame/task-frame.tsx')).TaskFrame }),
      children: TASK_ROUTES.map(asRoute),
    },
  ],
};
