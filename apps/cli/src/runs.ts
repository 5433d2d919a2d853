import { LiveView } from '@sotto/protocol/admin/live';
import { RunCheck, RunDetail, type RunLine, RunList, type RunPreview } from '@sotto/protocol/admin/runs';
import { RunSummary } from '@sotto/protocol/run';
import type { Admin } from './admin-session.ts';
import { Failure } from './failure.ts';

/** What the `sotto run …` commands ask a coordinator. */

const RUNS = '/api/admin/runs';
const at = (run: string) => `${RUNS}/${encodeURIComponent(run)}`;

export async function listRuns(admin: Admin, task: string | undefined): Promise<readonly RunLine[]> {
  return (await admin.get(RunList, task === undefined ? RUNS : `${RUNS}?task=${encodeURIComponent(task)}`)).runs;
}

export function showRun(admin: Admin, run: string): Promise<RunDetail> {
  return admin.get(RunDetail, at(run));
}

export function startRun(admin: Admin, request: object): Promise<RunSummary> {
  return admin.send('POST', RUNS, request, RunSummary);
}

/** @throws Failure that names every setting that is wrong */
export async function checkRun(admin: Admin, request: object): Promise<RunPreview> {
  const check = await admin.send('POST', `${RUNS}/check`, request, RunCheck);
  if (check.fits) return check.preview;
  throw new Failure(
    check.issues.map(({ field, message }) => (field === null ? message : `${field}: ${message}`)).join('\n       '),
  );
}

export const steerRun = (admin: Admin, run: string, what: 'resume' | 'stop'): Promise<RunSummary> =>
  admin.send('POST', `${at(run)}/${what}`, undefined, RunSummary);

export const pauseRun = (admin: Admin, run: string, now: boolean): Promise<RunSummary> =>
  admin.send('POST', `${at(run)}/pause`, { now }, RunSummary);

/** What has happened to a run since it was looked at last, or how it is when that is for the first time. */
export interface Watched {
  readonly run: RunSummary;
  /** How its task stands, as long as it is the task's present run and not over. */
  readonly live: LiveView | null;
}

/** A look at the run as often as this, until it is over. */
const LOOK_MS = 1000;

/** Looks at a run again and again. A coordinator that is away is waited for; the last look is at a run that is over. */
export async function* watchRun(
  admin: Admin,
  name: string,
  sleep: (ms: number) => Promise<unknown>,
): AsyncGenerator<Watched> {
  let known: RunSummary | null = null;
  for (;;) {
    try {
      const run: RunSummary =
        known === null || (await hasMoved(admin, known)) ? (await showRun(admin, name)).run : known;
      known = run;
      const over = run.state !== 'running' && run.state !== 'paused';
      yield { run, live: over ? null : await liveOf(admin, run) };
      if (over) return;
    } catch (error) {
      if (!(error instanceof Failure) || error.retryAfterMs === null || known === null) throw error;
    }
    await sleep(LOOK_MS);
  }
}

/** All rounds of a long run are much to ask for every second. */
async function hasMoved(admin: Admin, { run, task, state, rounds }: RunSummary): Promise<boolean> {
  const now = (await listRuns(admin, task)).find((line) => line.run === run);
  return now?.state !== state || now.published + now.abandoned !== rounds.length;
}

async function liveOf(admin: Admin, { run, task }: RunSummary): Promise<LiveView | null> {
  const live = await admin.get(LiveView, `/api/admin/tasks/${encodeURIComponent(task)}/live?devices=false`);
  return live.status.run === run ? live : null;
}
