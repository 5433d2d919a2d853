import type { Shape } from '../architectures/chain.ts';
import { normaliseEnds, normaliseNodes } from './graph.ts';
import { isObject, type Json, quoted, refusal } from './json.ts';
import { LAYERS, normaliseConfig, whyNot } from './layer.ts';
import { readManifest, type WeightGroup } from './manifest.ts';

export interface ImportedLayer extends Json {
  readonly class_name: string;
  readonly config: Json;
}

/** A model that somebody made elsewhere, as TF.js builds it. */
export interface ImportedModel {
  readonly class_name: 'Sequential' | 'Functional';
  readonly config: Json & { readonly layers: readonly ImportedLayer[] };
}

export interface ModelJson {
  readonly model: ImportedModel;
  /** What was written otherwise than TF.js or Sotto needs it, in words. */
  readonly changes: readonly string[];
  /** The files that hold its weights; null where it comes without. */
  readonly weights: readonly WeightGroup[] | null;
}

/** A topology is shown to every participant; one of megabytes is no topology. */
const MOST_CHARACTERS = 8_000_000;

/**
 * Reads `model.json` of TF.js, or what `model.to_json()` of Keras 2 or 3 gives, with or without TF.js's converter in between.
 * @param shape  of one example: stands in for sides of the input that the file leaves open
 * @throws TrainingError `bad_model`, saying what stands in the way, where, and what to do
 */
export function readModelJson(text: string, shape: Shape | null = null): ModelJson {
  if (text.length > MOST_CHARACTERS)
    throw refusal(
      `The file is larger than ${MOST_CHARACTERS / 1e6} MB: it is no model.json. Its weights belong in files beside it.`,
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refusal(
      text.startsWith('PK') || text.startsWith('\u0089HDF')
        ? 'This is a .keras or .h5 file. Convert it with tensorflowjs_converter, or save model.to_json() as model.json.'
        : 'The file is not JSON. Choose the model.json that TF.js or Keras wrote.',
    );
  }
  if (!isObject(json)) throw refusal('The file holds no model. Choose the model.json that TF.js or Keras wrote.');
  if (json.format === 'graph-model' || (isObject(json.modelTopology) && 'node' in json.modelTopology))
    throw refusal(
      'This is a graph model, which can be asked but not trained. Convert the Keras model again with --output_format tfjs_layers_model.',
    );
  const weights = readManifest(json.weightsManifest);
  let model: unknown = json;
  for (const wrapper of ['modelTopology', 'model_config'])
    if (isObject(model) && wrapper in model) model = model[wrapper];
  const changes = new Set<string>();
  if (usesKeras3(model)) changes.add('what Keras 3 writes otherwise was written as TF.js reads it');
  const normalised = normaliseModel(model, (what) => changes.add(what));
  const open = inputSides(normalised);
  const whole = shape && open.includes(null) ? fillInput(normalised, open, shape) : normalised;
  if (inputSides(whole).includes(null))
    throw refusal(
      `The model takes examples of shape [${open.map((side) => side ?? '?').join(', ')}], of which sides are left open. Export it for examples of one size.`,
    );
  if (whole !== normalised) changes.add(`its input, which was open, takes examples of shape [${shape!.join(', ')}]`);
  return { model: whole, changes: [...changes], weights };
}

/** Shape of one example as the model takes it; null where a side is left open. */
export function inputSides(model: ImportedModel): readonly (number | null)[] {
  return batchShapeOf(inputLayer(model)).slice(1);
}

