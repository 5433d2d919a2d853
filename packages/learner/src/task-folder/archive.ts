import { MOST_FILE_BYTES } from '@sotto/protocol/admin/tasks';
import { firstIssue, inWords } from '@sotto/protocol/in-words';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { TaskManifest } from '@sotto/protocol/task';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

/** A task with all that belongs to it, as it lies in a folder of its own or in a zip file of one. */
export interface TaskFolder {
  readonly manifest: TaskManifest;
  /** The data card, Markdown. */
  readonly card: string;
  /** TF.js layers topology, JSON. */
  readonly model: Uint8Array;
  /** Dataset file. */
  readonly heldOut: Uint8Array;
  readonly sample: Uint8Array | null;
  /** Model file. */
  readonly weights: Uint8Array | null;
}

export const TASK_FILES = {
  manifest: 'task.json',
  card: 'DATA.md',
  model: 'model.json',
  heldOut: 'held-out.safetensors',
  sample: 'sample.safetensors',
  weights: 'weights.safetensors',
} as const;

/** By local time, which is what fflate writes: the same bytes anywhere and at any time. */
const MADE = new Date(1980, 0, 1);

/** The files of the folder, by name: the same for the same task, byte for byte. */
export function taskFiles({ manifest, card, model, heldOut, sample, weights }: TaskFolder): Record<string, Uint8Array> {
  return {
    [TASK_FILES.manifest]: strToU8(`${JSON.stringify(TaskManifest.parse(manifest), null, 2)}\n`),
    [TASK_FILES.model]: model,
    [TASK_FILES.card]: strToU8(card),
    [TASK_FILES.heldOut]: heldOut,
    ...(sample && { [TASK_FILES.sample]: sample }),
    ...(weights && { [TASK_FILES.weights]: weights }),
  };
}

/** A zip file, whose bytes follow from the task alone. */
export function packTask(folder: TaskFolder): Uint8Array<ArrayBuffer> {
  return zipSync(taskFiles(folder), { mtime: MADE });
}

/** Strict: these files and no others, none larger than a task's may be. */
export function unpackTask(zip: Uint8Array): TaskFolder | Rejection<'bad_archive'> {
  const bad = (what: string) => reject('bad_archive', `Not an exported task: ${what}.`);
  const known: readonly string[] = Object.values(TASK_FILES);
  const strange: string[] = [];
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(zip, {
      filter({ name, originalSize }) {
        const fits = known.includes(name) && originalSize <= MOST_FILE_BYTES;
        if (!fits) strange.push(name);
        return fits;
      },
    });
  } catch (error) {
    return bad(`the zip file cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  if (strange[0] !== undefined) return bad(`${strange[0].slice(0, 100)} does not belong in it, or is too large`);
  const text = (name: string) => (files[name] ? strFromU8(files[name]) : undefined);
  const [manifestText, card] = [text(TASK_FILES.manifest), text(TASK_FILES.card)];
  const { [TASK_FILES.model]: model, [TASK_FILES.heldOut]: heldOut } = files;
  if (manifestText === undefined || card === undefined || !model || !heldOut)
    return bad(`it needs ${[TASK_FILES.manifest, TASK_FILES.card, TASK_FILES.model, TASK_FILES.heldOut].join(', ')}`);
  let json: unknown;
  try {
    json = JSON.parse(manifestText);
  } catch {
    return bad(`${TASK_FILES.manifest} is not JSON`);
  }
  const manifest = TaskManifest.safeParse(json, { error: inWords });
  if (!manifest.success) return bad(`${TASK_FILES.manifest}: ${firstIssue(manifest.error)}`);
  return {
    manifest: manifest.data,
    card,
    model,
    heldOut,
    sample: files[TASK_FILES.sample] ?? null,
    weights: files[TASK_FILES.weights] ?? null,
  };
}
