import { encodeDataset } from '@sotto/learner/dataset-file';
import { type TaskFolder, unpackTask } from '@sotto/learner/task-folder/archive';
import { type FileDesk, uploadFile, uploadTask } from '@sotto/learner/task-folder/upload';
import { FileView, MOST_FILE_BYTES, type TaskRevisionView, TaskSummary } from '@sotto/protocol/admin/tasks';
import type { Rejection } from '@sotto/protocol/rejection';
import type { TaskManifest } from '@sotto/protocol/task';
import { command, request } from '../../api/request.ts';
import type { Draft } from './draft.ts';
import type { Attachments } from './draft-store.ts';
import type { ModelState } from './use-built-model.ts';

/** All that a task is made of. */
export interface TaskParts {
  readonly draft: Draft;
  readonly manifest: TaskManifest;
  readonly base: TaskRevisionView | null;
  readonly attachments: Attachments;
  readonly model: ModelState;
}

const utf8 = new TextEncoder();

/**
 * Uploads what is not there yet, makes the task or its next revision, and lets in whom the draft says.
 * @throws RequestError, naming field, value and remedy
 */
export async function saveTask(
  { draft, manifest, base, attachments, model }: TaskParts,
  tell: (what: string) => void,
): Promise<TaskSummary> {
  const files = base?.files ?? null;
  const stated = async (what: string, bytes: Uint8Array<ArrayBuffer> | null, there: string | null | undefined) =>
    bytes ? upload(bytes, (share) => tell(`Uploading ${what}, ${Math.round(100 * share)} %`)) : (there ?? null);
  const { heldOut, sample } = attachments;
  const built = model.state === 'built' ? model : null;
  const content = {
    manifest,
    card: draft.card,
    model: await stated('the model', built && utf8.encode(built.built.topology), files?.model),
    weights: built
      ? await stated('the weights', built.brought ? built.built.file : null, null)
      : (files?.weights ?? null),
    heldOut: await stated('the examples to judge by', heldOut && encodeDataset(heldOut), files?.heldOut),
    // Whoever brings other examples to judge by has said anew which are handed out.
    sample: await stated('the sample data', sample && encodeDataset(sample), heldOut ? null : files?.sample),
  };
  tell('The coordinator builds the model and tries it');
  const path = `/api/admin/tasks/${encodeURIComponent(manifest.id)}`;
  const summary = await request(TaskSummary, 'PUT', path, { expected: base?.revision ?? null, ...content });
  await command('PUT', `${path}/admission`, { admission: draft.admission });
  return summary;
}

const desk: FileDesk = {
  look: (file) => request(FileView, 'GET', `/api/admin/files/${file}`),
  put: (file, { from, size }, bytes) =>
    request(FileView, 'PUT', `/api/admin/files/${file}?from=${from}&size=${size}`, bytes),
};

async function upload(bytes: Uint8Array, tell: (share: number) => void): Promise<string> {
  if (bytes.length > MOST_FILE_BYTES)
    throw new RangeError(
      `A file of ${Math.ceil(bytes.length / 2 ** 20)} MiB is more than the coordinator takes (${MOST_FILE_BYTES / 2 ** 20} MiB): bring fewer examples or a smaller model.`,
    );
  return uploadFile(desk, bytes, (sent) => tell(sent / bytes.length));
}

/** A task that was exported, here or elsewhere. */
export async function openArchive(file: Blob): Promise<TaskFolder | Rejection<'bad_archive'>> {
  return unpackTask(new Uint8Array(await file.arrayBuffer()));
}

/**
 * Makes a task of an archive, or the next revision of the one that there is.
 * @param expected  the revision now; null: there is no such task yet
 * @throws RequestError
 */
export async function importTask(
  folder: TaskFolder,
  expected: number | null,
  tell: (what: string) => void,
): Promise<TaskSummary> {
  const content = await uploadTask(desk, folder, (sent, size) =>
    tell(`Uploading, ${Math.round((100 * sent) / size)} %`),
  );
  tell('The coordinator builds the model and tries it');
  const path = `/api/admin/tasks/${encodeURIComponent(folder.manifest.id)}`;
  return request(TaskSummary, 'PUT', path, { expected, ...content });
}
