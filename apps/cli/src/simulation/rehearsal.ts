import type { Coordinator } from '@sotto/coordinator/main';
import type { RunRequest } from '@sotto/coordinator/rounds/run-request';
import { isRejection } from '@sotto/protocol/rejection';
import type { RoundOutcome, RunSummary, Status } from '@sotto/protocol/run';
import { Failure } from '../failure.ts';
import type { Progress } from '../progress.ts';
import type { Crowd } from './crowd.ts';

/** How often a bar moves. */
const REFRESH_MS = 200;

export interface Rehearsal {
  /** What is to be run, or the run that is gone on with. */
  readonly run: RunRequest | { readonly resume: string };
  readonly progress: Progress;
  /** Told once the run goes. */
  readonly onBegun?: (run: RunSummary) => void;
  readonly onRound: (outcome: RoundOutcome, run: RunSummary) => void;
  /** Once this resolves, the round under way is the last. */
  readonly stopped?: Promise<void>;
}

/**
 * One run of a task from first round to last, by a coordinator and a crowd in this process. Participants that dropped out of a round come
 * back for the next, which waits for them.
 * @returns the run as it is when it is over, or no longer goes on by itself
 */
export async function rehearse(
  coordinator: Coordinator,
  crowd: Crowd,
  { run: wanted, progress, onBegun, onRound, stopped }: Rehearsal,
): Promise<RunSummary> {
  const { runs } = coordinator;
  const { promise: over, resolve, reject } = Promise.withResolvers<RunSummary>();
  over.catch(() => {});
  // A round that an earlier process left behind waits for its own devices, and they will not come.
  if ('resume' in wanted) await runs.pause(wanted.resume, true);
  await crowd.join();
  crowd.forgetSent();
  const begun = 'resume' in wanted ? await runs.resume(wanted.resume) : await runs.create(wanted);
  if (isRejection(begun)) throw new Failure(begun.message);
  const { run, task } = begun;
  onBegun?.(begun);
  let stopping = false;

  const show = () => {
    const status = runs.status(task);
    const summary = runs.get(run);
    if (!status || summary?.state !== 'running' || publishedIn(summary) >= summary.config.rounds) return;
    progress.show(describe(status, summary), doneOf(status, crowd), status.cohort);
  };
  const lookWhetherOver = () => {
    const summary = runs.get(run);
    if (!summary) return;
    const idle = !runs.live().some(([other]) => other === task);
    // One that an admin paused waits for the admin; one that paused by itself would fail again.
    const failed = summary.state === 'paused' && (stopping ? idle : summary.rounds.at(-1)?.kind === 'abandoned');
    if (failed || summary.state === 'finished' || summary.state === 'stopped') resolve(summary);
  };
  const endings = [
    coordinator.onRound((ended) => {
      if (ended.run !== run) return;
      progress.clear();
      onRound(ended.outcome, runs.get(run)!);
      crowd.forgetSent();
      if (runs.get(run)?.state === 'running') crowd.join().catch(reject);
    }),
    runs.onChange(lookWhetherOver),
  ];
  void stopped?.then(async () => {
    stopping = true;
    progress.show('stopping after this round; once more Ctrl-C stops at once', 0, 1);
    await runs.pause(run);
    lookWhetherOver();
  });
  show();
  const timer = setInterval(show, REFRESH_MS).unref();
  try {
    return await Promise.race([over, crowd.faulted]);
  } finally {
    clearInterval(timer);
    for (const end of endings) end();
    progress.clear();
  }
}

/** Rounds by their numbers in the run, as their outcomes say them: those that were abandoned have one, too. */
function describe({ phase, cohort }: Status, summary: RunSummary): string {
  const doing: Record<Status['phase'], string> = {
    waiting: 'waiting for participants',
    summoning: 'the committee hands out one-time keys',
    planning: 'the plan is signed',
    collecting: `${cohort} participants learn, seal and upload`,
    checking: 'the committee checks the key shares',
    voting: 'the committee votes',
    opening: 'the sum is opened',
    publishing: 'the new model is tested',
  };
  return `round ${summary.rounds.length + 1}, ${publishedIn(summary)} of ${summary.config.rounds} published: ${doing[phase]}`;
}

function publishedIn({ rounds }: RunSummary): number {
  return rounds.filter(({ kind }) => kind === 'published').length;
}

function doneOf({ phase, cohort, contributors }: Status, crowd: Crowd): number {
  if (phase === 'collecting') return (crowd.progress() + contributors) / 2;
  return phase === 'waiting' || phase === 'summoning' || phase === 'planning' ? 0 : cohort;
}
