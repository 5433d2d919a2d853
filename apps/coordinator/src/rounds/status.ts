import type { Round } from '@sotto/fl-core/round/round';
import { Phase, type RunSummary, type Status } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import type { WholeRound } from './whole-round.ts';

/** What everybody on the task's page may see now. `round` counts the rounds of the run as people do: those published, and the present one. */
export function statusOf(
  task: TaskManifest,
  present: number,
  run: RunSummary | null,
  live: WholeRound | null,
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
  const parts = statesOf(live);
  const slowest = slowestOf(parts);
  return {
    task: task.id,
    present,
    needed: run?.config.cohort.least ?? task.privacy.minimumCohort,
    run: run?.run ?? null,
    state: run?.state ?? null,
    rounds,
    round: run ? Math.min(rounds, published.length + 1) : 0,
    phase: livePhase(live),
    cohort: sumOf(parts.map(({ setup }) => setup.cohort.length)),
    contributors: sumOf(parts.map((part) => ('updates' in part ? Object.keys(part.updates).length : 0))),
    deadline: slowest ? deadlineOf(slowest) : null,
    ...pace,
    budget: run?.budget ?? null,
    history,
  };
}

function statesOf(live: WholeRound | null): Round[] {
  return (live?.parts ?? []).map((part) => part.state());
}

/** Where the round under way is, as everybody may know it. */
export function livePhase(live: WholeRound | null): Phase {
  const slowest = slowestOf(statesOf(live));
  return slowest ? phaseOf(slowest.phase) : 'waiting';
}

/** A round is where the last of its parts is: as long as one takes updates, updates are taken. */
function slowestOf(parts: readonly Round[]): Round | undefined {
  const place = ({ phase }: Round) => Phase.options.indexOf(phaseOf(phase));
  return parts.toSorted((a, b) => place(a) - place(b))[0];
}

/** The degree test takes milliseconds; for people it is a part of the check. */
export function phaseOf(phase: Round['phase']): Phase {
  if (phase === 'judging') return 'checking';
  return phase === 'opened' || phase === 'published' || phase === 'abandoned' ? 'publishing' : phase;
}

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

function deadlineOf({ phase, began, setup }: Round): number | null {
  const { keysMs, uploadMs, checkMs, voteMs, openMs } = setup.durations;
  const allowed = { summoning: keysMs, collecting: uploadMs, checking: checkMs, voting: voteMs, opening: openMs };
  return phase in allowed ? began[phase]! + allowed[phase as keyof typeof allowed] : null;
}
