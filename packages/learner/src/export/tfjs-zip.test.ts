import { encodeModelFile } from '@sotto/protocol/model-file';
import type { TaskManifest } from '@sotto/protocol/task';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { versionName } from './file-names.ts';
import { safetensorsSnippet, tfjsSnippet } from './snippets.ts';
import { tfjsZip } from './tfjs-zip.ts';

const TOPOLOGY = JSON.stringify({
  class_name: 'Sequential',
  config: {
    name: 'm',
    layers: [
      { class_name: 'Dense', config: { name: 'out', units: 2, activation: 'softmax', batch_input_shape: [null, 3] } },
    ],
  },
});
const WEIGHTS = Float32Array.from([1, 2, 3, 4, 5, 6, 0.5, -0.5]);
const MODEL = encodeModelFile({
  topology: TOPOLOGY,
  tensors: [
    { name: 'out/kernel', shape: [3, 2] },
    { name: 'out/bias', shape: [2] },
  ],
  weights: WEIGHTS,
});
const TASK = {
  id: 'shapes',
  kind: 'image',
  title: 'Shapes',
  classes: ['Kreis', 'Würfel'],
  input: { shape: [3], image: { width: 1, height: 1, channels: 3 } },
  data: { format: 'idx', scale: 1 / 255 },
} as TaskManifest;
const VERSION = {
  round: 4,
  contributors: 5,
  testAccuracy: 0.75,
  model: 'ab',
  transcript: 'cd',
  made: Date.UTC(2026, 2, 1),
};

describe('the TF.js archive', () => {
  const files = unzipSync(tfjsZip(MODEL, { task: TASK, run: 'r1', version: VERSION }));

  it('holds the files that belong together, the weights as they are', () => {
    expect(Object.keys(files).sort()).toEqual(['README.txt', 'labels.txt', 'model.json', 'weights.bin']);
    const weights = new DataView(files['weights.bin']!.slice().buffer);
    expect(weights.byteLength).toBe(4 * WEIGHTS.length);
    expect(Array.from(WEIGHTS, (_, i) => weights.getFloat32(4 * i, true))).toEqual([...WEIGHTS]);
    expect(strFromU8(files['labels.txt']!)).toBe('Kreis\nWürfel\n');
  });

  it('names the weights in the order they lie in, and says what the model is of', () => {
    const json = JSON.parse(strFromU8(files['model.json']!));
    expect(json.format).toBe('layers-model');
    expect(json.modelTopology).toEqual(JSON.parse(TOPOLOGY));
    expect(json.weightsManifest).toEqual([
      {
        paths: ['weights.bin'],
        weights: [
          { name: 'out/kernel', shape: [3, 2], dtype: 'float32' },
          { name: 'out/bias', shape: [2], dtype: 'float32' },
        ],
      },
    ]);
    expect(json.userDefinedMetadata).toMatchObject({
      task: 'shapes',
      round: 4,
      classes: ['Kreis', 'Würfel'],
      input: { shape: [3], scale: 1 / 255 },
    });
  });
});

describe('how to use what was downloaded', () => {
  it('scales as the task does, and makes probabilities of logits', () => {
    expect(tfjsSnippet(TASK, 'probabilities')).toContain(`tf.tensor(values, [1, 3]).mul(${1 / 255})`);
    expect(tfjsSnippet(TASK, 'probabilities')).not.toContain('softmax');
    expect(tfjsSnippet(TASK, 'logits')).toContain('model.predict(inputs).softmax()');
  });

  it('goes on from the weights to the answer where the layers are plain', () => {
    const code = safetensorsSnippet('m', TASK, MODEL);
    expect(code).toContain('x = x @ weights["out/kernel"] + weights["out/bias"]');
    expect(code).toContain('classes = ["Kreis","Würfel"]');
  });

  it('names the file as it was saved', () => {
    expect(versionName('shapes', 4)).toBe('sotto-shapes-round-4');
    expect(safetensorsSnippet(versionName('shapes', 4), TASK, MODEL)).toContain(
      'safe_open("sotto-shapes-round-4.safetensors"',
    );
  });
});
