import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { RunConfig } from '@sotto/protocol/run';
import type { Store } from '../store/store.ts';
import { GIVE_STUDY_KEY } from '../study-key.ts';
import type { Task } from '../tasks/tasks.ts';
import { completeConfig } from './run-config.ts';
import type { RunRequest } from './run-request.ts';

interface PlanningPorts {
  readonly tasks: ReadonlyMap<string, Task>;
  /** Parameters of each task's model. */
  readonly parameters: ReadonlyMap<string, number>;
  readonly store: Pick<Store, 'admissionOf'>;
  readonly studyKey: () => string | null;
}

interface PlannedRun {
  readonly task: Task;
  readonly config: RunConfig;
}

/** The run that a request asks for, with its gaps filled, or why there can be none: whether it is started or only thought about. */
export async function planRun(
  { tasks, parameters, store, studyKey }: PlanningPorts,
  request: RunRequest,
): Promise<PlannedRun | Rejection<'unknown_task' | 'bad_config'>> {
  const task = tasks.get(request.task);
  if (!task)
    return reject('unknown_task', `There is no task ${request.task}. Known tasks: ${[...tasks.keys()].join(', ')}.`);
  if (task.archived)
    return reject('unknown_task', `Task ${request.task} is archived: nobody takes part in it. Restore it first.`);
  const admission = (await store.admissionOf(task.manifest.id)) === 'certified' ? 'certified' : 'open';
  const config = completeConfig({ admission, ...request }, task.manifest, parameters.get(request.task)!);
  if (isRejection(config)) return config;
  if (config.committee === 'named' && studyKey() === null)
    return reject('bad_config', `committee: a named committee needs the study key. ${GIVE_STUDY_KEY}`);
  if (config.admission === 'certified' && studyKey() === null)
    return reject('bad_config', `admission: certificates are checked with the study key. ${GIVE_STUDY_KEY}`);
  return { task, config };
}
