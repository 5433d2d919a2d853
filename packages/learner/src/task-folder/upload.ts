import { FILE_PART_BYTES, type FileView, type TaskContent } from '@sotto/protocol/admin/tasks';
import { toHex } from '@sotto/protocol/bytes';
import { TASK_FILES, type TaskFolder, taskFiles } from './archive.ts';

/** `/api/admin/files/FILE` of a coordinator, for whoever is signed in there. Both throw what it refuses with. */
export interface FileDesk {
  look(file: string): Promise<FileView>;
  put(file: string, part: { readonly from: number; readonly size: number }, bytes: Uint8Array): Promise<FileView>;
}

/** Uploads what the coordinator does not have yet, from where an earlier attempt broke off. @returns the file's SHA-256, hex */
export async function uploadFile(
  desk: FileDesk,
  bytes: Uint8Array,
  onProgress?: (sent: number) => void,
): Promise<string> {
  const size = bytes.length;
  const file = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
  let state = await desk.look(file);
  while (!state.whole) {
    // The last part is what the digest is checked with: it is sent again where all was here and no word of it.
    const from = Math.floor(Math.min(state.received, size - 1) / FILE_PART_BYTES) * FILE_PART_BYTES;
    state = await desk.put(file, { from, size }, bytes.subarray(from, from + FILE_PART_BYTES));
    onProgress?.(state.received);
  }
  onProgress?.(size);
  return file;
}

/** Uploads all files of a task. @returns what is saved with them */
export async function uploadTask(
  desk: FileDesk,
  folder: TaskFolder,
  onProgress?: (sent: number, size: number) => void,
): Promise<TaskContent> {
  const { [TASK_FILES.manifest]: _manifest, [TASK_FILES.card]: _card, ...files } = taskFiles(folder);
  const size = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  const uploaded: Record<string, string> = {};
  let before = 0;
  for (const [name, bytes] of Object.entries(files)) {
    uploaded[name] = await uploadFile(desk, bytes, (sent) => onProgress?.(before + sent, size));
    before += bytes.length;
  }
  return {
    manifest: folder.manifest,
    card: folder.card,
    model: uploaded[TASK_FILES.model]!,
    heldOut: uploaded[TASK_FILES.heldOut]!,
    sample: uploaded[TASK_FILES.sample] ?? null,
    weights: uploaded[TASK_FILES.weights] ?? null,
  };
}
