import type { RunSummary } from '@sotto/protocol/run';

const WORDS: Readonly<Record<RunSummary['state'], { name: string; dot: string }>> = {
  running: { name: 'Running', dot: 'bg-accent breathing' },
  paused: { name: 'Paused', dot: 'bg-warn' },
  finished: { name: 'Finished', dot: 'bg-line-strong' },
  stopped: { name: 'Stopped', dot: 'bg-bad' },
};

export function StateMark({ state }: Pick<RunSummary, 'state'>) {
  const { name, dot } = WORDS[state];
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden="true" className={`size-2 rounded-full ${dot}`} />
      {name}
    </span>
  );
}
