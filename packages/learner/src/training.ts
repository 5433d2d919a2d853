import type { Training } from '@sotto/protocol/training';
import * as tf from '@tensorflow/tfjs-core';
import { countCorrect, crossEntropy, makeBatch } from './batch.ts';
import type { Classifier, ReadTensor } from './classifier.ts';
import { type Dataset, datasetSize } from './dataset.ts';
import { evaluate } from './evaluation.ts';
import { createRandom, mixSeed, shuffledIndices, withSeededDraws } from './random.ts';
import { TrainingError } from './training-error.ts';

export interface TrainingProgress {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Batches of this epoch done so far; 0 before the first of all. */
  readonly batch: number;
  readonly batches: number;
  /** Means over this epoch so far, each batch measured as it was trained; before the first batch, those of the weights given. */
  readonly loss: number;
  readonly accuracy: number;
  /** On the examples kept aside, as last measured: with the weights given, then at each epoch's end; null when there are none. */
  readonly validation: Measured | null;
  /** Until the last batch, judged by those done so far; null before the first. */
  readonly msLeft: number | null;
  /** What computes, which may change in mid-training when a GPU fails. */
  readonly backend: string;
}

export interface Measured {
  readonly loss: number;
  readonly accuracy: number;
}

export interface TrainingResult {
  /** Weights after − weights before, in model order. */
  readonly delta: Float32Array<ArrayBuffer>;
  readonly examples: number;
  /** How many own examples the weights given (before training) classify correctly. */
  readonly correct: number;
  /** Summed cross entropy of the weights given on the own examples. */
  readonly lossSum: number;
  /** Means over the last epoch. */
  readonly finalLoss: number;
  readonly finalAccuracy: number;
}

export interface TrainingPorts {
  readonly read: ReadTensor;
  /** Awaited after every batch; lets messages in, and throws to stop. Says whether it is time for progress. */
  readonly pause: () => Promise<boolean>;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
}

/**
 * Plain SGD or Adam over the own examples, from `weights`, in an order drawn from `seed`. On one backend the same arguments give the
 * same delta, bit for bit; `validation` is only measured, and changes nothing of it.
 * @throws TrainingError `not_finite`, and whatever `pause` throws
 */
export async function train(
  classifier: Classifier,
  weights: Float32Array,
  { dataset, validation }: { dataset: Dataset; validation: Dataset | null },
  { optimizer: settings, epochs, batchSize, proximalMu = 0, seed }: Training & { seed: number },
  { read, pause, onProgress, now }: TrainingPorts,
): Promise<TrainingResult> {
  classifier.setWeights(weights);
  const measure = (on: Dataset) => evaluate(classifier, on, { read, pause: async () => void (await pause()) });
  const before = await measure(dataset);
  const examples = datasetSize(dataset);
  const batches = Math.ceil(examples / batchSize);
  const orderDraws = createRandom(mixSeed(seed, 0));
  const layerDraws = createRandom(mixSeed(seed, 1));
  const { optimizer, dispose } = createOptimizer(settings);
  const anchor = proximalMu > 0 ? createAnchor(classifier.trainable, proximalMu) : undefined;
  let tally: tf.Tensor1D | undefined;
  let { loss, accuracy } = before;
  let held: Measured | null = null;
  const tell = (epoch: number, batch: number, msLeft: number | null) =>
    onProgress({ epoch, epochs, batch, batches, loss, accuracy, validation: held, msLeft, backend: tf.getBackend() });
  const validate = async () => {
    if (validation === null) return;
    const measured = await measure(validation);
    held = { loss: measured.loss, accuracy: measured.accuracy };
  };
  try {
    await validate();
    tell(1, 0, null);
    const began = now();
    for (let epoch = 1; epoch <= epochs; epoch++) {
      tally?.dispose();
      tally = tf.zeros([2]);
      const order = shuffledIndices(examples, orderDraws);
      for (let batch = 1; batch <= batches; batch++) {
        const start = (batch - 1) * batchSize;
        const end = Math.min(start + batchSize, examples);
        tally = withSeededDraws(layerDraws, () =>
          trainBatch(classifier, optimizer, dataset, order, start, end, tally!, anchor),
        );
        if (!(await pause()) && batch < batches) continue;
        const [lossSum = Number.NaN, correct = Number.NaN] = await read(tally);
        loss = lossSum / end;
        accuracy = correct / end;
        if (!Number.isFinite(loss))
          throw new TrainingError(
            'not_finite',
            `The loss became ${loss} by batch ${batch} of epoch ${epoch}: training diverged. Lower the learning rate (now ${settings.learningRate}) or check the inputs' scale.`,
          );
        if (batch === batches) await validate();
        const done = (epoch - 1) * batches + batch;
        tell(epoch, batch, ((now() - began) / done) * (epochs * batches - done));
      }
    }
    const delta = await classifier.readWeights(read);
    for (let i = 0; i < delta.length; i++) {
      delta[i] = delta[i]! - weights[i]!;
      if (!Number.isFinite(delta[i]!))
        throw new TrainingError(
          'not_finite',
          `Weight ${i} is no longer a finite number after training. Lower the learning rate (now ${settings.learningRate}).`,
        );
    }
    return {
      delta,
      examples,
      correct: before.correct,
      lossSum: before.loss * examples,
      finalLoss: loss,
      finalAccuracy: accuracy,
    };
  } finally {
    tally?.dispose();
    anchor?.dispose();
    dispose();
  }
}

