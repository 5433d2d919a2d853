import { isObject, type Json, quoted, refusal } from './json.ts';

/** Layers that Keras and TF.js both have, under one name and meaning the same once `normaliseConfig` has been over them. */
export const LAYERS: ReadonlySet<string> = new Set([
  'Activation',
  'Add',
  'AlphaDropout',
  'Average',
  'AveragePooling1D',
  'AveragePooling2D',
  'BatchNormalization',
  'Bidirectional',
  'CenterCrop',
  'Concatenate',
  'Conv1D',
  'Conv2D',
  'Conv2DTranspose',
  'Conv3D',
  'Cropping2D',
  'Dense',
  'DepthwiseConv2D',
  'Dot',
  'Dropout',
  'ELU',
  'Embedding',
  'Flatten',
  'GRU',
  'GaussianDropout',
  'GaussianNoise',
  'GlobalAveragePooling1D',
  'GlobalAveragePooling2D',
  'GlobalMaxPooling1D',
  'GlobalMaxPooling2D',
  'InputLayer',
  'LSTM',
  'LayerNormalization',
  'LeakyReLU',
  'Masking',
  'MaxPooling1D',
  'MaxPooling2D',
  'Maximum',
  'Minimum',
  'Multiply',
  'PReLU',
  'Permute',
  'ReLU',
  'RepeatVector',
  'Rescaling',
  'Reshape',
  'Resizing',
  'SeparableConv2D',
  'SimpleRNN',
  'Softmax',
  'SpatialDropout1D',
  'ThresholdedReLU',
  'TimeDistributed',
  'UpSampling2D',
  'ZeroPadding2D',
]);

const ACTIVATIONS: ReadonlySet<unknown> = new Set([
  'elu',
  'gelu',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
]);
/** The same functions under other names. */
const ACTIVATION_NAMES: Readonly<Record<string, string>> = {
  silu: 'swish',
  hard_sigmoid: 'hardSigmoid',
  log_softmax: 'logSoftmax',
  hardSigmoid: 'hardSigmoid',
  logSoftmax: 'logSoftmax',
};

/** Settings that TF.js does not read, and what they must be for that to change nothing. */
const ONLY: Readonly<Record<string, readonly unknown[]>> = {
  data_format: ['channels_last', undefined, null],
  groups: [1, undefined, null],
  keepdims: [false, undefined, null],
  renorm: [false, undefined, null],
  rms_scaling: [false, undefined, null],
  noise_shape: [null, undefined],
  virtual_batch_size: [null, undefined],
  lora_rank: [null, undefined],
  quantization_config: [null, undefined],
  crop_to_aspect_ratio: [false, undefined, null],
  pad_to_aspect_ratio: [false, undefined, null],
  zero_output_for_mask: [false, undefined, null],
  ragged: [false, undefined, null],
};
/** Settings that mean nothing for what is learned, or that say what TF.js does anyway. */
const DROPPED: ReadonlySet<string> = new Set([
  ...Object.keys(ONLY),
  'batch_shape',
  'build_config',
  'build_input_shape',
  'compile_config',
  'module',
  'optional',
  'registered_name',
  'renorm_clipping',
  'renorm_momentum',
  'synchronized',
  'trainable',
]);

/** Why a layer that TF.js does not have cannot be done without, and what to do. */
export function whyNot(className: string): string {
  if (/Lambda|^Operation|Op$/.test(className))
    return 'it is Python code, which is not in the file. Write it with layers, such as Rescaling, Add or Multiply, and export again';
  if (/^Random/.test(className))
    return 'it changes images at random, which TF.js has no such layer for. Leave it out and export again';
  if (/Normalization$/.test(className))
    return 'TF.js has no such layer. Sotto normalises columns itself; leave it out, or use Rescaling or BatchNormalization, and export again';
  if (/Lookup$|^TextVectorization$|^Hashing$|^Discretization$|^StringLookup$/.test(className))
    return 'Sotto turns words and categories into numbers itself. Leave it out and export again';
  return 'TF.js has no such layer. Use another, and export again';
}

