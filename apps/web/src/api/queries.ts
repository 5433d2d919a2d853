import { AdminView } from '@sotto/protocol/admin/overview';
import { AdmissionView, SessionView, TaskList, TaskView } from '@sotto/protocol/views';
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

export function isSignedOut(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'not_signed_in';
}

/** How the keys of everything begin that the dashboard asks for: then what it is about, then the task, if it is one's. */
export const ADMIN = ['admin'] as const;

/** What every page shows. Changes are announced over the socket; the slow poll is for when it is down. */
export const adminQuery = queryOptions({
  queryKey: [...ADMIN, 'overview'],
  queryFn: () => request(AdminView, 'GET', '/api/admin'),
  refetchInterval: ({ state }) => (isSignedOut(state.error) ? false : 10_000),
});

/** Who is signed in here, and which ways in there are. */
export const sessionQuery = queryOptions({
  queryKey: [...ADMIN, 'session'],
  queryFn: () => request(SessionView, 'GET', '/api/admin/session'),
});

/** Who is let in to a task. */
export const admissionQuery = (task: string) =>
  queryOptions({
    queryKey: [...ADMIN, 'devices', task, 'admission'],
    queryFn: () => request(AdmissionView, 'GET', `/api/admin/tasks/${task}/admission`),
  });
