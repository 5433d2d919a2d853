import { deviceIdOf } from '@sotto/protocol/ids';
import type { AdminView, DeviceView, TaskList, TaskView } from '@sotto/protocol/views';
import type { Door } from '../admission/door.ts';
import type { Sessions } from '../desk/sessions.ts';
import { versionsOf } from '../models/versions.ts';
import type { Runs } from '../rounds/runs.ts';
import type { VerdictRecord } from '../store/admissions.ts';
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

async function pinnedVersion(store: Store, runs: Runs, task: Task): Promise<TaskView['pinned']> {
  const { id } = task.manifest;
  const model = await store.pinnedModel(id);
  if (model === null) return null;
  const made = versionsOf(runs.list().filter((run) => run.task === id && isAlike(task, run))).find(
    (version) => version.model === model,
  );
  return made ? { model, run: made.run, round: made.round } : null;
}

export async function adminView(ports: ViewPorts): Promise<AdminView> {
  const { coordinator, studyKey, publicUrl, tasks, runs } = ports;
  return {
    coordinator,
    studyKey: studyKey(),
    publicUrl: publicUrl(),
    tasks: await Promise.all([...tasks.values()].map((task) => taskView(ports, task))),
    runs: runs.list(),
    devices: await deviceViews(ports),
    admissions: await Promise.all([...tasks.keys()].map((task) => ports.door.view(task))),
  };
}

async function deviceViews({ store, sessions, tasks, studyKey, now, localDevices }: ViewPorts): Promise<DeviceView[]> {
  const certified = new Map<string, DeviceView['certified']>();
  for (const task of tasks.keys())
    for (const { key, role } of await store.certificates(task, studyKey(), now())) {
      const name = `${task}/${deviceIdOf(key)}`;
      certified.set(name, [...(certified.get(name) ?? []), role]);
    }
  const records = new Map((await store.devices()).map((record) => [`${record.task}/${record.device}`, record]));
  const verdicts = new Map<string, VerdictRecord>();
  for (const task of tasks.keys())
    for (const verdict of await store.verdicts(task)) verdicts.set(`${task}/${verdict.device}`, verdict);
  const local = localDevices();
  const connected = new Map(sessions.connected(null).map((live) => [`${live.task}/${live.device}`, live]));
  return [...new Set([...records.keys(), ...verdicts.keys()])].map((name) => {
    const record = records.get(name);
    const verdict = verdicts.get(name);
    const { device, task, key } = (record ?? verdict)!;
    return {
      device,
      task,
      key,
      lastSeen: record?.lastSeen ?? verdict!.at,
      contributes: record?.contributes ?? connected.get(name)?.contributes ?? true,
      asked: record?.asked ?? 0,
      contributed: record?.contributed ?? 0,
      connected: connected.has(name),
      presentSince: sessions.find(task, device)?.since ?? null,
      local: local.has(device),
      certified: certified.get(name) ?? [],
      verdict: verdict?.verdict === 'waiting' && sessions.find(task, device) ? null : (verdict?.verdict ?? null),
      invite: verdict?.invite ?? null,
    };
  });
}
