import { deviceIdOf } from '@sotto/protocol/ids';
import type { AdminView, DeviceView, TaskList, TaskView } from '@sotto/protocol/views';
import type { Sessions } from '../desk/sessions.ts';
import type { Runs } from '../rounds/runs.ts';
import type { Store } from '../store/store.ts';
import type { Task } from '../tasks/tasks.ts';

export interface ViewPorts {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly parameters: ReadonlyMap<string, number>;
  readonly runs: Runs;
  readonly sessions: Sessions;
  readonly store: Store;
  readonly coordinator: string;
  readonly studyKey: string | null;
  readonly publicUrl: () => string;
  readonly now: () => number;
  /** Devices this coordinator started on its own machine. */
  readonly localDevices: () => ReadonlySet<string>;
}

export function taskList({ tasks, runs }: Pick<ViewPorts, 'tasks' | 'runs'>): TaskList {
  return {
    tasks: [...tasks.values()].map(({ manifest: { id, title, summary } }) => ({
      id,
      title,
      summary,
      status: runs.status(id)!,
    })),
  };
}

export function taskView(
  { parameters, runs, coordinator, studyKey }: Omit<ViewPorts, 'tasks'>,
  { manifest, card, topology, data }: Task,
): TaskView {
  return {
    task: manifest,
    card,
    topology,
    parameters: parameters.get(manifest.id)!,
    sampleExamples: data.trainSize,
    coordinator,
    studyKey,
    status: runs.status(manifest.id)!,
    run: runs.latest(manifest.id),
  };
}

export async function adminView(ports: ViewPorts): Promise<AdminView> {
  const { coordinator, studyKey, publicUrl, tasks, runs } = ports;
  return {
    coordinator,
    studyKey,
    publicUrl: publicUrl(),
    tasks: [...tasks.values()].map((task) => taskView(ports, task)),
    runs: runs.list(),
    devices: await deviceViews(ports),
  };
}

async function deviceViews({ store, sessions, tasks, now, localDevices }: ViewPorts): Promise<DeviceView[]> {
  const certified = new Map<string, DeviceView['certified']>();
  for (const task of tasks.keys())
    for (const { key, role } of await store.certificates(task, now())) {
      const name = `${task}/${deviceIdOf(key)}`;
      certified.set(name, [...(certified.get(name) ?? []), role]);
    }
  return (await store.devices()).map((record) => {
    const present = sessions.find(record.task, record.device);
    return {
      ...record,
      connected: present !== undefined,
      presentSince: present?.since ?? null,
      local: localDevices().has(record.device),
      certified: certified.get(`${record.task}/${record.device}`) ?? [],
    };
  });
}
