import { AdminView, TaskList, TaskView } from '@sotto/protocol/views';
import { queryOptions } from '@tanstack/react-query';
import { RequestError, request } from './request.ts';

export const taskListQuery = queryOptions({
  queryKey: ['tasks'],
  queryFn: () => request(TaskList, 'GET', '/api/tasks'),
  refetchInterval: 10_000,
});

export const taskQuery = (task: string) =>
  queryOptions({
    queryKey: ['tasks', task],
    queryFn: () => request(TaskView, 'GET', `/api/tasks/${encodeURIComponent(task)}`),
  });

export function isSignedOut(error: Error | null): boolean {
  return error instanceof RequestError && error.code === 'not_signed_in';
}

/** Changes are announced over the socket; the slow poll is for when it is down. */
export const adminQuery = queryOptions({
  queryKey: ['admin'],
  queryFn: () => request(AdminView, 'GET', '/api/admin'),
  refetchInterval: ({ state }) => (isSignedOut(state.error) ? false : 10_000),
});
