import { decodeModelFile, type ModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import { endsInSoftmax, readTopology } from '../topology.ts';
import { TrainingError } from '../training-error.ts';

export interface TfjsModel {
  /** For `tf.loadLayersModel`; names `weights.bin`, which must lie beside it. */
  readonly json: string;
  /** Float32, little-endian, tensor after tensor. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

/**
 * A model file in TF.js's own layers format, as `tf.LayersModel.save` writes it: the architecture as the task describes it, softmax and
 * all, and whatever else is worth knowing (classes, scale, where it comes from) under `userDefinedMetadata`.
 * @throws TrainingError `bad_model`
 */
export function exportTfjs(file: Uint8Array, metadata: object): TfjsModel {
  const { topology, tensors, weights } = openModel(file);
  const json = {
    format: 'layers-model',
    generatedBy: 'Sotto',
    convertedBy: null,
    modelTopology: readTopology(topology).model,
    weightsManifest: [
      { paths: ['weights.bin'], weights: tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
    userDefinedMetadata: metadata,
  };
  return {
    json: JSON.stringify(json),
    // A model file is nothing but these bytes behind its header.
    weights: new Uint8Array(file.subarray(file.length - 4 * weights.length)),
  };
}

/**
 * What the exported model gives: probabilities, or logits, of which softmax makes probabilities.
 * @throws TrainingError `bad_model`
 */
export function outputOf(file: Uint8Array): 'probabilities' | 'logits' {
  return endsInSoftmax(readTopology(openModel(file).topology).output) ? 'probabilities' : 'logits';
}

/** @throws TrainingError `bad_model` */
export function openModel(file: Uint8Array): ModelFile {
  const model = decodeModelFile(file);
  if (isRejection(model)) throw new TrainingError('bad_model', `${model.message} Download the model again.`);
  return model;
}
