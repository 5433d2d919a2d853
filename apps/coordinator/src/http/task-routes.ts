import type { Changed } from '@sotto/protocol/admin/changes';
import {
  CopyTask,
  TaskCheck,
  TaskContent,
  TaskDraft,
  TaskRevisions,
  TaskRevisionView,
  TaskSummaries,
  TaskSummary,
} from '@sotto/protocol/admin/tasks';
import { Revision, Slug } from '@sotto/protocol/ids';
import { isRejection } from '@sotto/protocol/rejection';
import { z } from 'zod';
import type { Authoring } from '../tasks/authoring.ts';
import type { Task } from '../tasks/tasks.ts';
import { type Given, type Route, route } from './route.ts';
import { revisionList, revisionView, type TaskViewPorts, taskSummary } from './task-views.ts';

export interface TaskPorts extends TaskViewPorts {
  readonly authoring: Authoring;
  readonly changed: (what: Changed['what'], task?: string) => void;
}

/** A manifest may list a thousand columns in several languages. */
const MOST_TASK_BYTES = 2 ** 20;
const byTask = z.strictObject({ task: Slug });
const atRevision = z.strictObject({ revision: z.coerce.number().pipe(Revision).optional() });

/** Tasks for those who run the study. Those of folders can be looked at, copied and put away; own ones are made and changed here. */
export function taskRoutes(ports: TaskPorts): Route[] {
  const { tasks, authoring, changed } = ports;
  const who = ({ caller }: Pick<Given, 'caller'>) => caller?.who ?? 'nobody';

  const summaryOf = (answered: Task) => {
    changed('tasks', answered.manifest.id);
    return taskSummary(ports, answered);
  };
  /** What may stand in the audit log: which task, and what it is made of; not every word of it. */
  const brought = ({ params, body }: { params: z.infer<typeof byTask>; body: z.infer<typeof TaskDraft> }) => {
    const { expected, model, heldOut, sample, weights, manifest } = body;
    return { ...params, expected, title: manifest.title, model, heldOut, sample, weights };
  };

  return [
    route({
      method: 'GET',
      path: '/api/admin/tasks',
      summary: 'All tasks, archived ones included',
      role: 'viewer',
      answer: TaskSummaries,
      cache: 'never',
      handle: async () => ({ tasks: await Promise.all([...tasks.values()].map((task) => taskSummary(ports, task))) }),
    }),
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task',
      summary: 'A task as it is, or as it was in a revision',
      role: 'viewer',
      params: byTask,
      query: atRevision,
      answer: TaskRevisionView,
      cache: 'never',
      handle: ({ params, query }) => revisionView(ports, params.task, query.revision),
    }),
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/revisions',
      summary: 'The revisions of a task: who made them, what they changed, and which runs learned by them',
      role: 'viewer',
      params: byTask,
      answer: TaskRevisions,
      cache: 'never',
      handle: ({ params }) => revisionList(ports, params.task),
    }),
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/export',
      summary:
        'A zip file of the task: task.json, model.json, DATA.md, held-out examples; the same bytes for the same task',
      role: 'admin',
      params: byTask,
      query: atRevision,
      answer: 'bytes',
      cache: 'never',
      audit: { action: 'export task', detail: ({ params, query }) => ({ ...params, ...query }) },
      handle: ({ params, query }) => authoring.export(params.task, query.revision),
    }),
    route({
      method: 'POST',
      path: '/api/admin/tasks/:task/check',
      summary:
        'Build a task’s model and judge it on the held-out examples, and save nothing; files are uploaded before',
      role: 'admin',
      params: byTask,
      body: TaskContent,
      mostBytes: MOST_TASK_BYTES,
      answer: TaskCheck,
      handle: ({ params, body }) => authoring.check(params.task, body),
    }),
    route({
      method: 'PUT',
      path: '/api/admin/tasks/:task',
      summary:
        'Make a task, or its next revision from the one that is expected; while a run learns, only words may change',
      role: 'admin',
      params: byTask,
      body: TaskDraft,
      mostBytes: MOST_TASK_BYTES,
      answer: TaskSummary,
      audit: {
        action: 'save task',
        begun: brought,
        detail: ({ params }, { revision }) => ({ ...params, revision }),
      },
      async handle({ params, body, caller }) {
        const saved = await authoring.save(params.task, body, who({ caller }));
        return isRejection(saved) ? saved : summaryOf(saved);
      },
    }),
    route({
      method: 'POST',
      path: '/api/admin/tasks/:task/copy',
      summary: 'Make a task of one’s own that begins as this one is',
      role: 'admin',
      params: byTask,
      body: CopyTask,
      answer: TaskSummary,
      status: 201,
      audit: { action: 'copy task', detail: ({ params, body }) => ({ ...params, to: body.to }) },
      async handle({ params, body, caller }) {
        const copy = await authoring.copy(params.task, body, who({ caller }));
        return isRejection(copy) ? copy : summaryOf(copy);
      },
    }),
    ...(['archive', 'restore'] as const).map((action) =>
      route({
        method: 'POST',
        path: `/api/admin/tasks/:task/${action}`,
        summary:
          action === 'archive'
            ? 'Put a task away: nobody takes part, and what was learned stays'
            : 'Take a task out again that was put away',
        role: 'admin',
        params: byTask,
        answer: TaskSummary,
        audit: { action: `${action} task`, detail: ({ params }) => params },
        async handle({ params }) {
          const task = await authoring.setArchived(params.task, action === 'archive');
          return isRejection(task) ? task : summaryOf(task);
        },
      }),
    ),
  ];
}
