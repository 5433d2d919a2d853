import { z } from 'zod';
import { toHex } from './bytes.ts';
import { hashJson } from './digest.ts';
import { Slug } from './ids.ts';
import { LEAST_COHORT } from './plan.ts';
import { Delta, Epsilon } from './privacy.ts';
import { sizeOf } from './safetensors.ts';
import { Strategy } from './strategy.ts';
import { Training } from './training.ts';

/** A file of the task's folder, `npm:package/path` of a package the folder's package.json depends on, or an absolute path; gzipped or not. */
const DataFile = z.string().min(1);

/** What is shown in one line, or stands in one field of a table. */
const Name = z
  .string()
  .min(1)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'a name has no line breaks or other control characters');

const IdxPair = z.strictObject({ images: DataFile, labels: DataFile });

const DataSource = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('idx'), train: IdxPair, test: IdxPair, scale: z.number().positive() }),
  z.strictObject({ format: z.literal('csv'), train: DataFile, test: DataFile, label: Name }),
  /** CSV files with a column of texts. */
  z.strictObject({
    format: z.literal('text'),
    train: DataFile,
    test: DataFile,
    text: Name,
    label: Name,
  }),
  /**
   * Dataset files (@sotto/learner/dataset-file) of any kind, made by whoever wrote the task; without `train` there is no sample data.
   * What columns of people's tables are called, and by what pictures' bytes are multiplied, stands here.
   */
  z.strictObject({
    format: z.literal('dataset'),
    train: DataFile.optional(),
    test: DataFile,
    /** Of images. */
    scale: z.number().positive().optional(),
    /** Of tables and texts. */
    label: Name.optional(),
    /** Of texts. */
    text: Name.optional(),
  }),
]);
export type DataSource = z.infer<typeof DataSource>;

/** The format of a kind's data, besides `dataset`. */
const FORMAT = { image: 'idx', table: 'csv', text: 'text' } as const;
/** What a kind's data say in format `dataset`. */
const SAID = { image: ['scale'], table: ['label'], text: ['label', 'text'] } as const;

/**
 * SHA-256, hex, of what people's files are read by: the same as long as examples that were read for a task are examples of it. Titles and
 * other names change nothing.
 */
export function examplesHash({ kind, classes, input, data }: TaskManifest): string {
  const columns = input.columns?.map(({ title: _, ...column }) => column);
  return toHex(hashJson({ kind, classes, input: { ...input, ...(columns && { columns }) }, scale: scaleOf({ data }) }));
}

/** The column of people's tables that holds the answer, or the text; undefined where there is none. */
export function columnOf(data: DataSource, which: 'label' | 'text'): string | undefined {
  return which in data ? (data as Partial<Record<'label' | 'text', string>>)[which] : undefined;
}

/** What the numbers of a task's examples are multiplied by, for the model to see. */
export function scaleOf({ data }: { readonly data: DataSource }): number {
  return 'scale' in data ? (data.scale ?? 1) : 1;
}

const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

/** What to do where a row has no value: refuse the row, or go on as if it told nothing. */
const Missing = z.enum(['refuse', 'fill']).default('refuse');

const NumberColumn = z.strictObject({
  type: z.literal('number'),
  name: Name,
  /** What people call it, if not by its name. */
  title: Name.optional(),
  unit: Name.optional(),
  /** The model sees (value − mean) / deviation; 0 where a missing value is filled. */
  mean: z.number(),
  deviation: z.number().positive(),
  /** Values below or above cannot be. */
  range: z
    .tuple([z.number(), z.number()])
    .refine(([least, most]) => least < most, 'the least value comes first, then the most')
    .optional(),
  missing: Missing,
});
export type NumberColumn = z.infer<typeof NumberColumn>;

const CategoryColumn = z.strictObject({
  type: z.literal('category'),
  name: Name,
  title: Name.optional(),
  /** The model sees one input for each, 1 for the row's value; all are 0 where a missing value is filled. */
  values: z.array(Name).min(2).max(1000).refine(distinct, 'each value is listed once'),
  missing: Missing,
});
export type CategoryColumn = z.infer<typeof CategoryColumn>;

const Column = z.discriminatedUnion('type', [NumberColumn, CategoryColumn]);
export type Column = z.infer<typeof Column>;

/** How many inputs of the model a column becomes. */
export function columnWidth(column: Column): number {
  return column.type === 'number' ? 1 : column.values.length;
}

/** How many inputs of the model a row becomes. */
export function inputWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + columnWidth(column), 0);
}

/** How a text becomes inputs: its words hashed into buckets (@sotto/learner/text says exactly how). */
const TextInput = z.strictObject({
  buckets: z.number().int().min(16).max(65_536),
  /** Pairs of neighbouring words count, too. */
  pairs: z.boolean(),
  /** What comes after is not read. */
  maxCharacters: z.number().int().min(1).max(1_000_000),
});
export type TextInput = z.infer<typeof TextInput>;

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
  columns: z
    .array(Column)
    .min(1)
    .refine((columns) => distinct(columns.map(({ name }) => name)), 'each column has a name of its own')
    .optional(),
  text: TextInput.optional(),
});
export type TaskInput = z.infer<typeof TaskInput>;

