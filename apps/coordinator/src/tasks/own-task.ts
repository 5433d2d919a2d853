import { readFile } from 'node:fs/promises';
import { openDataSource } from '@sotto/learner/data-source.node';
import { TASK_FILES } from '@sotto/learner/task-folder/archive';
import { examplesHash, type TaskManifest } from '@sotto/protocol/task';
import type { RevisionRecord } from '../store/task-revisions.ts';
import type { TaskFiles } from './task-files.ts';
import type { Task } from './tasks.ts';

/** The manifest with its files called as they are everywhere. */
export function withOwnNames({ weights: _, ...manifest }: TaskManifest, has: Record<'sample' | 'weights', unknown>) {
  const { train: _train, ...data } = manifest.data as Extract<TaskManifest['data'], { format: 'dataset' }>;
  const named: TaskManifest = {
    ...manifest,
    model: TASK_FILES.model,
    card: TASK_FILES.card,
    ...(has.weights !== null && { weights: TASK_FILES.weights }),
    data: { ...data, test: TASK_FILES.heldOut, ...(has.sample !== null && { train: TASK_FILES.sample }) },
  };
  return named;
}

/** A revision as a task that can be learned. Its data are read when they are first asked for. */
export async function openRevision(
  files: Pick<TaskFiles, 'pathOf'>,
  record: Pick<RevisionRecord, 'revision' | 'content'>,
  { alike, archived }: Pick<Task, 'alike' | 'archived'>,
): Promise<Task> {
  const { manifest, card, model, heldOut, sample, weights } = record.content;
  const source: TaskManifest = {
    ...manifest,
    data: {
      ...(manifest.data as Extract<TaskManifest['data'], { format: 'dataset' }>),
      test: files.pathOf(heldOut),
      ...(sample !== null && { train: files.pathOf(sample) }),
    },
  };
  const folder = files.pathOf('');
  return {
    manifest,
    revision: record.revision,
    alike,
    archived,
    folder,
    source,
    card,
    topology: await readFile(files.pathOf(model), 'utf8'),
    weights: weights === null ? null : files.pathOf(weights),
    data: openDataSource(folder, source),
  };
}

/** Of these revisions, those whose models take the same examples and give the same answers as the last one's. */
export function alikeOf(revisions: readonly RevisionRecord[]): ReadonlySet<number> {
  const last = revisions.at(-1);
  const shapeOf = ({ content: { manifest, model } }: RevisionRecord) => `${examplesHash(manifest)} ${model}`;
  const shape = last && shapeOf(last);
  return new Set(revisions.flatMap((record) => (shapeOf(record) === shape ? record.revision : [])));
}