/**
 * The settings of one layer as TF.js reads them, whichever Keras wrote them.
 * @throws TrainingError `bad_model` where TF.js would compute something else
 */
export function normaliseConfig(className: string, config: Json, change: (what: string) => void): Json {
  const where = `Layer ${quoted(config.name)} (${className})`;
  for (const [key, allowed] of Object.entries(ONLY))
    if (!allowed.includes(config[key]))
      throw refusal(
        `${where} has ${key} = ${JSON.stringify(config[key])}, which TF.js cannot do. Set it to ${JSON.stringify(allowed[0])} and export again.`,
      );
  if (config.trainable === false)
    change('layers that were frozen learn, too: here all weights of a model are learned, sealed and counted');
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    // Keras 2 writes what this layer has inherited and never uses.
    if (DROPPED.has(key) || (className === 'SeparableConv2D' && key.startsWith('kernel_') && key !== 'kernel_size'))
      continue;
    if (key === 'dtype') result.dtype = dtypeOf(value, where, change);
    else if (/activation$/.test(key)) result[key] = activationOf(value, where);
    else if (isObject(value) && 'class_name' in value && 'config' in value) result[key] = namedObject(value, where);
    else result[key] = value;
  }
  if ('batch_shape' in config && !('batch_input_shape' in config)) result.batch_input_shape = config.batch_shape;
  if (Array.isArray(result.batch_input_shape)) result.batch_input_shape = [null, ...result.batch_input_shape.slice(1)];
  if (className === 'BatchNormalization' && Array.isArray(result.axis)) result.axis = result.axis[0];
  if (className === 'LeakyReLU' && 'negative_slope' in result) {
    result.alpha = result.negative_slope;
    delete result.negative_slope;
  }
  if (className === 'ReLU') checkReLU(result, where);
  if (className === 'Softmax' && Array.isArray(result.axis)) result.axis = result.axis[0];
  return result;
}

/** TF.js's ReLU has a ceiling and nothing else. */
function checkReLU(config: Record<string, unknown>, where: string): void {
  for (const key of ['negative_slope', 'threshold']) {
    if (config[key])
      throw refusal(`${where} has ${key} = ${config[key]}, which TF.js cannot do. Use LeakyReLU instead.`);
    delete config[key];
  }
}

function dtypeOf(value: unknown, where: string, change: (what: string) => void): 'float32' {
  const policy = isObject(value) && isObject(value.config) ? value.config.name : value;
  if (typeof policy !== 'string') throw refusal(`${where} has a dtype that is no name. Export it with float32.`);
  if (policy !== 'float32') change(`${policy} became float32, which Sotto learns in`);
  return 'float32';
}

function activationOf(value: unknown, where: string): unknown {
  if (value === null || value === undefined) return 'linear';
  // Keras 3 writes functions of its own by name, others as objects.
  const name = isObject(value) ? value.config : value;
  const known = typeof name === 'string' ? (ACTIVATION_NAMES[name] ?? name) : undefined;
  if (known !== undefined && (ACTIVATIONS.has(known) || Object.values(ACTIVATION_NAMES).includes(known))) return known;
  throw refusal(
    `${where} has the activation ${quoted(typeof name === 'string' ? name : JSON.stringify(value))}, which TF.js does not know. Use relu, elu, gelu, swish or another of Keras' usual ones, and export again.`,
  );
}

/** Initialisers, regularisers and constraints: what TF.js calls by the same name. */
function namedObject({ class_name: className, config }: Json, where: string): Json {
  const { input_axes: _, output_axes: __, ...settings } = isObject(config) ? config : ({} as Json);
  if (className === 'L1' || className === 'L2') {
    const [l1, l2] = [settings.l1 ?? (className === 'L1' ? settings.l : 0), settings.l2 ?? 0];
    return { class_name: 'L1L2', config: { l1: l1 ?? 0, l2 } };
  }
  if (typeof className !== 'string' || className.includes('>'))
    throw refusal(
      `${where} uses ${quoted(className)}, which is Python code that is not in the file. Use one of Keras' own.`,
    );
  return { class_name: className, config: settings };
}