/** One step; adds [loss · size, correct] to the tally, which it disposes, and returns the new one. */
function trainBatch(
  classifier: Classifier,
  optimizer: tf.Optimizer,
  dataset: Dataset,
  order: Uint32Array,
  start: number,
  end: number,
  tally: tf.Tensor1D,
  anchor: Anchor | undefined,
): tf.Tensor1D {
  const sum = tf.tidy(() => {
    const { inputs, labels, size } = makeBatch(dataset, order, start, end);
    let measured: tf.Tensor1D | undefined;
    optimizer.minimize(
      () => {
        const logits = classifier.logits(inputs, true);
        const loss = crossEntropy(logits, labels);
        measured = tf.keep(tf.stack([tf.mul(loss, size), countCorrect(logits, labels)]) as tf.Tensor1D);
        const terms = [classifier.penalty(), anchor?.pull()].filter((term) => term !== undefined);
        return terms.reduce((sum, term) => tf.add(sum, term), loss);
      },
      false,
      [...classifier.trainable],
    );
    const added: tf.Tensor1D = tf.add(tally, measured!);
    measured!.dispose();
    return added;
  });
  tally.dispose();
  return sum;
}

interface Anchor {
  /** (μ/2)·‖w − w_t‖², w_t being the weights when the anchor was made (Li et al. 2020, FedProx). */
  readonly pull: () => tf.Scalar;
  readonly dispose: () => void;
}

/** Over what training moves: statistics that a layer keeps by itself are not drawn back. */
function createAnchor(variables: readonly tf.Variable[], mu: number): Anchor {
  const start = variables.map((variable) => variable.clone());
  return {
    pull: () =>
      tf.mul(
        mu / 2,
        tf.addN(variables.map((variable, i) => tf.sum(tf.squaredDifference(variable, start[i]!)))),
      ) as tf.Scalar,
    dispose: () => tf.dispose(start),
  };
}

function createOptimizer(settings: Training['optimizer']): { optimizer: tf.Optimizer; dispose: () => void } {
  if (settings.name === 'sgd' && settings.momentum) {
    const optimizer = tf.train.momentum(settings.learningRate, settings.momentum);
    return {
      optimizer,
      dispose() {
        optimizer.dispose();
        // TF.js 4.22 forgets the learning rate, which momentum inherits from SGD.
        tf.SGDOptimizer.prototype.dispose.call(optimizer);
      },
    };
  }
  const { adam, sgd } = tf.train;
  const optimizer = settings.name === 'adam' ? adam(settings.learningRate) : sgd(settings.learningRate);
  return { optimizer, dispose: () => optimizer.dispose() };
}
