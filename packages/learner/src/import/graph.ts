import { isObject, type Json, quoted, refusal } from './json.ts';

/** One call of a layer, as TF.js reads it: for each input the layer it comes from, and which call and which output of it. */
export type InboundNode = readonly (readonly [layer: string, node: number, tensor: number, more: Json])[];

/**
 * How a layer of a graph is called. Keras 2 writes `[[[name, node, tensor, {}], …], …]`; Keras 3 `[{ args, kwargs }, …]`, where inputs are
 * `__keras_tensor__`s, and where a model within the model has not been called by being made, as in Keras 2 and TF.js it has.
 * @throws TrainingError `bad_model` where an argument is none of the inputs: TF.js could not pass it
 */
export function normaliseNodes(nodes: unknown, name: unknown, isModel: (layer: string) => boolean): InboundNode[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.map((node) => {
    if (isObject(node) && 'args' in node) return fromKeras3(node, name, isModel);
    if (!Array.isArray(node)) throw unreadable(name);
    // With a single input, some exports leave out the list around it.
    const inputs = typeof node[0] === 'string' ? [node] : node;
    return inputs.map((input) => {
      if (!Array.isArray(input) || typeof input[0] !== 'string') throw unreadable(name);
      const [layer, at = 0, tensor = 0, more = {}] = input;
      const said = Object.entries(isObject(more) ? more : {}).filter(([, value]) => value !== null);
      if (said.length > 0) throw withArgument(name, said[0]![0]);
      return [layer, Number(at), Number(tensor), {}] as const;
    });
  });
}

function fromKeras3({ args, kwargs }: Json, name: unknown, isModel: (layer: string) => boolean): InboundNode {
  // What layers are told anyway while they learn, or nothing.
  for (const [key, value] of Object.entries(isObject(kwargs) ? kwargs : {}))
    if (value !== null && key !== 'training') throw withArgument(name, key);
  const tensors = (Array.isArray(args) ? args : []).flatMap((arg: unknown) => (Array.isArray(arg) ? arg : [arg]));
  return tensors.map((tensor: unknown) => {
    const history = isObject(tensor) && isObject(tensor.config) ? tensor.config.keras_history : undefined;
    if (!isObject(tensor) || tensor.class_name !== '__keras_tensor__' || !Array.isArray(history))
      throw withArgument(name, JSON.stringify(tensor) ?? 'nothing');
    const [layer, node, at] = history;
    return [String(layer), Number(node) + (isModel(String(layer)) ? 1 : 0), Number(at), {}] as const;
  });
}

/** `["answer", 0, 0]` and `[["answer", 0, 0]]` are written for one. */
export function normaliseEnds(ends: unknown, which: 'input' | 'output'): [string, number, number] {
  const list = Array.isArray(ends) && typeof ends[0] === 'string' ? [ends] : ends;
  if (!Array.isArray(list) || list.length !== 1 || !Array.isArray(list[0]) || typeof list[0][0] !== 'string')
    throw refusal(
      `The model has ${Array.isArray(list) ? list.length : 'no'} ${which}s, and Sotto learns with exactly one. Export a model with one ${which}.`,
    );
  const [layer, node = 0, tensor = 0] = list[0];
  return [layer, Number(node), Number(tensor)];
}

function unreadable(name: unknown) {
  return refusal(
    `It cannot be told what layer ${quoted(name)} is connected to. Export the model again with Keras 2 or 3.`,
  );
}

function withArgument(name: unknown, argument: string) {
  return refusal(
    `Layer ${quoted(name)} is called with ${quoted(argument)}, which is no output of another layer; TF.js cannot do that. Write it with layers such as Rescaling, and export again.`,
  );
}
