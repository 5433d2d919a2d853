import type { Status } from '@sotto/protocol/run';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { FailedRequest } from '../api/failed-request.tsx';
import { taskListQuery } from '../api/queries.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { formatPlural, formatShare } from '../ui/quantity.ts';

export function HomePage() {
  const query = useQuery(taskListQuery);
  return (
    <main data-testid="home" className="mx-auto max-w-6xl px-5 py-10 sm:py-16">
      <div className="max-w-2xl">
        <PageTitle name="Sotto">Learn together. Keep your data.</PageTitle>
        <p className="mt-4 text-lg text-muted">
          Many devices train one model, each on examples that never leave it. What a device learned is sealed before it
          is sent. What gets opened is the sum of all.
        </p>
      </div>
      <section aria-labelledby="tasks" className="mt-10">
        <h2 id="tasks" className="text-lg font-semibold">
          What is being learned here
        </h2>
        <div className="mt-4">
          {query.data ? (
            <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
              {query.data.tasks.map((task) => (
                <li key={task.id}>
                  <Link
                    to={`/t/${task.id}`}
                    data-testid="task-card"
                    className="flex h-full flex-col rounded-2xl border border-line bg-surface p-6 transition-colors hover:border-accent"
                  >
                    <span className="text-xl font-semibold tracking-tight">{task.title}</span>
                    <span className="mt-2 flex-1 text-muted">{task.summary}</span>
                    <State status={task.status} />
                  </Link>
                </li>
              ))}
            </ul>
          ) : query.error ? (
            <FailedRequest error={query.error} query={query} />
          ) : (
            <p className="text-muted">Loading …</p>
          )}
          {query.data?.tasks.length === 0 && (
            <p className="text-muted">
              Nothing yet. Whoever runs this coordinator can add a task folder and start it again.
            </p>
          )}
        </div>
      </section>
    </main>
  );
}

function State({ status: { run, rounds, round, present, needed, history } }: { status: Status }) {
  // The history begins with the untrained model, as round 0.
  const done = history.length - 1;
  const last = history.at(-1);
  const going = run !== null && done < rounds;
  const text =
    run === null
      ? `Not begun, ${formatPlural(present, 'device')} here`
      : !going && last
        ? `Finished, ${formatShare(last.accuracy)} right after ${formatPlural(done, 'round')}`
        : present < needed
          ? `Waiting for ${formatPlural(needed - present, 'more device')}`
          : `Round ${round} of ${rounds}, ${formatPlural(present, 'device')} here`;
  return (
    <span className="mt-5 flex items-center gap-2 text-sm text-muted">
      <span aria-hidden="true" className={`size-2 rounded-full ${going ? 'bg-accent' : 'bg-line-strong'}`} />
      {text}
    </span>
  );
}
