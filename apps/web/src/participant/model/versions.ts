import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import type { TaskView } from '@sotto/protocol/views';

/** The run whose models there are to use: that of the pinned version, or the latest one, or an earlier one as long as that has published none. */
export function learnedRun({ run, earlier, pinned }: Pick<TaskView, 'run' | 'earlier' | 'pinned'>): RunSummary | null {
  if (pinned) return pinned.run === run?.run ? run : earlier;
  return versionsOf(run).length > 0 ? run : earlier;
}

/** What there is to use before anybody chooses otherwise: the pinned version, or else the latest. */
export function offeredVersion(view: Pick<TaskView, 'run' | 'earlier' | 'pinned'>): PublishedRound | null {
  const versions = versionsOf(learnedRun(view));
  return versions.find(({ model }) => model === view.pinned?.model) ?? versions[0] ?? null;
}

/** What the shared model was after each round that was published, the latest first. */
export function versionsOf(run: RunSummary | null): readonly PublishedRound[] {
  return run?.rounds.filter((round) => round.kind === 'published').toReversed() ?? [];
}

/** At most so many of the versions, evenly spread, in the order of rounds; the first and the latest are always among them. */
export function spreadVersions(versions: readonly PublishedRound[], most: number): readonly PublishedRound[] {
  const inOrder = versions.toReversed();
  if (inOrder.length <= most) return inOrder;
  return Array.from({ length: most }, (_, i) => inOrder[Math.round((i * (inOrder.length - 1)) / (most - 1))]!);
}
