import { decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import { scaleOf, type TaskManifest } from '@sotto/protocol/task';
import { encodingOf } from './encoding.ts';

/** What the code asks the model about. */
const EXAMPLE = { text: 'text', table: 'row', image: 'picture' } as const;

/** How the TF.js files are used: code that runs as it stands, given one example. */
export function tfjsSnippet(task: TaskManifest, output: 'probabilities' | 'logits'): string {
  const { input, kind } = task;
  const scale = scaleOf(task) === 1 ? '' : `.mul(${scaleOf(task)})`;
  const softmax = output === 'logits' ? '.softmax()' : '';
  return [
    "import * as tf from '@tensorflow/tfjs';",
    '',
    "const model = await tf.loadLayersModel('model.json');",
    `const { classes${input.columns ? ', input' : ''} } = model.getUserDefinedMetadata();`,
    '',
    ...encodingOf(task).code,
    '',
    `const values = encode(${EXAMPLE[kind]});`,
    `const inputs = tf.tensor(values, [1, ${input.shape.join(', ')}])${scale};`,
    `const shares = await model.predict(inputs)${softmax}.data();`,
    'console.log(classes[shares.indexOf(Math.max(...shares))]);',
  ].join('\n');
}

const ACTIVATIONS: Readonly<Record<string, (sum: string) => string>> = {
  relu: (sum) => `np.maximum(${sum}, 0)`,
  tanh: (sum) => `np.tanh(${sum})`,
  sigmoid: (sum) => `1 / (1 + np.exp(-(${sum})))`,
  linear: (sum) => sum,
};

interface Layer {
  readonly class_name: string;
  readonly config: { readonly name: string; readonly activation?: string; readonly use_bias?: boolean };
}

/** The steps from `x` to the answers' scores, where the layers are few and plain; null: that would be a library's work. */
function stepsOf(file: Uint8Array): string[] | null {
  const model = decodeModelFile(file);
  if (isRejection(model)) return null;
  const { config } = JSON.parse(model.topology) as { config?: { layers?: Layer[] } };
  const layers = config?.layers ?? [];
  const steps = layers.map(({ class_name, config: { name, activation = 'linear', use_bias = true } }, i) => {
    // The largest share has the largest score, too.
    const kind = i === layers.length - 1 && activation === 'softmax' ? 'linear' : activation;
    const activate = Object.hasOwn(ACTIVATIONS, kind) ? ACTIVATIONS[kind] : undefined;
    if (class_name !== 'Dense' || !activate) return null;
    return `x = ${activate(`x @ weights["${name}/kernel"]${use_bias ? ` + weights["${name}/bias"]` : ''}`)}`;
  });
  return steps.length > 0 && steps.every((step) => step !== null) ? steps : null;
}

/** How the safetensors file is used. `values` is one example as README.txt of the other download says. */
export function safetensorsSnippet(name: string, task: TaskManifest, file: Uint8Array): string {
  const steps = stepsOf(file);
  const scale = scaleOf(task) === 1 ? '' : ` * ${scaleOf(task)}`;
  return [
    ...(steps ? ['import numpy as np'] : []),
    'from safetensors import safe_open',
    '',
    `with safe_open("${name}.safetensors", framework="numpy") as file:`,
    '    architecture = file.metadata()["topology"]  # layers, as Keras and TensorFlow.js write them',
    '    weights = {name: file.get_tensor(name) for name in file.keys()}',
    ...(steps
      ? [
          '',
          `classes = ${JSON.stringify(task.classes)}`,
          `x = np.asarray(values, dtype=np.float32)${scale}  # values: see README.txt in the zip`,
          ...steps,
          'print(classes[int(x.argmax())])',
        ]
      : []),
  ].join('\n');
}
