import type { TaskManifest } from '@sotto/protocol/task';

/** How the TF.js files are used: code that runs as it stands, given `values`, one example's numbers. */
export function tfjsSnippet({ input: { shape }, data }: TaskManifest, output: 'probabilities' | 'logits'): string {
  const scale = data.format === 'idx' ? `.mul(${data.scale})` : '';
  const softmax = output === 'logits' ? '.softmax()' : '';
  return [
    "import * as tf from '@tensorflow/tfjs';",
    '',
    "const model = await tf.loadLayersModel('model.json');",
    'const { classes } = model.getUserDefinedMetadata();',
    `const input = tf.tensor(values, [1, ${shape.join(', ')}])${scale};`,
    `const shares = await model.predict(input)${softmax}.data();`,
    'console.log(classes[shares.indexOf(Math.max(...shares))]);',
  ].join('\n');
}

/** How the safetensors file is read. */
export function safetensorsSnippet(name: string): string {
  return [
    'from safetensors import safe_open',
    '',
    `with safe_open("${name}.safetensors", framework="numpy") as file:`,
    '    architecture = file.metadata()["topology"]',
    '    weights = {name: file.get_tensor(name) for name in file.keys()}',
  ].join('\n');
}
