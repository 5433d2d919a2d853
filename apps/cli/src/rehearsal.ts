import type { Coordinator } from '@sotto/coordinator/main';
import type { RunRequest } from '@sotto/coordinator/rounds/run-config';
import { isRejection } from '@sotto/protocol/rejection';
import type { RoundOutcome, RunSummary, Status } from '@sotto/protocol/run';
import type { Crowd } from './crowd.ts';
import { Failure } from './failure.ts';
import type { Progress } from './progress.ts';

/** How often a bar moves. */
const REFRESH_MS = 200;

/**
 * One run of a task from first round to last, by a coordinator and a crowd in this process. Participants that dropped out of a round come
 * back for the next, which waits for them.
 * @throws Failure when the run stops before its last round
 */
export async function rehearse(
  coordinator: Coordinator,
  crowd: Crowd,
  request: RunRequest,
  progress: Progress,
  onRound: (outcome: RoundOutcome) => void,
): Promise<RunSummary> {
  const { runs } = coordinator;
  const { task } = request;
  const { promise: over, resolve, reject } = Promise.withResolvers<RunSummary>();
  over.catch(() => {});
  await crowd.join();
  crowd.forgetSent();
  const created = await runs.create(request);
  if (isRejection(created)) throw new Failure(created.message);
  const { run } = created;

  const show = () => {
    const status = runs.status(task);
    const summary = runs.get(run);
    if (!status || summary?.state !== 'running') return;
    progress.show(describe(status, summary), doneOf(status, crowd), status.cohort);
  };
  const endings = [
    coordinator.onRound((ended) => {
      if (ended.run !== run) return;
      progress.clear();
      onRound(ended.outcome);
      crowd.forgetSent();
      if (runs.get(run)?.state === 'running') crowd.join().catch(reject);
    }),
    runs.onChange(() => {
      const summary = runs.get(run);
      // One that an admin paused waits for the admin; one that paused by itself would fail again.
      const failed = summary?.state === 'paused' && summary.rounds.at(-1)?.kind === 'abandoned';
      if (summary && (failed || summary.state === 'finished' || summary.state === 'stopped')) resolve(summary);
    }),
  ];
  show();
  const timer = setInterval(show, REFRESH_MS).unref();
  try {
    const summary = await Promise.race([over, crowd.faulted]);
    if (summary.state !== 'finished')
      throw new Failure(`The run is ${summary.state}: ${summary.note ?? 'nobody said why.'}`);
    return summary;
  } finally {
    clearInterval(timer);
    for (const end of endings) end();
    progress.clear();
  }
}

/** Rounds by their numbers in the run, as their outcomes say them: those that were abandoned have one, too. */
function describe({ phase, cohort }: Status, { config, rounds }: RunSummary): string {
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
  const published = rounds.filter(({ kind }) => kind === 'published').length;
  return `round ${rounds.length + 1}, ${published} of ${config.rounds} published: ${doing[phase]}`;
}

function doneOf({ phase, cohort, contributors }: Status, crowd: Crowd): number {
  if (phase === 'collecting') return (crowd.progress() + contributors) / 2;
  return phase === 'waiting' || phase === 'summoning' || phase === 'planning' ? 0 : cohort;
}
