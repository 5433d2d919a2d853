import { z } from 'zod';
import { Hash, Revision, Slug, Time } from '../ids.ts';
import { TaskManifest } from '../task.ts';

/** Tasks that are made, changed and put away while the coordinator runs. */

/** A file of a task that is uploaded, at the most. */
export const MOST_FILE_BYTES = 256 * 2 ** 20;
/** Files come in parts of so many bytes, the last one excepted: small enough for proxies, and a broken line costs one part. */
export const FILE_PART_BYTES = 2 ** 20;

/** An uploaded file: by the SHA-256 of its bytes. */
export const FileView = z.strictObject({
  file: Hash,
  /** Bytes of it that are here: the next part begins there. */
  received: z.number().int(),
  /** All of it is here, and its digest is right. */
  whole: z.boolean(),
});
export type FileView = z.infer<typeof FileView>;

/** Where a part of a file belongs, and how large the whole will be, bytes. */
export const FilePart = z.strictObject({
  from: z.coerce.number().int().min(0).max(MOST_FILE_BYTES),
  size: z.coerce.number().int().min(1).max(MOST_FILE_BYTES),
});
export type FilePart = z.infer<typeof FilePart>;

/** What a task is, its files by their digests; they have been uploaded before. */
export const TaskContent = z.strictObject({
  /** Its data are of format `dataset`. How its files are called is put right. */
  manifest: TaskManifest,
  /** TF.js layers topology, JSON. */
  model: Hash,
  /** The data card, Markdown. */
  card: z.string().min(1).max(65_536),
  /** Dataset file of the examples that models are judged by, and nobody learns from. */
  heldOut: Hash,
  /** Dataset file of examples to hand out; null: there is no sample data. */
  sample: Hash.nullable().default(null),
  /** Model file that runs start from; null: the topology's initialisers and the run's seed say. */
  weights: Hash.nullable().default(null),
});
export type TaskContent = z.infer<typeof TaskContent>;

/** A task to be made, or changed from the revision that whoever changes it has seen. */
export const TaskDraft = TaskContent.extend({
  /** The task's revision now; null: there is no such task yet. */
  expected: Revision.nullable(),
});
export type TaskDraft = z.infer<typeof TaskDraft>;

/** What came of really building the model and judging it on the held-out examples. */
export const TaskCheck = z.strictObject({
  parameters: z.number().int(),
  heldOutExamples: z.number().int(),
  sampleExamples: z.number().int(),
  /** Of the model that a run starts from. */
  accuracy: z.number(),
  loss: z.number(),
});
export type TaskCheck = z.infer<typeof TaskCheck>;

/** `folder`: of a folder on the coordinator's machine, which only its files change; `own`: made here. */
const TaskOrigin = z.enum(['folder', 'own']);

export const TaskSummary = z.strictObject({
  id: Slug,
  title: TaskManifest.shape.title,
  summary: TaskManifest.shape.summary,
  kind: TaskManifest.shape.kind,
  origin: TaskOrigin,
  /** Null of a folder's task. */
  revision: Revision.nullable(),
  /** When its revision was made, and by whom. */
  at: Time.nullable(),
  by: z.string().nullable(),
  archived: z.boolean(),
  parameters: z.number().int(),
  heldOutExamples: z.number().int(),
  sampleExamples: z.number().int(),
  /** The run that is running or paused: as long as there is one, only words of the task may change. */
  unfinished: Slug.nullable(),
});
export type TaskSummary = z.infer<typeof TaskSummary>;
export const TaskSummaries = z.strictObject({ tasks: z.array(TaskSummary) });
export type TaskSummaries = z.infer<typeof TaskSummaries>;

/** A revision of a task, or a folder's task as it is. */
export const TaskRevisionView = z.strictObject({
  ...TaskSummary.shape,
  /** The latest revision there is; null of a folder's task. */
  latest: Revision.nullable(),
  /** SHA-256 of the canonical JSON of its content: the same for the same task, wherever it is. Null of a folder's task. */
  digest: Hash.nullable(),
  manifest: TaskManifest,
  card: z.string(),
  topology: z.string(),
  /** Null of a folder's task: its files have no digests here. */
  files: TaskContent.pick({ model: true, heldOut: true, sample: true, weights: true }).nullable(),
});
export type TaskRevisionView = z.infer<typeof TaskRevisionView>;

export const TaskRevisions = z.strictObject({
  /** Newest first. */
  revisions: z.array(
    z.strictObject({
      revision: Revision,
      at: Time,
      by: z.string(),
      /** Fields that are not as they were in the revision before, such as `title` or `training`. */
      changed: z.array(z.string()),
      /** Runs that learned by it. */
      runs: z.array(Slug),
    }),
  ),
});
export type TaskRevisions = z.infer<typeof TaskRevisions>;

/** A task of one's own that begins as another one is. */
export const CopyTask = z.strictObject({ to: Slug, title: TaskManifest.shape.title.optional() });
export type CopyTask = z.infer<typeof CopyTask>;
