import { createBrowserRouter, type LoaderFunctionArgs } from 'react-router';
import { adminRoute } from './admin/routes.tsx';
import { askEarly } from './api/early.ts';
import { GuardPage } from './guard/guard-page.tsx';
import { findPlatformFault } from './guard/platform.ts';
import { BrokenPage, Loading, NotFound, Shell } from './ui/shell.tsx';

/** What a page is about is asked for beside its code, not after it. */
function ask(path: (params: Readonly<Record<string, string | undefined>>) => string) {
  return ({ params }: LoaderFunctionArgs) => {
    askEarly(path(params));
    return null;
  };
}

/** Pages load when they are opened; the participant's only after the browser has been found fit for it. */
export const router = createBrowserRouter([
  {
    Component: Shell,
    HydrateFallback: Loading,
    ErrorBoundary: BrokenPage,
    children: [
      {
        path: '/',
        loader: ask(() => '/api/tasks'),
        lazy: async () => ({ Component: (await import('./home/page.tsx')).HomePage }),
      },
      {
        path: '/t/:task',
        loader: ask(({ task = '' }) => `/api/tasks/${encodeURIComponent(task)}`),
        lazy: async () => {
          const fault = await findPlatformFault();
          if (fault) return { Component: () => <GuardPage fault={fault} /> };
          return { Component: (await import('./participant/page.tsx')).ParticipantPage };
        },
      },
      adminRoute,
      { path: '*', Component: NotFound },
    ],
  },
]);
