/** Shape of one example, or of what a layer makes of it. */
export type Shape = readonly number[];

interface Layer {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** What it gives. */
  readonly shape: Shape;
  readonly parameters: number;
}

/** A layer, given the shape it takes. */
export type MakeLayer = (shape: Shape) => Layer;

export interface Topology {
  /** TF.js layers topology, JSON. */
  readonly json: string;
  /** How many weights are learned. */
  readonly parameters: number;
}

/** Layers one after another, as a topology. */
export function chain(name: string, inputShape: Shape, makers: readonly MakeLayer[]): Topology {
  let shape = inputShape;
  let parameters = 0;
  const layers = makers.map((make, i) => {
    const layer = make(shape);
    shape = layer.shape;
    parameters += layer.parameters;
    const first = i === 0 ? { batch_input_shape: [null, ...inputShape] } : {};
    return { class_name: layer.className, config: { ...layer.config, ...first } };
  });
  return { json: `${JSON.stringify({ class_name: 'Sequential', config: { name, layers } }, null, 2)}\n`, parameters };
}

type Activation = 'relu' | 'softmax';

const GLOROT = { class_name: 'GlorotUniform', config: {} };

/** [n] → [units]; n · units + units weights. */
export const dense =
  (name: string, units: number, activation: Activation): MakeLayer =>
  ([inputs = 0]) => ({
    className: 'Dense',
    config: { name, units, activation, kernel_initializer: GLOROT },
    shape: [units],
    parameters: inputs * units + units,
  });

/** [height, width, channels] → [height, width, filters]; side² · channels · filters + filters weights. */
export const convolution =
  (name: string, filters: number, side: number): MakeLayer =>
  ([height = 0, width = 0, channels = 0]) => ({
    className: 'Conv2D',
    config: {
      name,
      filters,
      kernel_size: [side, side],
      padding: 'same',
      activation: 'relu',
      kernel_initializer: GLOROT,
    },
    shape: [height, width, filters],
    parameters: side * side * channels * filters + filters,
  });

/** [height, width, channels] → half of each side, rounded down. */
export const pooling =
  (name: string): MakeLayer =>
  ([height = 0, width = 0, channels = 0]) => ({
    className: 'MaxPooling2D',
    config: { name, pool_size: [2, 2], strides: [2, 2] },
    shape: [Math.floor(height / 2), Math.floor(width / 2), channels],
    parameters: 0,
  });

/** Any shape → one list of its numbers. */
export const flattening =
  (name: string): MakeLayer =>
  (shape) => ({
    className: 'Flatten',
    config: { name },
    shape: [shape.reduce((product, side) => product * side, 1)],
    parameters: 0,
  });

/** Leaves this share of the inputs out, others each time, while it learns. */
export const dropout =
  (name: string, rate: number): MakeLayer =>
  (shape) => ({ className: 'Dropout', config: { name, rate }, shape, parameters: 0 });
