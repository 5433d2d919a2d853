import type { RunSummary, Status } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import type { RoundHost } from './round-host.ts';

/** What everybody on the task's page may see now. `round` counts the rounds of the run as people do: those published, and the present one. */
export function statusOf(
  task: TaskManifest,
  present: number,
  run: RunSummary | null,
  live: RoundHost | null,
  pace: Pick<Status, 'nextRoundAt' | 'reconnectMs'>,
): Status {
  const published = run?.rounds.filter((outcome) => outcome.kind === 'published') ?? [];
  const rounds = run?.config.rounds ?? task.rounds;
  const history = published.map(({ testAccuracy, testLoss, contributors }, i) => ({
    round: i + 1,
    accuracy: testAccuracy,
    loss: testLoss,
    contributors,
  }));
  if (run)
    history.unshift({ round: 0, accuracy: run.initial.testAccuracy, loss: run.initial.testLoss, contributors: 0 });
  const state = live?.state();
  return {
    task: task.id,
    present,
    needed: run?.config.cohort.least ?? task.privacy.minimumCohort,
    run: run?.run ?? null,
    state: run?.state ?? null,
    rounds,
    round: run ? Math.min(rounds, published.length + 1) : 0,
    phase: state ? phaseOf(state.phase) : 'waiting',
    cohort: state?.setup.cohort.length ?? 0,
    contributors: state && 'updates' in state ? Object.keys(state.updates).length : 0,
    deadline: live ? deadlineOf(live) : null,
    ...pace,
    budget: run?.budget ?? null,
    history,
  };
}

/** The degree test takes milliseconds; for people it is a part of the check. */
function phaseOf(phase: ReturnType<RoundHost['state']>['phase']): Status['phase'] {
  if (phase === 'judging') return 'checking';
  return phase === 'published' || phase === 'abandoned' ? 'publishing' : phase;
}

function deadlineOf(live: RoundHost): number | null {
  const { phase, began, setup } = live.state();
  const { keysMs, uploadMs, checkMs, voteMs, openMs } = setup.durations;
  const allowed = { summoning: keysMs, collecting: uploadMs, checking: checkMs, voting: voteMs, opening: openMs };
  return phase in allowed ? began[phase]! + allowed[phase as keyof typeof allowed] : null;
}
