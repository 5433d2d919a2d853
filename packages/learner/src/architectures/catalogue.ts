import {
  chain,
  convolution,
  dense,
  dropout,
  flattening,
  type MakeLayer,
  pooling,
  type Shape,
  type Topology,
} from './chain.ts';

/** A model that comes with Sotto, and what can be said to it. */
export type ArchitectureChoice =
  | { readonly name: 'logistic' }
  | {
      readonly name: 'mlp';
      /** Units of each hidden layer. */
      readonly hidden: readonly number[];
      /** Share of the units that is left out while learning; 0: none. */
      readonly dropout: number;
    }
  | { readonly name: 'small-cnn' }
  | { readonly name: 'fedavg-cnn' };

export type ArchitectureName = ArchitectureChoice['name'];

/** What a model is for: examples of this shape, so many classes. */
export interface ModelTask {
  readonly kind: 'image' | 'table' | 'text';
  /** Of images [height, width, channels]. */
  readonly shape: Shape;
  readonly classes: number;
}

interface Entry {
  readonly title: string;
  readonly about: string;
  readonly kinds: readonly ModelTask['kind'][];
}

export const ARCHITECTURES: Readonly<Record<ArchitectureName, Entry>> = {
  logistic: {
    title: 'Logistic regression',
    about: 'One weight from each input to each class. Quick, small, and its weights can be read; a good first try.',
    kinds: ['image', 'table', 'text'],
  },
  mlp: {
    title: 'Dense network',
    about: 'Hidden layers that combine the inputs. For tables, for texts, and for small images.',
    kinds: ['image', 'table', 'text'],
  },
  'small-cnn': {
    title: 'Small convolutional network',
    about: 'Looks for patterns wherever they are in the image, with as few weights as that can be done.',
    kinds: ['image'],
  },
  'fedavg-cnn': {
    title: 'FedAvg’s convolutional network',
    about:
      'Two 5 × 5 convolutions of 32 and 64 filters and 512 units, as in McMahan et al. 2017. Large: for small images.',
    kinds: ['image'],
  },
};

/** Below this, two poolings leave nothing to look at. */
const LEAST_SIDE = 8;

/** Why this model is none for the task; null when it is one. */
export function unfitness(name: ArchitectureName, { kind, shape }: ModelTask): string | null {
  const { title, kinds } = ARCHITECTURES[name];
  if (!kinds.includes(kind)) return `${title} takes images only.`;
  const [height = 0, width = 0] = shape;
  if (name.endsWith('cnn') && Math.min(height, width) < LEAST_SIDE)
    return `${title} needs images of at least ${LEAST_SIDE} × ${LEAST_SIDE} pixels, not ${width} × ${height}.`;
  return null;
}

/** What to begin with for such data. */
export function suggestArchitecture({ kind, shape }: ModelTask): ArchitectureChoice {
  if (kind === 'text') return { name: 'logistic' };
  if (kind === 'table') return { name: 'mlp', hidden: [16], dropout: 0 };
  const [height = 0, width = 0] = shape;
  return Math.min(height, width) < LEAST_SIDE ? { name: 'mlp', hidden: [64], dropout: 0 } : { name: 'small-cnn' };
}

/**
 * The topology of a model, from the shape of one example [n] or [height, width, channels] to a softmax over the classes. The same
 * arguments give the same text, hence the same architecture hash.
 */
export function buildArchitecture(choice: ArchitectureChoice, { shape, classes }: ModelTask): Topology {
  const flat = shape.length > 1 ? [flattening('inputs')] : [];
  const answer = dense('answer', classes, 'softmax');
  switch (choice.name) {
    case 'logistic':
      return chain('logistic', shape, [...flat, answer]);
    case 'mlp':
      return chain('mlp', shape, [
        ...flat,
        ...choice.hidden.flatMap((units, i) => [
          dense(`hidden${i + 1}`, units, 'relu'),
          ...(choice.dropout > 0 ? [dropout(`dropout${i + 1}`, choice.dropout)] : []),
        ]),
        answer,
      ]);
    case 'small-cnn':
      return chain('small_cnn', shape, [
        ...smallBlocks(shape),
        flattening('features'),
        dense('hidden', 32, 'relu'),
        answer,
      ]);
    case 'fedavg-cnn':
      return chain('fedavg_cnn', shape, [
        convolution('convolution1', 32, 5),
        pooling('pooling1'),
        convolution('convolution2', 64, 5),
        pooling('pooling2'),
        flattening('features'),
        dense('hidden', 512, 'relu'),
        answer,
      ]);
  }
}

const MOST_FILTERS = 64;
/** Sides left to the dense layers: more would only make these large. */
const FEATURE_SIDE = 8;

/** 3 × 3 convolutions of 8, 16, … filters, each with a pooling: two, and more until no side is longer than 8. */
function smallBlocks([height = 0, width = 0]: Shape): MakeLayer[] {
  const blocks: MakeLayer[] = [];
  let longest = Math.max(height, width);
  let shortest = Math.min(height, width);
  for (let i = 1; (i <= 2 || longest > FEATURE_SIDE) && shortest > 1; i++) {
    blocks.push(convolution(`convolution${i}`, Math.min(MOST_FILTERS, 4 * 2 ** i), 3), pooling(`pooling${i}`));
    longest = Math.floor(longest / 2);
    shortest = Math.floor(shortest / 2);
  }
  return blocks;
}
