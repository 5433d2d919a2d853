import { buildArchitecture, unfitness } from '@sotto/learner/architectures/catalogue';
import type { Topology } from '@sotto/learner/architectures/chain';
import { inWords } from '@sotto/protocol/in-words';
import { TaskManifest } from '@sotto/protocol/task';
import { columnsOf, draftOfColumn, placeAmongDrafts, typed } from './column-draft.ts';
import { choiceOf, type Draft, emptyDraft, modelTaskOf, shapeOf } from './draft.ts';

/** What is wrong, by the field of the form. */
export type Problems = ReadonlyMap<string, string>;

/** What can be said to each strategy, by Flower's names; all but `proximal_mu` may be left out. */
export const STRATEGY_SETTINGS: Readonly<Record<string, readonly string[]>> = {
  FedAvg: [],
  FedAvgM: ['server_learning_rate', 'server_momentum'],
  FedProx: ['proximal_mu'],
  FedAdam: ['eta', 'eta_l', 'beta_1', 'beta_2', 'tau'],
  FedYogi: ['eta', 'eta_l', 'beta_1', 'beta_2', 'tau'],
  FedAdagrad: ['eta', 'eta_l', 'tau'],
};

/** Pixels are bytes; the model sees 0 to 1. */
const PIXEL_SCALE = 1 / 255;

/** The manifest that the draft says, as far as it says one. `base`: what the form does not show, such as translations, stays. */
export function manifestOf(draft: Draft, base: TaskManifest | null = null): unknown {
  const { kind, title, id, summary, classes, image, label, text, training, privacy } = draft;
  const shape = shapeOf(draft) ?? [];
  const { translations, aliases } = base ?? {};
  return {
    version: 1,
    id,
    title,
    summary,
    kind,
    classes: [...classes],
    ...(translations && { translations }),
    ...(aliases && { aliases }),
    input: {
      // A task of one's own that came from elsewhere may take its images as one list of numbers.
      shape: kind === 'image' && draft.model.from === 'task' && base ? base.input.shape : shape,
      ...(kind === 'image' && {
        image: { width: typed(image.width), height: typed(image.height), channels: Number(image.channels) },
      }),
      ...(kind === 'table' && { columns: columnsOf(draft.columns) }),
      ...(kind === 'text' && {
        text: { buckets: typed(text.buckets), pairs: text.pairs, maxCharacters: typed(text.maxCharacters) },
      }),
    },
    model: 'model.json',
    data: {
      format: 'dataset',
      test: 'held-out.safetensors',
      // Examples that the task has were brought with its own scale.
      ...(kind === 'image' ? { scale: base && 'scale' in base.data ? base.data.scale : PIXEL_SCALE } : { label }),
      ...(kind === 'text' && { text: text.column }),
    },
    card: 'DATA.md',
    training: {
      optimizer: {
        name: training.optimizer,
        learningRate: typed(training.learningRate),
        ...(training.optimizer === 'sgd' && training.momentum.trim() !== '' && { momentum: typed(training.momentum) }),
      },
      epochs: typed(training.epochs),
      batchSize: typed(training.batchSize),
      ...(training.proximalMu.trim() !== '' && { proximalMu: typed(training.proximalMu) }),
    },
    privacy: {
      clip: typed(privacy.clip),
      range: typed(privacy.range),
      exampleCap: typed(privacy.exampleCap),
      minimumCohort: typed(privacy.minimumCohort),
    },
    rounds: typed(draft.rounds),
    ...runOf(draft.run),
  };
}

/** What the draft says of runs, where it says anything. */
function runOf({ strategy, settings, committee, bits, epsilon, delta }: Draft['run']): object {
  const told = Object.entries(settings).filter(
    ([name, value]) => value.trim() !== '' && STRATEGY_SETTINGS[strategy]?.includes(name),
  );
  const run = {
    ...(strategy !== '' && {
      strategy: { name: strategy, ...Object.fromEntries(told.map(([name, value]) => [name, typed(value)])) },
    }),
    ...(committee !== '' && { committee }),
    ...(bits.trim() !== '' && { bits: typed(bits) }),
    ...((epsilon.trim() !== '' || delta.trim() !== '') && {
      dp: { epsilon: typed(epsilon), ...(delta.trim() !== '' && { delta: typed(delta) }) },
    }),
  };
  return Object.keys(run).length === 0 ? {} : { run };
}

