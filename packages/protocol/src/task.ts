import { z } from 'zod';
import { Slug } from './ids.ts';
import { LEAST_COHORT } from './plan.ts';
import { sizeOf } from './safetensors.ts';
import { Training } from './training.ts';

/** A file of the task's folder, or `npm:package/path` of a package the folder's package.json depends on. */
const DataFile = z.string().min(1);

const IdxPair = z.strictObject({ images: DataFile, labels: DataFile });

const DataSource = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('idx'), train: IdxPair, test: IdxPair, scale: z.number().positive() }),
  z.strictObject({ format: z.literal('csv'), train: DataFile, test: DataFile, label: z.string().min(1) }),
]);
export type DataSource = z.infer<typeof DataSource>;

const Column = z.strictObject({ name: z.string().min(1), mean: z.number(), deviation: z.number().positive() });

export const TaskInput = z.strictObject({
  /** Shape of one example as the model takes it. */
  shape: z.array(z.number().int().min(1)).min(1).max(4),
  image: z
    .strictObject({
      width: z.number().int().min(1).max(1024),
      height: z.number().int().min(1).max(1024),
      channels: z.union([z.literal(1), z.literal(3)]),
    })
    .optional(),
  columns: z.array(Column).min(1).optional(),
});
export type TaskInput = z.infer<typeof TaskInput>;

/** `task.json`: everything Sotto needs to know about what is learned. */
export const TaskManifest = z
  .strictObject({
    version: z.literal(1),
    id: Slug,
    title: z.string().min(1).max(100),
    /** One plain sentence for somebody who knows nothing of machine learning. */
    summary: z.string().min(1).max(500),
    kind: z.enum(['image', 'table']),
    classes: z.array(z.string().min(1)).min(2).max(1000),
    input: TaskInput,
    /** TF.js layers topology JSON. */
    model: z.string().min(1),
    data: DataSource,
    /** The data card, Markdown. */
    card: z.string().min(1),
    training: Training,
    privacy: z.strictObject({
      /** L2 clip C of one contributor's delta. */
      clip: z.number().positive(),
      /** Range c of one coordinate of the weighted delta. */
      range: z.number().positive(),
      exampleCap: z.number().int().min(1).max(1_000_000),
      minimumCohort: z.number().int().min(LEAST_COHORT),
    }),
    /** Rounds of a run unless the run says otherwise. */
    rounds: z.number().int().min(1).max(100_000),
  })
  .refine((task) => (task.kind === 'image') === (task.input.image !== undefined), {
    path: ['input', 'image'],
    error: 'an image task, and only an image task, says how large its images are',
  })
  .refine((task) => (task.kind === 'table') === (task.input.columns !== undefined), {
    path: ['input', 'columns'],
    error: 'a table task, and only a table task, lists its columns',
  })
  .refine(({ input: { shape, columns } }) => !columns || (shape.length === 1 && shape[0] === columns.length), {
    path: ['input', 'shape'],
    error: 'a table task takes examples of shape [number of columns]',
  })
  .refine(({ input: { shape, image } }) => !image || sizeOf(shape) === image.width * image.height * image.channels, {
    path: ['input', 'shape'],
    error: "its sides must multiply to the image's width × height × channels",
  });
export type TaskManifest = z.infer<typeof TaskManifest>;
