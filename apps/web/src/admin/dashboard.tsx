import type { AdminView, Person, TaskView } from '@sotto/protocol/views';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { command } from '../api/request.ts';
import { Button } from '../ui/button.tsx';
import { Fingerprint } from '../ui/fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { useAction } from './action.ts';
import { Admission } from './admission.tsx';
import { Audit } from './audit.tsx';
import { useChanges } from './changes.ts';
import { Devices } from './devices.tsx';
import { Invite } from './invite.tsx';
import { LocalDevices } from './local-devices.tsx';
import { PastRuns } from './past-runs.tsx';
import { RunPanel } from './run-panel.tsx';
import { StartRun } from './start-run.tsx';

interface DashboardProps {
  view: AdminView;
  /** Who is signed in; null until that is known. */
  person: Person | null;
  onSignedOut: () => void;
}

/** One task at a time: its run, its devices, and how to get more of both. */
export function Dashboard({ view, person, onSignedOut }: DashboardProps) {
  useChanges();
  const [search, setSearch] = useSearchParams();
  const { run } = useAction();
  const [made, setMade] = useState<{ task: string; code: string } | null>(null);
  const chosen =
    view.tasks.find(({ task }) => task.id === search.get('task')) ??
    view.tasks.find(({ run }) => isUnfinished(run)) ??
    view.tasks[0];
  // The coordinator refuses a viewer's changes; the page only does not offer them.
  const viewer = person?.role === 'viewer';
  const admission = view.admissions.find(({ task }) => task === chosen?.task.id);
  return (
    <main lang="en" data-testid="admin" data-task={chosen?.task.id} className="mx-auto max-w-6xl px-5 py-8">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div>
          <PageTitle>Studies</PageTitle>
          <p className="mt-2 text-sm text-muted">
            Coordinator <Fingerprint of={view.coordinator} />
            {view.studyKey ? (
              <>
                , study key <Fingerprint of={view.studyKey} />
              </>
            ) : (
              ', no study key'
            )}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-x-2">
          {person && (
            <p className="text-sm text-muted" data-testid="person">
              {person.subject === null ? person.name : `${person.name}, ${person.role}`}
            </p>
          )}
          <Button
            look="quiet"
            onClick={() =>
              void run(() => command('DELETE', '/api/admin/session')).then((done) => done && onSignedOut())
            }
          >
            Sign out
          </Button>
        </div>
      </div>
      {view.tasks.length > 1 && (
        <nav aria-label="Tasks" className="mt-6 flex flex-wrap gap-2">
          {view.tasks.map(({ task, run: latest }) => (
            <button
              key={task.id}
              type="button"
              aria-current={task.id === chosen?.task.id ? 'page' : undefined}
              onClick={() => setSearch({ task: task.id })}
              className="inline-flex min-h-10 items-center gap-2 rounded-full border border-line bg-surface px-4 text-sm font-medium hover:bg-sunken aria-[current]:border-accent aria-[current]:bg-accent-soft"
            >
              <span
                aria-hidden="true"
                className={`size-2 rounded-full ${isUnfinished(latest) ? 'bg-accent' : 'bg-line-strong'}`}
              />
              {task.title}
            </button>
          ))}
        </nav>
      )}
      {viewer && (
        <div className="mt-6">
          <Notice tone="calm" title="You may look at everything here, and change nothing." />
        </div>
      )}
      {chosen && admission ? (
        <div className="mt-6 grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="grid min-w-0 gap-5">
            <RunPanel view={chosen} mayChange={!viewer} />
            <Devices
              devices={view.devices.filter(({ task }) => task === chosen.task.id)}
              admission={admission.admission}
              mayChange={!viewer}
              certifiable={view.studyKey !== null}
            />
            <PastRuns runs={view.runs.filter(({ task, run }) => task === chosen.task.id && run !== chosen.run?.run)} />
            <Audit />
          </div>
          <div className="grid min-w-0 gap-5">
            {!isUnfinished(chosen.run) && (
              <fieldset disabled={viewer} className="min-w-0">
                <StartRun key={chosen.task.id} view={chosen} />
              </fieldset>
            )}
            <Invite
              key={`invite-${chosen.task.id}`}
              view={chosen}
              publicUrl={view.publicUrl}
              admission={admission.admission}
              code={made?.task === chosen.task.id ? made.code : null}
            />
            <fieldset disabled={viewer} className="grid min-w-0 gap-5">
              <Admission
                key={`admission-${chosen.task.id}`}
                view={admission}
                certifiable={view.studyKey !== null}
                onCode={(code) => setMade({ task: chosen.task.id, code })}
              />
              <LocalDevices
                task={chosen.task.id}
                running={
                  view.devices.filter(({ task, local, connected }) => local && connected && task === chosen.task.id)
                    .length
                }
              />
            </fieldset>
          </div>
        </div>
      ) : (
        <p className="mt-8 text-muted">
          There are no tasks. Add a task folder (see CONTRIBUTING.md, “Add a task”) and start the coordinator again.
        </p>
      )}
    </main>
  );
}

function isUnfinished(run: TaskView['run']): boolean {
  return run?.state === 'running' || run?.state === 'paused';
}
