import { LiveView, RoundView } from '@sotto/protocol/admin/live';
import { RunCheck, RunDetail, RunList } from '@sotto/protocol/admin/runs';
import { RoundNumber, Slug } from '@sotto/protocol/ids';
import { inWords } from '@sotto/protocol/in-words';
import { isRejection } from '@sotto/protocol/rejection';
import { RunSummary } from '@sotto/protocol/run';
import { z } from 'zod';
import type { LiveNewsDesk } from '../rounds/live-news.ts';
import { RunRequest } from '../rounds/run-request.ts';
import { type Route, route } from './route.ts';
import { fieldIssues, issueOf, runLine, totalsOf } from './run-views.ts';
import type { ViewPorts } from './views.ts';

export interface RunPorts extends Pick<ViewPorts, 'runs' | 'tasks' | 'store'> {
  readonly live: Pick<LiveNewsDesk, 'view'>;
}

const Run = z.strictObject({ run: Slug });
const PauseRun = z.strictObject({ now: z.boolean().default(false) });

/** Runs: what was and is, how a task stands this moment, and all that may be done to them. */
export function runRoutes({ runs, tasks, store, live }: RunPorts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/admin/runs',
      summary: 'Runs, the newest first: of one task, or of all',
      role: 'viewer',
      query: z.strictObject({ task: Slug.optional() }),
      answer: RunList,
      cache: 'never',
      handle({ query: { task } }) {
        if (task !== undefined && !tasks.has(task)) return undefined;
        const listed = runs.list().filter((run) => task === undefined || run.task === task);
        return { runs: listed.toReversed().map(runLine) };
      },
    }),
    route({
      method: 'POST',
      path: '/api/admin/runs',
      summary: 'Start a run; all but the task may be left out',
      role: 'admin',
      body: RunRequest,
      answer: RunSummary,
      status: 201,
      audit: { action: 'start run', detail: (_given, { run, config }) => ({ run, config }) },
      handle: ({ body }) => runs.create(body),
    }),
    route({
      method: 'POST',
      path: '/api/admin/runs/check',
      summary: 'What a run so asked for would cost, or what is wrong with it; starts nothing',
      role: 'viewer',
      body: z.looseObject({}),
      answer: RunCheck,
      async handle({ body }): Promise<RunCheck> {
        const request = RunRequest.safeParse(body, { error: inWords });
        if (!request.success) return { fits: false, issues: fieldIssues(request.error) };
        const preview = await runs.preview(request.data);
        return isRejection(preview) ? { fits: false, issues: [issueOf(preview.message)] } : { fits: true, preview };
      },
    }),
    route({
      method: 'GET',
      path: '/api/admin/runs/:run',
      summary: 'A run with all its rounds',
      role: 'viewer',
      params: Run,
      answer: RunDetail,
      cache: 'never',
      async handle({ params }) {
        const run = runs.get(params.run);
        return run && { run, totals: totalsOf(await store.factsOf(run.run)) };
      },
    }),
    route({
      method: 'GET',
      path: '/api/admin/runs/:run/rounds/:round',
      summary:
        'One round of a run as the coordinator saw it: what each device did, when each phase began, what was refused',
      role: 'viewer',
      params: Run.extend({ round: z.coerce.number().pipe(RoundNumber) }),
      answer: RoundView,
      cache: 'never',
      handle: ({ params }) => runs.round(params.run, params.round),
    }),
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/live',
      summary: 'How a task and the round under way in it stand now; the /admin socket tells what happens next',
      role: 'viewer',
      params: z.strictObject({ task: Slug }),
      query: z.strictObject({
        /** Whether the round's devices are told of one by one. */
        devices: z.enum(['true', 'false']).default('true'),
      }),
      answer: LiveView,
      cache: 'never',
      handle({ params, query }) {
        const view = live.view(params.task);
        return view && query.devices === 'false' && view.round
          ? { ...view, round: { ...view.round, devices: [] } }
          : view;
      },
    }),
    route({
      method: 'POST',
      path: '/api/admin/runs/:run/pause',
      summary: 'Pause a run: the round under way is finished, or abandoned at once if so wished; no other begins',
      role: 'admin',
      params: Run,
      body: PauseRun,
      answer: RunSummary,
      audit: { action: 'pause run', detail: ({ body: { now } }, { run }) => ({ run, now }) },
      handle: ({ params, body }) => runs.pause(params.run, body.now),
    }),
    route({
      method: 'POST',
      path: '/api/admin/runs/:run/resume',
      summary: 'Go on with a paused run',
      role: 'admin',
      params: Run,
      answer: RunSummary,
      audit: { action: 'resume run', detail: (_given, { run }) => ({ run }) },
      handle: ({ params }) => runs.resume(params.run),
    }),
    route({
      method: 'POST',
      path: '/api/admin/runs/:run/stop',
      summary: 'Stop a run for good',
      role: 'admin',
      params: Run,
      answer: RunSummary,
      audit: { action: 'stop run', detail: (_given, { run }) => ({ run }) },
      handle: ({ params }) => runs.stop(params.run),
    }),
  ];
}
