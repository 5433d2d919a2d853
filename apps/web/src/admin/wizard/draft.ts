import { type ArchitectureChoice, type ModelTask, suggestArchitecture } from '@sotto/learner/architectures/catalogue';
import type { TaskAdmission } from '@sotto/protocol/admission';
import { columnWidth } from '@sotto/protocol/task';
import { type ColumnDraft, columnsOf } from './column-draft.ts';

export type Kind = 'image' | 'table' | 'text';

/** Where the model comes from. An uploaded one's files are kept beside the draft. */
export type ModelDraft =
  /** `choice` null: what suits the data. */
  | { readonly from: 'shipped'; readonly choice: ArchitectureChoice | null }
  | {
      readonly from: 'upload';
      /** `whole`: as it is; `features`: as far as one layer, with a new answer behind it. */
      readonly use: 'whole' | 'features';
      readonly features: string;
      /** Begins with the weights that came with it, where some did. */
      readonly weights: boolean;
    }
  /** The one that the task has had. */
  | { readonly from: 'task' };

/** A task that is being made or changed, as it stands in the form: numbers are what was typed. */
export interface Draft {
  readonly kind: Kind;
  readonly title: string;
  readonly id: string;
  /** The id follows the title until somebody writes one. */
  readonly idWritten: boolean;
  readonly summary: string;
  readonly card: string;
  readonly classes: readonly string[];
  readonly image: { readonly width: string; readonly height: string; readonly channels: '1' | '3' };
  readonly columns: readonly ColumnDraft[];
  readonly label: string;
  readonly text: {
    readonly column: string;
    readonly buckets: string;
    readonly pairs: boolean;
    readonly maxCharacters: string;
  };
  readonly model: ModelDraft;
  readonly training: {
    readonly optimizer: 'sgd' | 'adam';
    readonly learningRate: string;
    readonly momentum: string;
    readonly epochs: string;
    readonly batchSize: string;
    readonly proximalMu: string;
  };
  readonly privacy: {
    readonly clip: string;
    readonly range: string;
    readonly exampleCap: string;
    readonly minimumCohort: string;
  };
  readonly rounds: string;
  /** What runs are told unless they say otherwise; empty: nothing. */
  readonly run: {
    readonly strategy: string;
    /** Of the strategy, by Flower's names. */
    readonly settings: Readonly<Record<string, string>>;
    readonly committee: '' | 'drawn' | 'named';
    readonly bits: string;
    readonly epsilon: string;
    readonly delta: string;
  };
  readonly admission: TaskAdmission;
}

export type DraftChange =
  /** Fields that are as plain as that. */
  | { readonly type: 'set'; readonly to: Partial<Draft> }
  | { readonly type: 'kind'; readonly kind: Kind }
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'image'; readonly to: Partial<Draft['image']> }
  | { readonly type: 'text'; readonly to: Partial<Draft['text']> }
  | { readonly type: 'training'; readonly to: Partial<Draft['training']> }
  | { readonly type: 'privacy'; readonly to: Partial<Draft['privacy']> }
  | { readonly type: 'run'; readonly to: Partial<Draft['run']> }
  | { readonly type: 'column'; readonly at: number; readonly to: Partial<ColumnDraft> }
  | { readonly type: 'replace'; readonly draft: Draft };

/** What training starts with in each kind: settings that the shipped tasks of that kind learn well with. */
const TRAINING: Readonly<Record<Kind, Draft['training']>> = {
  image: { optimizer: 'sgd', learningRate: '0.1', momentum: '', epochs: '1', batchSize: '32', proximalMu: '' },
  table: { optimizer: 'sgd', learningRate: '0.1', momentum: '', epochs: '5', batchSize: '16', proximalMu: '' },
  text: { optimizer: 'sgd', learningRate: '0.05', momentum: '0.9', epochs: '3', batchSize: '16', proximalMu: '' },
};

export function emptyDraft(kind: Kind = 'image'): Draft {
  return {
    kind,
    title: '',
    id: '',
    idWritten: false,
    summary: '',
    card: '',
    classes: [],
    image: { width: '28', height: '28', channels: '1' },
    columns: [],
    label: '',
    text: { column: 'text', buckets: '4096', pairs: false, maxCharacters: '2000' },
    model: { from: 'shipped', choice: null },
    training: TRAINING[kind],
    privacy: { clip: '10', range: '1', exampleCap: '5000', minimumCohort: '3' },
    rounds: '20',
    run: { strategy: '', settings: {}, committee: '', bits: '', epsilon: '', delta: '' },
    admission: 'open',
  };
}

/** The next draft. Pure: the same draft and change give the same. */
export function changeDraft(draft: Draft, change: DraftChange): Draft {
  switch (change.type) {
    case 'set':
      return { ...draft, ...change.to };
    case 'kind':
      // The words stay; what is said of the data, the model and its training was said of another kind.
      return change.kind === draft.kind
        ? draft
        : {
            ...draft,
            kind: change.kind,
            classes: [],
            model: { from: 'shipped', choice: null },
            training: TRAINING[change.kind],
          };
    case 'title':
      return { ...draft, title: change.title, ...(!draft.idWritten && { id: idFrom(change.title) }) };
    case 'image':
      return { ...draft, image: { ...draft.image, ...change.to } };
    case 'text':
      return { ...draft, text: { ...draft.text, ...change.to } };
    case 'training':
      return { ...draft, training: { ...draft.training, ...change.to } };
    case 'privacy':
      return { ...draft, privacy: { ...draft.privacy, ...change.to } };
    case 'run':
      return { ...draft, run: { ...draft.run, ...change.to } };
    case 'column':
      return {
        ...draft,
        columns: draft.columns.map((column, at) => (at === change.at ? { ...column, ...change.to } : column)),
      };
    case 'replace':
      return change.draft;
  }
}

const LONGEST_ID = 40;

/** A title as an address can say it. */
export function idFrom(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST_ID)
    .replace(/-+$/, '');
}

/** Shape of one example, as far as the draft says it; null: not yet. */
export function shapeOf({ kind, image, columns, text }: Draft): readonly number[] | null {
  const sides = {
    image: () => [Number(image.height), Number(image.width), Number(image.channels)],
    table: () => [columnsOf(columns).reduce((sum, column) => sum + columnWidth(column), 0)],
    text: () => [Number(text.buckets)],
  }[kind]();
  return sides.every((side) => Number.isInteger(side) && side > 0) ? sides : null;
}

/** What a model of this draft is for; null: not yet said. */
export function modelTaskOf(draft: Draft): ModelTask | null {
  const shape = shapeOf(draft);
  const classes = draft.classes.length;
  return shape && classes >= 2 ? { kind: draft.kind, shape, classes } : null;
}

/** The shipped model of a draft, chosen or suggested; null where it is another, or nothing to judge by is said yet. */
export function choiceOf(draft: Draft): ArchitectureChoice | null {
  if (draft.model.from !== 'shipped') return null;
  const task = modelTaskOf(draft);
  return draft.model.choice ?? (task && suggestArchitecture(task));
}
