import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { strFromU8, unzipSync } from 'fflate';

interface Examples {
  readonly inputs: Uint8Array | Float32Array;
  readonly shape: readonly number[];
  readonly labels: Int32Array;
}

/**
 * Opens the archive as somebody does who has TensorFlow.js and nothing of ours, and asks the model, as its README.txt says.
 * @returns how many examples of each class [truth] it took for each [answer]
 */
export async function confusionInTfjs(zip: Uint8Array, { inputs, shape, labels }: Examples): Promise<number[][]> {
  await tf.setBackend('cpu');
  const files = unzipSync(zip);
  const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(strFromU8(files['model.json']!));
  const model = await loadLayersModel({
    load: async () => ({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: files['weights.bin']!.slice().buffer,
      userDefinedMetadata,
    }),
  });
  const { classes, input } = userDefinedMetadata;
  const batch = tf.mul(tf.tensor([...inputs], [labels.length, ...shape]), input.scale);
  const answers = await tf.argMax(model.predict(batch) as tf.Tensor, -1).data();
  const confusion = classes.map(() => classes.map(() => 0));
  labels.forEach((truth, i) => {
    confusion[truth][answers[i]!] += 1;
  });
  return confusion;
}
