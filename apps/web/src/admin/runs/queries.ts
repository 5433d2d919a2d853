import { RoundView } from '@sotto/protocol/admin/live';
import { RunCheck, RunDetail, RunList } from '@sotto/protocol/admin/runs';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ADMIN } from '../../api/queries.ts';
import { request } from '../../api/request.ts';

/** Changes are announced over the socket; this is for when it is down. */
const POLL_MS = 30_000;

const runsKey = (task: string) => [...ADMIN, 'runs', task] as const;

/** A task's runs without their rounds, the newest first. */
export const runListQuery = (task: string) =>
  queryOptions({
    queryKey: [...runsKey(task), 'list'],
    queryFn: () => request(RunList, 'GET', `/api/admin/runs?task=${encodeURIComponent(task)}`),
    refetchInterval: POLL_MS,
  });

export const runQuery = (task: string, run: string) =>
  queryOptions({
    queryKey: [...runsKey(task), 'run', run],
    queryFn: () => request(RunDetail, 'GET', `/api/admin/runs/${encodeURIComponent(run)}`),
    refetchInterval: POLL_MS,
  });

/** A round that is over never changes. */
export const roundQuery = (run: string, round: number) =>
  queryOptions({
    queryKey: [...ADMIN, 'round', run, round],
    queryFn: () => request(RoundView, 'GET', `/api/admin/runs/${encodeURIComponent(run)}/rounds/${round}`),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What the run that a form asks for would cost, or what is wrong with it. While it is looked at, what was said of the form before stays. */
export const checkQuery = (wanted: object) =>
  queryOptions({
    queryKey: [...ADMIN, 'check', JSON.stringify(wanted)],
    queryFn: () => request(RunCheck, 'POST', '/api/admin/runs/check', wanted),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
