import { createBrowserRouter } from 'react-router';
import { GuardPage } from './guard/guard-page.tsx';
import { findPlatformFault } from './guard/platform.ts';
import { BrokenPage, Loading, NotFound, Shell } from './ui/shell.tsx';

/** Pages load when they are opened; the participant's only after the browser has been found fit for it. */
export const router = createBrowserRouter([
  {
    Component: Shell,
    HydrateFallback: Loading,
    ErrorBoundary: BrokenPage,
    children: [
      { path: '/', lazy: async () => ({ Component: (await import('./home/page.tsx')).HomePage }) },
      {
        path: '/t/:task',
        lazy: async () => {
          const fault = await findPlatformFault();
          if (fault) return { Component: () => <GuardPage fault={fault} /> };
          return { Component: (await import('./participant/page.tsx')).ParticipantPage };
        },
      },
      { path: '/admin', lazy: async () => ({ Component: (await import('./admin/page.tsx')).AdminPage }) },
      { path: '*', Component: NotFound },
    ],
  },
]);
