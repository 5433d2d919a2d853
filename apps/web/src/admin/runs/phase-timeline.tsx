import type { RoundView } from '@sotto/protocol/admin/live';
import type { Phase } from '@sotto/protocol/run';
import { formatBytes, formatDuration } from '../../ui/quantity.ts';
import { PHASES } from './state-words.ts';

interface PhaseTimelineProps {
  phase: Phase;
  /** Of the round under way, or of one that is over; null between rounds. */
  round: Pick<RoundView, 'began' | 'endedAt' | 'facts'> | null;
  /** On the coordinator's clock. */
  now: number;
}

/** How long the round was, or is, in each of its phases; null where it never came to one. */
function phaseTimes({ began, endedAt }: Pick<RoundView, 'began' | 'endedAt'>, now: number): Map<Phase, number> {
  const starts = PHASES.flatMap(({ phase }) => {
    const at = began[phase];
    return at === undefined ? [] : [{ phase, at }];
  }).sort((a, b) => a.at - b.at);
  return new Map(starts.map(({ phase, at }, i) => [phase, Math.max(0, (starts[i + 1]?.at ?? endedAt ?? now) - at)]));
}

/** Where the round is on its way, how long each phase took, and what came in it. */
export function PhaseTimeline({ phase, round, now }: PhaseTimelineProps) {
  const place = PHASES.findIndex((step) => step.phase === phase);
  const times: ReadonlyMap<Phase, number> = round ? phaseTimes(round, now) : new Map();
  const isOver = round?.endedAt != null;
  return (
    <div className="mt-4">
      <ol className="grid grid-cols-4 gap-x-1.5 gap-y-3 sm:grid-cols-8" aria-label="Phases of the round">
        {PHASES.map(({ phase: id, name, what }, i) => {
          const took = times.get(id);
          const received = round?.facts?.received[id];
          const isNow = !isOver && i === place;
          const isDone = isOver ? took !== undefined : i < place;
          return (
            <li
              key={id}
              aria-current={isNow ? 'step' : undefined}
              title={what}
              className="min-w-0 text-xs"
              data-testid={`phase-${id}`}
              data-done={isDone}
            >
              <span
                aria-hidden="true"
                className={`block h-1.5 rounded-full ${isNow ? 'breathing bg-accent' : isDone ? 'bg-accent' : 'bg-line'}`}
              />
              <span className={`mt-1.5 block ${isNow ? 'font-semibold' : 'text-muted'}`}>{name}</span>
              <span className="block text-muted">{took === undefined ? '–' : formatDuration(took)}</span>
              {received !== undefined && <span className="block truncate text-muted">{formatBytes(received)} in</span>}
            </li>
          );
        })}
      </ol>
      {!isOver && <p className="mt-2 text-sm text-muted">{PHASES[place]?.what}</p>}
    </div>
  );
}