/** What people read of a task, in another language than the manifest's. */
const Translation = z.strictObject({
  title: Name.max(100),
  summary: z.string().min(1).max(500),
  /** In the order of the task's. */
  classes: z.array(Name).optional(),
  /** Titles of columns, by name; also of the column with the answer and of the one with the text. */
  columns: z.record(z.string(), Name).optional(),
});

const Names = z.array(Name).min(1).max(100);
/** What else files may call columns and classes, by name: nobody should have to rename what their program wrote. */
const Aliases = z.strictObject({
  columns: z.record(z.string(), Names).optional(),
  classes: z.record(z.string(), Names).optional(),
});

/** What a run of a task is told unless it says otherwise itself. */
const RunDefaults = z.strictObject({
  strategy: Strategy.optional(),
  committee: z.enum(['drawn', 'named']).optional(),
  /** Of a level of a coordinate, as it is sealed. */
  bits: z.number().int().min(2).max(24).optional(),
  /** Noise such that a whole run tells little of any one device. A run says `dp: null` to do without. */
  dp: z.strictObject({ epsilon: Epsilon, delta: Delta.optional() }).optional(),
});
export type RunDefaults = z.infer<typeof RunDefaults>;

/** `task.json`: everything Sotto needs to know about what is learned. */
export const TaskManifest = z
  .strictObject({
    version: z.literal(1),
    id: Slug,
    title: Name.max(100),
    /** One plain sentence for somebody who knows nothing of machine learning. */
    summary: z.string().min(1).max(500),
    kind: z.enum(['image', 'table', 'text']),
    classes: z.array(Name).min(2).max(1000).refine(distinct, 'each class has a name of its own'),
    /** By language, such as `de`. */
    translations: z.record(z.string().regex(/^[a-z]{2,3}$/), Translation).optional(),
    aliases: Aliases.optional(),
    input: TaskInput,
    /** TF.js layers topology JSON. */
    model: z.string().min(1),
    /** Model file that runs start from; else the topology's initialisers and the run's seed say. */
    weights: z.string().min(1).optional(),
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
    run: RunDefaults.optional(),
  })
  .refine((task) => (task.kind === 'image') === (task.input.image !== undefined), {
    path: ['input', 'image'],
    error: 'an image task, and only an image task, says how large its images are',
  })
  .refine((task) => (task.kind === 'table') === (task.input.columns !== undefined), {
    path: ['input', 'columns'],
    error: 'a table task, and only a table task, lists its columns',
  })
  .refine((task) => (task.kind === 'text') === (task.input.text !== undefined), {
    path: ['input', 'text'],
    error: 'a text task, and only a text task, says how words are counted',
  })
  .refine(({ data, kind }) => data.format === 'dataset' || data.format === FORMAT[kind], {
    path: ['data', 'format'],
    error: 'images are of format "idx", tables "csv", texts "text", any of them "dataset"',
  })
  .refine(({ input: { shape, columns } }) => !columns || (shape.length === 1 && shape[0] === inputWidth(columns)), {
    path: ['input', 'shape'],
    error: 'a table task takes examples of shape [n]: one for each column of numbers, one for each value of the others',
  })
  .refine(({ input: { shape, text } }) => !text || (shape.length === 1 && shape[0] === text.buckets), {
    path: ['input', 'shape'],
    error: 'a text task takes examples of shape [buckets]',
  })
  .refine(({ input: { shape, image } }) => !image || sizeOf(shape) === image.width * image.height * image.channels, {
    path: ['input', 'shape'],
    error: "its sides must multiply to the image's width × height × channels",
  })
  .superRefine(({ classes, input, data, kind, translations = {}, aliases = {} }, context) => {
    const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (data.format === 'dataset') {
      const said: readonly string[] = SAID[kind];
      for (const field of ['scale', 'label', 'text'] as const)
        if (said.includes(field) !== (data[field] !== undefined))
          fault(
            ['data', field],
            said.includes(field)
              ? `data of kind ${kind} say it: add it`
              : `data of kind ${kind} have none: leave it out`,
          );
    }
    const columns = (input.columns ?? []).map(({ name }) => name);
    for (const field of ['label', 'text'] as const) {
      const name = columnOf(data, field);
      if (name !== undefined) columns.push(name);
    }
    const checkColumns = (path: string[], named: object = {}) => {
      for (const name of Object.keys(named))
        if (!columns.includes(name)) fault([...path, name], 'the task has no such column');
    };
    for (const [language, translation] of Object.entries(translations)) {
      if (translation.classes && translation.classes.length !== classes.length)
        fault(
          ['translations', language, 'classes'],
          `there are ${classes.length} classes to name, in the task's order`,
        );
      checkColumns(['translations', language, 'columns'], translation.columns);
    }
    checkColumns(['aliases', 'columns'], aliases.columns);
    for (const name of Object.keys(aliases.classes ?? {}))
      if (!classes.includes(name)) fault(['aliases', 'classes', name], 'the task has no such class');
  });
export type TaskManifest = z.infer<typeof TaskManifest>;
