import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { listRequests } from './api/asked.ts';
import { queryClient } from './api/query-client.ts';
import { askForNewVersion } from './pwa/new-version.ts';
import { keepPageSoon } from './pwa/service-worker.ts';
import { router } from './router.tsx';
import './styles.css';
import { applyTheme, storedTheme } from './ui/theme.ts';
import { WordlessPage } from './words/wordless-page.tsx';
import { startWords } from './words/words.ts';

listRequests();
applyTheme(storedTheme());
// A part of the page that is not there any more is most often one of an older version.
window.addEventListener('vite:preloadError', () => void askForNewVersion());
const hasWords = await startWords().then(
  () => true,
  () => false,
);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    {hasWords ? (
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    ) : (
      <WordlessPage />
    )}
  </StrictMode>,
);

/** The page is in use by then, and what it needed first has come. */
const QUIET_MS = 8000;

if (import.meta.env.PROD) keepPageSoon(QUIET_MS);
