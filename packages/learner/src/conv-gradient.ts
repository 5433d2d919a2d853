import * as tf from '@tensorflow/tfjs-core';

/**
 * Adds `Conv2DBackpropFilter`, the one kernel that training a convolutional network needs and the WASM backend lacks (4.22).
 *
 * With x [n, H, W, ci], dy [n, h, w, co] and stride s, the gradient of the filter is
 *   dW[r, c, ci, co] = Σ_{n, i, j} x[n, r + s·i − top, c + s·j − left, ci] · dy[n, i, j, co],
 * which is itself a convolution: of x with its batch as channels, by dy as the filter, dilated by s. So
 *   dW = transpose(conv2d(transpose(pad(x)), transpose(dy), stride 1, dilation s)),
 * with x padded (or cut, where a stride left rows unread) to (filter − 1) + s·(h − 1) + 1 rows, so that the output is the filter's size.
 */
export function registerConvGradient(backendName: string): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, backendName)) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      filterGradient(
        inputs.x as tf.Tensor4D,
        inputs.dy as tf.Tensor4D,
        attrs as unknown as tf.Conv2DBackpropFilterAttrs,
      ),
  });
}

function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attrs: tf.Conv2DBackpropFilterAttrs): tf.Tensor {
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs;
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
  if (format !== 'channelsLast')
    throw new Error(`Conv2DBackpropFilter: this backend takes NHWC only, not ${dataFormat}.`);
  const plan = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode, false, format);
  const { strideHeight, strideWidth, filterHeight, filterWidth, outHeight, outWidth, inHeight, inWidth, padInfo } =
    plan;
  const rows = filterHeight + strideHeight * (outHeight - 1);
  const columns = filterWidth + strideWidth * (outWidth - 1);
  return tf.tidy(() => {
    const padded = tf.pad(x, [
      [0, 0],
      [padInfo.top, Math.max(0, rows - inHeight - padInfo.top)],
      [padInfo.left, Math.max(0, columns - inWidth - padInfo.left)],
      [0, 0],
    ]);
    const read = tf.slice(padded, 0, [plan.batchSize, rows, columns, plan.inChannels]);
    const gradient = tf.conv2d(
      tf.transpose(read, [3, 1, 2, 0]) as tf.Tensor4D,
      tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D,
      1,
      'valid',
      'NHWC',
      [strideHeight, strideWidth],
    );
    return tf.transpose(gradient, [1, 2, 0, 3]);
  });
}