/** Whether a model is in the file at all, and which. */
function normaliseModel(model: unknown, change: (what: string) => void): ImportedModel {
  if (!isObject(model) || typeof model.class_name !== 'string')
    throw refusal('The file holds no model. Choose the model.json that TF.js or Keras wrote.');
  const { class_name: className } = model;
  if (className !== 'Sequential' && className !== 'Functional' && className !== 'Model')
    throw refusal(
      `The model is a ${quoted(className)}, whose code is not in the file. Build it as a Sequential or functional model and export it.`,
    );
  const config: Json = Array.isArray(model.config)
    ? { layers: model.config }
    : isObject(model.config)
      ? model.config
      : {};
  if (!Array.isArray(config.layers) || config.layers.length === 0) throw refusal('The model has no layers.');
  const models = new Set(
    config.layers.filter((layer) => Array.isArray(layer?.config?.layers)).map((layer) => layer.name),
  );
  const layers = config.layers.map((layer) => normaliseLayer(layer, change, (one) => models.has(one)));
  const name = typeof config.name === 'string' ? config.name : 'model';
  if (className === 'Sequential') return { class_name: className, config: { name, layers: withInput(layers, config) } };
  return {
    class_name: 'Functional',
    config: {
      name,
      layers,
      input_layers: [normaliseEnds(config.input_layers, 'input')],
      output_layers: [normaliseEnds(config.output_layers, 'output')],
    },
  };
}

function normaliseLayer(
  layer: unknown,
  change: (what: string) => void,
  isModel: (layer: string) => boolean,
): ImportedLayer {
  if (!isObject(layer) || typeof layer.class_name !== 'string' || !isObject(layer.config))
    throw refusal('One of the layers has no class_name or no config. Export the model again.');
  const { class_name: className, config } = layer;
  const name = layer.name ?? config.name;
  const model = Array.isArray(config.layers);
  if (!model && !LAYERS.has(className)) throw refusal(`Layer ${quoted(name)} is a ${className}: ${whyNot(className)}.`);
  const nodes =
    'inbound_nodes' in layer ? { name, inbound_nodes: normaliseNodes(layer.inbound_nodes, name, isModel) } : {};
  if (model) return { ...normaliseModel(layer, change), ...nodes };
  const inner = isObject(config.layer) ? { layer: normaliseLayer(config.layer, change, isModel) } : {};
  const settings = normaliseConfig(className, { ...config, ...inner, name }, change);
  return { class_name: className, config: { ...settings, ...inner }, ...nodes };
}

/** Where no layer of a chain says what it takes, Keras says it beside them. */
function withInput(layers: readonly ImportedLayer[], { build_input_shape: shape }: Json): readonly ImportedLayer[] {
  const [first, ...others] = layers;
  if (!first || 'batch_input_shape' in first.config || 'layers' in first.config || !Array.isArray(shape)) return layers;
  return [{ ...first, config: { ...first.config, batch_input_shape: [null, ...shape.slice(1)] } }, ...others];
}

function usesKeras3(model: unknown): boolean {
  return /"batch_shape"|"DTypePolicy"|"__keras_tensor__"/.test(JSON.stringify(model ?? null));
}

/** The layer that says what the model takes, however deep. */
function inputLayer({ class_name: className, config }: ImportedModel): ImportedLayer {
  const { layers } = config;
  const [[name]] = (className === 'Functional' ? config.input_layers : [[]]) as [[string]];
  const layer = className === 'Sequential' ? layers[0]! : layers.find((one) => one.config.name === name);
  if (!layer) throw refusal(`The model’s input ${quoted(name)} is none of its layers. Export it again.`);
  return 'layers' in layer.config ? inputLayer(layer as unknown as ImportedModel) : layer;
}

function batchShapeOf({ config }: ImportedLayer): (number | null)[] {
  const shape = config.batch_input_shape;
  if (!Array.isArray(shape) || shape.length < 2)
    throw refusal('The model does not say the shape of its input. Begin it with an Input layer and export it again.');
  return shape as (number | null)[];
}

/** The same model for examples of one size. @throws TrainingError `bad_model` where the sides that are given differ */
function fillInput(model: ImportedModel, open: readonly (number | null)[], shape: Shape): ImportedModel {
  if (open.length !== shape.length || open.some((side, i) => side !== null && side !== shape[i])) return model;
  const target = inputLayer(model);
  const filled = (layer: ImportedLayer): ImportedLayer =>
    layer === target
      ? { ...layer, config: { ...layer.config, batch_input_shape: [null, ...shape] } }
      : 'layers' in layer.config
        ? { ...layer, config: { ...layer.config, layers: (layer.config.layers as ImportedLayer[]).map(filled) } }
        : layer;
  return { ...model, config: { ...model.config, layers: model.config.layers.map(filled) } };
}
