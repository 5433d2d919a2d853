import { QueryClient } from '@tanstack/react-query';

/** A refusal stays one however often it is asked for; only silence is worth another try. */
export const queryClient = new QueryClient({
  defaultOptions: {
    // Asked offline, too: what fails can be told, what waits in silence cannot.
    queries: {
      networkMode: 'always',
      refetchOnReconnect: true,
      retry: (failures, error) => failures < 2 && 'code' in error && error.code === 'unreachable' && navigator.onLine,
    },
  },
});
