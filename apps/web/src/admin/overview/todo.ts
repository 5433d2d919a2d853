import type { TaskEntry } from '@sotto/protocol/admin/overview';
import { formatPlural } from '../../ui/quantity.ts';

export interface Todo {
  readonly to: string;
  readonly what: string;
  readonly why: string;
  /** Whether something is in the way. */
  readonly tone: 'calm' | 'warn';
}

/** A committee whose certificates lapse sooner than this is told of: they are signed by hand. */
const RENEW_MS = 24 * 3_600_000;

/** What in a task waits for whoever runs it. */
export function todosOf({ id, title, run, status, waiting, members, admission }: TaskEntry, now: number): Todo[] {
  const todos: Todo[] = [];
  const page = `/admin/t/${id}`;
  if (waiting > 0)
    todos.push({
      to: `${page}/devices?show=waiting`,
      what: `${title}: ${formatPlural(waiting, 'device')} ${waiting === 1 ? 'asks' : 'ask'} to be let in`,
      why:
        admission === 'certified'
          ? 'Sign a certificate for each that you know.'
          : 'Approve those that you know, refuse the others.',
      tone: 'calm',
    });
  if (!run || (run.state !== 'running' && run.state !== 'paused')) return todos;
  const runPage = `${page}/runs/${run.run}`;
  if (run.state === 'paused')
    todos.push({
      to: runPage,
      what: `${title}: the run is paused after ${run.published} of ${run.config.rounds} rounds`,
      why: run.note ?? 'No round begins until somebody resumes it.',
      tone: 'calm',
    });
  else if (status.nextRoundAt !== null && status.nextRoundAt > now)
    todos.push({
      to: runPage,
      what: `${title}: the last round was given up`,
      why: 'It is tried again by itself. The run says why, and what to do.',
      tone: 'warn',
    });
  else if (status.phase === 'waiting' && status.present < status.needed)
    todos.push({
      to: `${page}/share`,
      what: `${title}: the run waits for ${formatPlural(status.needed - status.present, 'more device')}`,
      why: 'Share the link, or add devices on this machine to try it out.',
      tone: 'calm',
    });
  if (run.config.committee === 'named' && members.until !== null && members.until - now < RENEW_MS)
    todos.push({
      to: `${page}/committee`,
      what: `${title}: certificates of the committee lapse within a day`,
      why: 'Renew them with the study key; without them its rounds wait.',
      tone: 'warn',
    });
  return todos;
}
