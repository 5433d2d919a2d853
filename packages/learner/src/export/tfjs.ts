import { decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import { endsInSoftmax, readTopology } from '../topology.ts';
import { TrainingError } from '../training-error.ts';

export interface TfjsModel {
  /** For `tf.loadLayersModel`; names `weights.bin`, which must lie beside it. */
  readonly json: string;
  /** Float32, little-endian, tensor after tensor. */
  readonly weights: Uint8Array<ArrayBuffer>;
  /** What the model gives: probabilities, or logits, of which softmax makes probabilities. */
  readonly output: 'probabilities' | 'logits';
}

/**
 * A model file in TF.js's own layers format, as `tf.LayersModel.save` writes it: the architecture as the task describes it, softmax and
 * all, and whatever else is worth knowing (classes, scale, where it comes from) under `userDefinedMetadata`.
 * @throws TrainingError `bad_model`
 */
export function exportTfjs(file: Uint8Array, metadata: object): TfjsModel {
  const model = decodeModelFile(file);
  if (isRejection(model)) throw new TrainingError('bad_model', `${model.message} Download the model again.`);
  const { model: modelTopology, output } = readTopology(model.topology);
  const json = {
    format: 'layers-model',
    generatedBy: 'Sotto',
    convertedBy: null,
    modelTopology,
    weightsManifest: [
      { paths: ['weights.bin'], weights: model.tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
    userDefinedMetadata: metadata,
  };
  return {
    json: JSON.stringify(json),
    // A model file is nothing but these bytes behind its header.
    weights: file.slice(file.length - 4 * model.weights.length),
    output: endsInSoftmax(output) ? 'probabilities' : 'logits',
  };
}
