import { join } from 'node:path';
import { loadTasks, type Task } from '@sotto/coordinator/tasks/tasks';
import { Failure } from './failure.ts';
import { REPOSITORY } from './repository.ts';

/** A task of the repository or of `tasksDir`. @throws StartError naming file and field of a bad one. */
export function findTask(name: string, tasksDir: string | null): Task {
  const tasks = loadTasks([join(REPOSITORY, 'tasks'), ...(tasksDir === null ? [] : [tasksDir])]);
  const task = tasks.get(name);
  if (!task)
    throw new Failure(
      `There is no task ${name}. Known tasks: ${[...tasks.keys()].join(', ')}. SOTTO_TASKS_DIR may name a folder of more.`,
    );
  return task;
}