/** The manifest, where the server's own schema takes it, or all that is wrong, by field. */
export function checkDraft(
  draft: Draft,
  base: TaskManifest | null = null,
): { readonly manifest: TaskManifest | null; readonly problems: Problems } {
  const parsed = TaskManifest.safeParse(manifestOf(draft, base), { error: inWords });
  const problems = new Map<string, string>();
  const add = (field: string, message: string) => {
    if (!problems.has(field)) problems.set(field, message);
  };
  for (const { path, message } of parsed.error?.issues ?? []) add(fieldOf(path.map(String), draft), message);
  if (draft.card.trim() === '') add('card', 'is missing: say where such data come from, and what they may be used for');
  if (draft.kind !== 'image') {
    const names = columnsOf(draft.columns).map(({ name }) => name);
    if (names.includes(draft.label)) add('label', 'is one of the columns that are learned from: choose another');
  }
  const [choice, task] = [choiceOf(draft), modelTaskOf(draft)];
  const misfit = choice && task && unfitness(choice.name, task);
  if (misfit) add('model', misfit);
  if (choice?.name === 'mlp' && !choice.hidden.every((units) => Number.isInteger(units) && units >= 1 && units <= 4096))
    add('model', 'each hidden layer has 1 to 4096 units');
  return { manifest: problems.size === 0 && parsed.success ? parsed.data : null, problems };
}

/** The field of the form that a path of the manifest is written in. */
function fieldOf(path: readonly string[], { columns, kind }: Draft): string {
  const [first, second, third, ...rest] = path;
  if (first === 'input' && second === 'columns')
    return third === undefined
      ? 'columns'
      : `columns.${placeAmongDrafts(columns, Number(third))}.${rest[0] === 'range' ? 'least' : (rest[0] ?? 'name')}`;
  if (first === 'input' && second === 'image') return third === undefined ? 'image.width' : `image.${third}`;
  if (first === 'input' && second === 'text') return `text.${third ?? 'buckets'}`;
  if (first === 'input') return { image: 'image.width', table: 'columns', text: 'text.buckets' }[kind];
  if (first === 'data') return second === 'text' ? 'text.column' : (second ?? 'label');
  if (first === 'training' && second === 'optimizer') return `training.${third ?? 'optimizer'}`;
  if (first === 'run') return `run.${(second === 'strategy' || second === 'dp' ? third : second) ?? second}`;
  if (first === 'classes') return 'classes';
  return path.slice(0, 2).join('.');
}

/** The topology of a shipped model; null: of another, or not yet said. */
export function shippedTopology(draft: Draft): Topology | null {
  const [choice, task] = [choiceOf(draft), modelTaskOf(draft)];
  return choice && task && !unfitness(choice.name, task) ? buildArchitecture(choice, task) : null;
}

/** A task that there is, in the form. */
export function draftOf(manifest: TaskManifest, card: string, admission: Draft['admission']): Draft {
  const { kind, title, id, summary, classes, input, data, training, privacy, rounds, run } = manifest;
  const { optimizer } = training;
  const said = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    ...emptyDraft(kind),
    title,
    id,
    idWritten: true,
    summary,
    card,
    classes,
    ...(input.image && {
      image: {
        width: String(input.image.width),
        height: String(input.image.height),
        channels: input.image.channels === 1 ? '1' : '3',
      },
    }),
    columns: (input.columns ?? []).map(draftOfColumn),
    label: 'label' in data ? (data.label ?? '') : '',
    ...(input.text && {
      text: {
        column: 'text' in data ? (data.text ?? '') : '',
        buckets: String(input.text.buckets),
        pairs: input.text.pairs,
        maxCharacters: String(input.text.maxCharacters),
      },
    }),
    model: { from: 'task' },
    training: {
      optimizer: optimizer.name,
      learningRate: String(optimizer.learningRate),
      momentum: optimizer.name === 'sgd' ? said(optimizer.momentum) : '',
      epochs: String(training.epochs),
      batchSize: String(training.batchSize),
      proximalMu: said(training.proximalMu),
    },
    privacy: {
      clip: String(privacy.clip),
      range: String(privacy.range),
      exampleCap: String(privacy.exampleCap),
      minimumCohort: String(privacy.minimumCohort),
    },
    rounds: String(rounds),
    run: {
      strategy: run?.strategy?.name ?? '',
      settings: Object.fromEntries(
        Object.entries(run?.strategy ?? {}).flatMap(([name, value]) =>
          name === 'name' ? [] : [[name, String(value)]],
        ),
      ),
      committee: run?.committee ?? '',
      bits: said(run?.bits),
      epsilon: said(run?.dp?.epsilon),
      delta: said(run?.dp?.delta),
    },
    admission,
  };
}
