import type { Status } from '@sotto/protocol/run';
import type { TaskView } from '@sotto/protocol/views';
import { PageTitle } from '../ui/page-title.tsx';
import { formatCount, formatPlural } from '../ui/quantity.ts';

interface AboutProps {
  view: TaskView;
  status: Status;
}

/** What is learned, in one look. */
export function About({ view: { task, parameters }, status }: AboutProps) {
  const rounds = status.run === null ? task.rounds : status.rounds;
  const facts = [
    task.kind === 'image' && task.input.image
      ? `from images of ${task.input.image.width} × ${task.input.image.height} pixels`
      : `from tables of ${formatCount(task.input.columns?.length ?? 0)} columns`,
    `${formatCount(task.classes.length)} possible answers`,
    `a network of ${formatCount(parameters)} numbers`,
    formatPlural(rounds, 'round'),
  ];
  return (
    <header className="max-w-3xl">
      <p className="text-sm font-medium text-accent">Learned together, without handing over data</p>
      <div className="mt-1">
        <PageTitle>{task.title}</PageTitle>
      </div>
      <p className="mt-3 text-lg text-muted">{task.summary}</p>
      <ul className="mt-4 flex flex-wrap gap-2 text-sm" aria-label="Facts">
        {facts.map((fact) => (
          <li key={fact} className="rounded-full border border-line bg-surface px-3 py-1">
            {fact}
          </li>
        ))}
      </ul>
    </header>
  );
}
