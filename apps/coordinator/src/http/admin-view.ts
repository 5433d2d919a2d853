import type { AdminView, TaskEntry } from '@sotto/protocol/admin/overview';
import type { Task } from '../tasks/tasks.ts';
import { runLine } from './run-views.ts';
import type { ViewPorts } from './views.ts';

export async function adminView(ports: ViewPorts): Promise<AdminView> {
  const { coordinator, studyKey, publicUrl, tasks } = ports;
  return {
    coordinator,
    studyKey: studyKey(),
    publicUrl: publicUrl(),
    tasks: await Promise.all([...tasks.values()].map((task) => taskEntry(ports, task))),
  };
}

async function taskEntry(
  { runs, store, sessions, studyKey, now, localDevices }: ViewPorts,
  { manifest: { id, title, summary, kind }, revision, archived }: Task,
): Promise<TaskEntry> {
  const [admission, verdicts, certificates] = await Promise.all([
    store.admissionOf(id),
    store.verdicts(id),
    store.certificates(id, studyKey(), now()),
  ]);
  const { history: _, budget: __, ...status } = runs.status(id)!;
  const run = runs.latest(id);
  const locals = localDevices();
  const expiries = certificates.flatMap(({ role, expiry }) => (role === 'member' ? expiry : []));
  return {
    id,
    title,
    summary,
    kind,
    origin: revision === null ? 'folder' : 'own',
    archived,
    admission: admission ?? 'open',
    status,
    run: run && runLine(run),
    waiting: verdicts.filter(({ verdict, device }) => verdict === 'waiting' && !sessions.find(id, device)).length,
    local: sessions.connected(id).filter(({ device }) => locals.has(device)).length,
    members: { count: expiries.length, until: expiries.length === 0 ? null : Math.min(...expiries) },
  };
}
