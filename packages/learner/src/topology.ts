import { TrainingError } from './training-error.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (what: string) => new TrainingError('bad_model', `The model's topology ${what}.`);

/**
 * The model within a topology or a whole `model.json`, whose weights manifest is dropped: weights travel in the model file; and, within it,
 * the layer that gives the answer.
 * @throws TrainingError `bad_model`
 */
export function readTopology(topology: string): { readonly model: Json; readonly output: Json } {
  let json: unknown;
  try {
    json = JSON.parse(topology);
  } catch (cause) {
    throw new TrainingError('bad_model', "The model's topology is not JSON.", { cause });
  }
  let model = json;
  for (const wrapper of ['modelTopology', 'model_config'])
    if (isObject(model) && wrapper in model) model = model[wrapper];
  if (!isObject(model) || typeof model.class_name !== 'string')
    throw bad('has no class_name: export it with model.toJSON()');
  const config = model.config;
  const layers = Array.isArray(config) ? config : isObject(config) ? config.layers : undefined;
  if (!Array.isArray(layers) || layers.length === 0) throw bad('has no layers');
  return { model, output: outputLayer(config, layers) };
}

/** Whether the model itself gives probabilities, not logits. */
export function endsInSoftmax({ class_name, config }: Json): boolean {
  return class_name === 'Softmax' || (isObject(config) && config.activation === 'softmax');
}

/**
 * The topology, ready for `modelFromJSON`, with its last softmax taken off: the model then gives logits, of which cross entropy is
 * computed without the clipping that probabilities need (a hopelessly wrong example would otherwise have no gradient).
 * @throws TrainingError `bad_model`
 */
export function withLogits(topology: string): Json {
  const { model, output } = readTopology(topology);
  const { config } = output;
  if (!isObject(config)) throw bad('has an output layer without config');
  if (output.class_name === 'Softmax') {
    output.class_name = 'Activation';
    output.config = { name: config.name, activation: 'linear' };
  } else if (['softmax', 'linear', undefined].includes(config.activation as string | undefined)) {
    config.activation = 'linear';
  } else {
    throw bad(
      `ends in activation ${String(config.activation)}: Sotto trains classifiers, which end in softmax or linear`,
    );
  }
  return model;
}

function outputLayer(config: unknown, layers: unknown[]): Json {
  let layer: unknown = layers.at(-1);
  if (isObject(config) && Array.isArray(config.output_layers)) {
    const outputs: unknown[] = config.output_layers;
    const output = outputs[0];
    if (outputs.length !== 1 || !Array.isArray(output)) throw bad('has not exactly one output');
    layer = layers.find((candidate) => isObject(candidate) && candidate.name === output[0]);
  }
  if (!isObject(layer)) throw bad('names an output layer that it does not contain');
  return layer;
}
