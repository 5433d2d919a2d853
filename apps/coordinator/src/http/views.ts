import type { TaskList, TaskView } from '@sotto/protocol/views';
import type { Door } from '../admission/door.ts';
import type { Sessions } from '../desk/sessions.ts';
import type { Runs } from '../rounds/runs.ts';
import type { Store } from '../store/store.ts';
import { isAlike, type Task } from '../tasks/tasks.ts';

export interface ViewPorts {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly parameters: ReadonlyMap<string, number>;
  readonly runs: Runs;
  readonly sessions: Sessions;
  readonly store: Store;
  readonly coordinator: string;
  readonly studyKey: () => string | null;
  readonly publicUrl: () => string;
  readonly now: () => number;
  /** Devices this coordinator started on its own machine. */
  readonly localDevices: () => ReadonlySet<string>;
  readonly door: Door;
}

export function taskList({ tasks, runs }: Pick<ViewPorts, 'tasks' | 'runs'>): TaskList {
  return {
    tasks: [...tasks.values()]
      .filter(({ archived }) => !archived)
      .map(({ manifest: { id, title, summary, kind, classes, translations } }) => ({
        id,
        title,
        summary,
        kind,
        classes,
        ...(translations && { translations }),
        status: runs.status(id)!,
      })),
  };
}

export async function taskView(
  { parameters, runs, store, now, coordinator, studyKey }: Omit<ViewPorts, 'tasks'>,
  task: Task,
): Promise<TaskView> {
  const { manifest, card, topology, data } = task;
  const certificates = await store.certificates(manifest.id, studyKey(), now());
  const run = runs.latest(manifest.id);
  const pinned = await pinnedVersion(store, runs, task);
  return {
    task: manifest,
    card,
    topology,
    parameters: parameters.get(manifest.id)!,
    sampleExamples: data.trainSize,
    excerpts: [...data.excerpts()],
    coordinator,
    studyKey: studyKey(),
    members: [...new Set(certificates.flatMap(({ role, key }) => (role === 'member' ? key : [])))].sort(),
    status: runs.status(manifest.id)!,
    run,
    earlier: pinned && pinned.run !== run?.run ? runs.get(pinned.run)! : runs.earlier(manifest.id),
    pinned,
  };
}

/** None of a task that has been changed so that its earlier models no longer fit. */
async function pinnedVersion(store: Store, runs: Runs, task: Task): Promise<TaskView['pinned']> {
  const pinned = await store.pinnedModel(task.manifest.id);
  const run = pinned && runs.get(pinned.run);
  return run && isAlike(task, run) ? pinned : null;
}
