import { join } from 'node:path';
import { loadTasks, type Task } from '@sotto/coordinator/tasks/tasks';
import type { Dataset } from '@sotto/learner/dataset';
import { partitionIndices } from '@sotto/learner/partition';
import { mixSeed } from '@sotto/learner/random';
import { shareParts } from '@sotto/learner/shared-parts';
import { Failure } from '../failure.ts';
import { REPOSITORY } from '../repository.ts';
import { findTask } from '../task-data.ts';
import { poisonData } from './attack.ts';
import { attackersIn, type SimulationSettings } from './settings.ts';

/** @throws Failure when there is no such task, StartError when one cannot be read */
export function loadTask(name: string, tasksDir: string | null): Task {
  return findTask(
    loadTasks([join(REPOSITORY, 'tasks'), ...(tasksDir === null ? [] : [tasksDir])], () => {}),
    name,
  );
}

/** What each participant learns from, the attackers among them. @throws Failure when the task has nothing to learn from */
export function dealData({ data, manifest }: Pick<Task, 'data' | 'manifest'>, settings: SimulationSettings): Dataset[] {
  const { participants, partition, seed, attack } = settings;
  if (data.trainSize === 0)
    throw new Failure(
      `Task ${manifest.id} comes without training data: there is nothing to simulate with. Name some as data.train in its task.json.`,
    );
  const all = data.train();
  const parts = shareParts(all, partitionIndices(all.labels, participants, partition, mixSeed(seed, 0xdea1)));
  const attackers = attackersIn(settings);
  return parts.map((part, index) =>
    attack && attackers.has(index) ? poisonData(part, attack.kind, manifest.classes.length) : part,
  );
}
