import type { LiveView } from '@sotto/protocol/admin/live';
import { formatClock, formatCount, formatPlural } from '../../ui/quantity.ts';
import { Stat } from '../../ui/stat.tsx';
import { useCoordinatorClock } from './clock.ts';
import { PhaseTimeline } from './phase-timeline.tsx';

/** How a task stands this moment: the round's phase, who is asked and who has answered. */
export function Now({ live }: { live: LiveView }) {
  const { status, round } = live;
  const now = useCoordinatorClock(live.now);
  const sum = (of: 'updates' | 'quorum' | 'answers' | 'votes' | 'openings' | 'members') =>
    round?.parts.reduce((total, part) => total + part[of], 0) ?? 0;
  const members = sum('members');
  return (
    <div
      data-testid="run-state"
      data-state={status.state}
      data-phase={status.phase}
      data-published={status.round - (status.state === 'finished' ? 0 : 1)}
    >
      <dl className="grid grid-cols-2 gap-5 sm:grid-cols-4">
        <Stat name="Round">
          {formatCount(status.round)} of {formatCount(status.rounds)}
        </Stat>
        <Stat name="Devices here" testId="present">
          {formatCount(status.present)}
        </Stat>
        <Stat name="Updates in">{round ? `${formatCount(sum('updates'))} of ${formatCount(status.cohort)}` : '–'}</Stat>
        <Stat name="Committee">
          {members === 0
            ? '–'
            : `${sum(status.phase === 'opening' || status.phase === 'publishing' ? 'openings' : status.phase === 'voting' ? 'votes' : 'answers')} of ${members}`}
        </Stat>
      </dl>
      <p role="status" className="mt-4 text-sm">
        {describe(live, now)}
        {status.deadline !== null && (
          <span className="text-muted"> Until {formatClock(status.deadline)} at the latest.</span>
        )}
      </p>
      <PhaseTimeline phase={status.phase} round={round} now={now} />
    </div>
  );
}

function describe(
  { status: { present, needed, nextRoundAt, state, phase, contributors, cohort }, round }: LiveView,
  now: number,
): string {
  const paused = state === 'paused';
  if (round) {
    const said = `${formatCount(contributors)} updates in, of ${formatPlural(cohort, 'device')} that were asked.`;
    return paused
      ? `${said} No other round begins after this one.`
      : phase === 'publishing'
        ? 'The new model is being tested.'
        : said;
  }
  if (paused) return 'The next round begins once the run is resumed.';
  if (nextRoundAt !== null && nextRoundAt > now)
    return `The last round came to nothing; it is tried again at ${formatClock(nextRoundAt)}.`;
  return present < needed ? `Waiting for ${formatPlural(needed - present, 'more device')}.` : 'About to begin.';
}
