import { AdminView } from '@sotto/protocol/admin/overview';
import { AdmissionView, AuditPage, SessionView, TaskList, TaskView } from '@sotto/protocol/views';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
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

const ENTRIES_A_PAGE = 20;

export const auditQuery = infiniteQueryOptions({
  queryKey: [...ADMIN, 'audit'],
  queryFn: ({ pageParam }) =>
    request(
      AuditPage,
      'GET',
      `/api/admin/audit?most=${ENTRIES_A_PAGE}${pageParam === null ? '' : `&before=${pageParam}`}`,
    ),
  initialPageParam: null as number | null,
  getNextPageParam: ({ entries }) => (entries.length < ENTRIES_A_PAGE ? undefined : entries.at(-1)?.entry),
});
