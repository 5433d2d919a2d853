import { TrainingError } from './training-error.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (what: string) => new TrainingError('bad_model', `The model's topology ${what}.`);

/**
 * The topology, ready for `modelFromJSON`, with its last softmax taken off: the model then gives logits, of which cross entropy is
 * computed without the clipping that probabilities need (a hopelessly wrong example would otherwise have no gradient).
 * Accepts the topology itself or a whole `model.json`, whose weights manifest is dropped: weights travel in the model file.
 * @throws TrainingError `bad_model`
 */
export function withLogits(topology: string): Json {
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
  const last = outputLayer(config, layers);
  const lastConfig = last.config;
  if (!isObject(lastConfig)) throw bad('has an output layer without config');
  if (last.class_name === 'Softmax') {
    last.class_name = 'Activation';
    last.config = { name: lastConfig.name, activation: 'linear' };
  } else if (['softmax', 'linear', undefined].includes(lastConfig.activation as string | undefined)) {
    lastConfig.activation = 'linear';
  } else {
    throw bad(
      `ends in activation ${String(lastConfig.activation)}: Sotto trains classifiers, which end in softmax or linear`,
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
