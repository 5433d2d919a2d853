import type { RouteObject } from 'react-router';
import type { AdminRoute } from './frame/admin-route.ts';

/** Each area adds its pages under its own name, in the order in which the navigation shows them. */
const HOUSE_ROUTES: readonly AdminRoute[] = [
  // overview
  { path: '', nav: 'Overview', load: async () => (await import('./overview/page.tsx')).OverviewPage },
  // wizard
  { path: 'new', nav: 'New task', admins: true, load: async () => (await import('./wizard/new-page.tsx')).NewTaskPage },
  // study
  { path: 'study', nav: 'Study key', load: async () => (await import('./study/page.tsx')).StudyPage },
  // audit
  { path: 'audit', nav: 'Audit log', load: async () => (await import('./audit/page.tsx')).AuditPage },
  // reference
  { path: 'api', nav: 'Commands and API', load: async () => (await import('./reference/page.tsx')).ReferencePage },
];

/** Pages of one task, likewise. */
const TASK_ROUTES: readonly AdminRoute[] = [
  // runs
  {
    path: '',
    nav: 'Runs',
    also: ['runs', 'launch', 'compare'],
    load: async () => (await import('./runs/page.tsx')).RunsPage,
  },
  { path: 'runs/:run', load: async () => (await import('./runs/run-page.tsx')).RunPage },
  { path: 'launch', load: async () => (await import('./runs/launch-page.tsx')).LaunchPage },
  { path: 'compare', load: async () => (await import('./runs/compare-page.tsx')).ComparePage },
  // models
  { path: 'models', nav: 'Models', load: async () => (await import('./models/page.tsx')).ModelsPage },
  { path: 'models/compare', load: async () => (await import('./models/compare-page.tsx')).ModelComparisonPage },
  { path: 'models/:model', load: async () => (await import('./models/detail-page.tsx')).ModelDetailPage },
  // devices
  { path: 'devices', nav: 'Devices', load: async () => (await import('./devices/page.tsx')).DevicesPage },
  {
    path: 'committee',
    nav: 'Committee',
    load: async () => (await import('./devices/committee-page.tsx')).CommitteePage,
  },
  // share
  { path: 'share', nav: 'Share', load: async () => (await import('./share/page.tsx')).SharePage },
  // evidence
  { path: 'evidence', nav: 'Evidence', load: async () => (await import('./evidence/page.tsx')).EvidencePage },
  {
    path: 'evidence/:transcript',
    load: async () => (await import('./evidence/transcript-page.tsx')).TranscriptPage,
  },
  // wizard
  {
    path: 'edit',
    nav: 'Change',
    admins: true,
    load: async () => (await import('./wizard/edit-page.tsx')).EditTaskPage,
  },
];

const asRoute = ({ path, load }: AdminRoute): RouteObject => ({
  ...(path === '' ? { index: true } : { path }),
  lazy: async () => ({ Component: await load() }),
});

/** `/admin` and all below it. */
export const adminRoute: RouteObject = {
  path: '/admin',
  lazy: async () => {
    const { AdminPage } = await import('./frame/page.tsx');
    return { Component: () => <AdminPage pages={HOUSE_ROUTES} /> };
  },
  children: [
    ...HOUSE_ROUTES.map(asRoute),
    {
      path: 't/:task',
      lazy: async () => {
        const { TaskFrame } = await import('./frame/task-frame.tsx');
        return { Component: () => <TaskFrame pages={TASK_ROUTES} /> };
      },
      children: TASK_ROUTES.map(asRoute),
    },
  ],
};
