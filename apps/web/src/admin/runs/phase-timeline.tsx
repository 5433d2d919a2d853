import type { Phase } from '@sotto/protocol/run';

const PHASES: readonly { phase: Phase; name: string; what: string }[] = [
  { phase: 'waiting', name: 'Gather', what: 'Waiting for enough devices.' },
  { phase: 'summoning', name: 'Keys', what: 'Committee members hand in one-time keys.' },
  { phase: 'planning', name: 'Plan', what: 'The plan of the round is signed.' },
  { phase: 'collecting', name: 'Updates', what: 'Devices learn, seal and send.' },
  { phase: 'checking', name: 'Check', what: 'The committee checks the sealed key shares.' },
  { phase: 'voting', name: 'Vote', what: 'The committee agrees on whose updates count.' },
  { phase: 'opening', name: 'Open', what: 'The committee opens the sum.' },
  { phase: 'publishing', name: 'Publish', what: 'The new model is tested and published.' },
];

/** Where the round is on its way. */
export function PhaseTimeline({ phase }: { phase: Phase }) {
  const now = PHASES.findIndex((step) => step.phase === phase);
  return (
    <div className="mt-4">
      <ol className="grid grid-cols-4 gap-x-1.5 gap-y-3 sm:grid-cols-8" aria-label="Phases of the round">
        {PHASES.map(({ phase: id, name, what }, i) => (
          <li key={id} aria-current={i === now ? 'step' : undefined} title={what} className="text-xs">
            <span
              aria-hidden="true"
              className={`block h-1.5 rounded-full ${i < now ? 'bg-accent' : i === now ? 'breathing bg-accent' : 'bg-line'}`}
            />
            <span className={`mt-1.5 block ${i === now ? 'font-semibold' : 'text-muted'}`}>{name}</span>
          </li>
        ))}
      </ol>
      <p className="mt-2 text-sm text-muted">{PHASES[now]?.what}</p>
    </div>
  );
}
