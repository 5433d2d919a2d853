import { quoted, refusal } from './json.ts';
import type { ImportedLayer, ImportedModel } from './model-json.ts';

/** The layers that a head puts behind features. */
export const HEAD = { pooling: 'sotto_features', answer: 'sotto_answer' } as const;

/** Where features may be taken from: each layer's output, the first layer's excepted; the last first. */
export function featureLayers({ config }: ImportedModel): string[] {
  return config.layers
    .filter(({ class_name: className }) => className !== 'InputLayer')
    .map((layer) => nameOf(layer))
    .reverse();
}

/** The layer before those that only make an answer of features: a last Dense, and softmax or dropout around it. */
export function suggestFeatures(model: ImportedModel): string {
  const names = featureLayers(model);
  const byName = new Map(model.config.layers.map((layer) => [nameOf(layer), layer.class_name]));
  const isAnswer = (name: string) => ['Activation', 'Softmax', 'Dropout'].includes(byName.get(name) ?? '');
  let at = 0;
  while (at < names.length - 1 && isAnswer(names[at]!)) at += 1;
  if (at < names.length - 1 && byName.get(names[at]!) === 'Dense') at += 1;
  while (at < names.length - 1 && byName.get(names[at]!) === 'Dropout') at += 1;
  return names[at] ?? '';
}

/** The part of a model that leads to one layer's output. @throws TrainingError `bad_model` where there is no such layer */
export function cutModel({ class_name: className, config }: ImportedModel, features: string): ImportedModel {
  const at = config.layers.findIndex((layer) => nameOf(layer) === features);
  if (at === -1) throw refusal(`The model has no layer ${quoted(features)} to take features from.`);
  if (className === 'Sequential')
    return { class_name: className, config: { ...config, layers: config.layers.slice(0, at + 1) } };
  const byName = new Map(config.layers.map((layer) => [nameOf(layer), layer]));
  const needed = new Set<string>();
  const visit = (name: string) => {
    if (needed.has(name)) return;
    needed.add(name);
    for (const node of (byName.get(name)?.inbound_nodes ?? []) as readonly (readonly [string][])[])
      for (const [from] of node) visit(from);
  };
  visit(features);
  return {
    class_name: className,
    config: {
      ...config,
      layers: config.layers.filter((layer) => needed.has(nameOf(layer))),
      output_layers: [[features, callOf(config.layers, config.output_layers, features), 0]],
    },
  };
}

/**
 * A model's features with a dense layer behind them that answers. All of it learns: the features go on from the weights they come with.
 * @param rank  how many sides the features have, without the batch's: three of an image, one of a list
 */
export function withHead(model: ImportedModel, rank: number, classes: number): ImportedModel {
  const { layers } = model.config;
  const [[last, call]] = (
    model.class_name === 'Sequential' ? [[nameOf(layers.at(-1)!), 0]] : model.config.output_layers
  ) as [[string, number]];
  for (const layer of layers)
    if (Object.values<string>(HEAD).includes(nameOf(layer)))
      throw refusal(`The model has a layer ${quoted(nameOf(layer))} already. Rename it and export again.`);
  const pooling = { class_name: rank === 3 ? 'GlobalAveragePooling2D' : 'Flatten', config: { name: HEAD.pooling } };
  const answer = {
    class_name: 'Dense',
    config: {
      name: HEAD.answer,
      units: classes,
      activation: 'softmax',
      kernel_initializer: { class_name: 'GlorotUniform', config: {} },
    },
  };
  const head = rank === 1 ? [answer] : [pooling, answer];
  if (model.class_name === 'Sequential') return { ...model, config: { ...model.config, layers: [...layers, ...head] } };
  const linked = head.map((layer, i) => ({
    ...layer,
    name: layer.config.name,
    inbound_nodes: [[i === 0 ? [last, call, 0, {}] : [head[0]!.config.name, 0, 0, {}]]],
  }));
  return {
    ...model,
    config: { ...model.config, layers: [...layers, ...linked], output_layers: [[HEAD.answer, 0, 0]] },
  };
}

/** Which call of a layer's is the one the model makes: models within models were called once before. */
function callOf(layers: readonly ImportedLayer[], outputs: unknown, name: string): number {
  const [[output, call]] = outputs as [[string, number]];
  if (output === name) return call;
  for (const layer of layers)
    for (const node of (layer.inbound_nodes ?? []) as readonly (readonly [string, number][])[])
      for (const [from, at] of node) if (from === name) return at;
  return 0;
}

function nameOf(layer: ImportedLayer): string {
  return String(layer.name ?? layer.config.name);
}
