import { QueryClient } from '@tanstack/react-query';

/** A refusal stays one however often it is asked for; only silence is worth another try. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: (failures, error) => failures < 2 && 'code' in error && error.code === 'unreachable' },
  },
});
