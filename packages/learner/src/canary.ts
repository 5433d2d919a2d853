import * as tf from '@tensorflow/tfjs-core';
import { countCorrect, crossEntropy } from './batch.ts';
import { buildClassifier } from './classifier.ts';

const layer = (class_name: string, config: object) => ({ class_name, config });

/**
 * A convolution, a pooling and two dense layers on 28 × 28: the kernels that the tasks train with, at their size. The layers' odd widths
 * are deliberate: they are where a backend that packs numbers in fours goes wrong.
 */
const TOPOLOGY = JSON.stringify({
  class_name: 'Sequential',
  config: {
    name: 'canary',
    layers: [
      layer('Conv2D', {
        name: 'conv',
        filters: 4,
        kernel_size: [5, 5],
        activation: 'relu',
        batch_input_shape: [null, 28, 28, 1],
      }),
      layer('MaxPooling2D', { name: 'pool', pool_size: [2, 2] }),
      layer('Flatten', { name: 'flat' }),
      layer('Dense', { name: 'hidden', units: 63, activation: 'relu' }),
      layer('Dense', { name: 'out', units: 3, activation: 'softmax' }),
    ],
  },
});

const BATCH = 16;
/** The losses of these steps on the CPU backend (TF.js 4.22). A backend that trains correctly finds them to the tolerance. */
export const CANARY_LOSSES = [1.11591, 1.0514, 0.9751, 0.87654, 0.74814];
const TOLERANCE = 3e-3;

/** Numbers in [−1, 1) that every engine computes alike: no sine, no square root. */
const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => ((i * step) % 256) / 128 - 1);

/**
 * Trains the canary's few steps on the current backend: the losses, and how long the steps after the first took (the first compiles).
 */
export async function runCanary(now: () => number): Promise<{ losses: number[]; ms: number }> {
  const classifier = await buildClassifier(TOPOLOGY, () => 0.5);
  const optimizer = tf.train.sgd(0.1);
  try {
    classifier.setWeights(wave(classifier.parameters, 37).map((value) => value / 12));
    const losses: number[] = [];
    let started = now();
    for (let step = 0; step < CANARY_LOSSES.length; step++) {
      const answer = tf.tidy(() => {
        const inputs = tf.tensor(wave(BATCH * 28 * 28, 101), [BATCH, 28, 28, 1]);
        const labels = tf.tensor1d(
          Int32Array.from({ length: BATCH }, (_, i) => (7 * i * i) % 3),
          'int32',
        );
        let correct: tf.Scalar | undefined;
        const loss = optimizer.minimize(
          () => {
            const logits = classifier.logits(inputs, true);
            correct = tf.keep(countCorrect(logits, labels));
            return crossEntropy(logits, labels);
          },
          true,
          [...classifier.trainable],
        )!;
        const both = tf.stack([loss, correct!]);
        correct!.dispose();
        return both;
      });
      losses.push((await answer.data())[0]!);
      answer.dispose();
      if (step === 0) started = now();
    }
    return { losses, ms: now() - started };
  } finally {
    optimizer.dispose();
    classifier.dispose();
  }
}

/** What the canary found wrong; undefined when the backend computes what it should. */
export function canaryFault(losses: readonly number[]): string | undefined {
  const step = CANARY_LOSSES.findIndex((expected, i) => !(Math.abs((losses[i] ?? Number.NaN) - expected) <= TOLERANCE));
  return step === -1 ? undefined : `step ${step + 1} gave loss ${losses[step]}, not ${CANARY_LOSSES[step]}`;
}
