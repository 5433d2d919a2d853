import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../src/bytes.ts';
import { decodeModelFile, encodeModelFile, MAX_MODEL_HEADER_BYTES, type ModelFile } from '../src/model-file.ts';
import { isRejection } from '../src/rejection.ts';
import { sizeOf } from '../src/safetensors.ts';
import { encodeUtf8 } from '../src/utf8.ts';

const MODEL: ModelFile = {
  topology: '{"class_name":"Sequential"}',
  tensors: [
    { name: 'dense/kernel', shape: [2, 3] },
    { name: 'dense/bias', shape: [3] },
  ],
  weights: Float32Array.of(1, -2, 0.5, 1e-40, -0, 3e38, 7, 8, 9),
};
const DATA = encodeModelFile(MODEL).slice(-36);

/** A file with this header text, padded as ours are, and this data. */
function fileOf(header: unknown, data: Uint8Array = DATA): Uint8Array {
  const text = encodeUtf8(typeof header === 'string' ? header : JSON.stringify(header));
  const padding = new Uint8Array((8 - (text.length % 8)) % 8).fill(0x20);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, text.length + padding.length, true);
  return concat([length, text, padding, data]);
}

const METADATA = { format: 'sotto-1', topology: MODEL.topology };
const KERNEL = { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] };
const BIAS = { dtype: 'F32', shape: [3], data_offsets: [24, 36] };
const HEADER = { __metadata__: METADATA, 'dense/kernel': KERNEL, 'dense/bias': BIAS };

function refused(bytes: Uint8Array): boolean {
  const result = decodeModelFile(bytes);
  if (isRejection(result)) expect(result.rejected).toBe('bad_model_file');
  return isRejection(result);
}

describe('a model file', () => {
  it('is what any safetensors writer would make of these tensors', () => {
    expect(encodeModelFile(MODEL)).toEqual(fileOf(HEADER));
  });

  it('round-trips any model, bit by bit, in one spelling', () => {
    const tensor = fc.record({
      name: fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
      shape: fc.array(fc.nat(4), { maxLength: 3 }),
    });
    const model = fc
      .record({
        topology: fc.string(),
        tensors: fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 5 }),
      })
      .chain(({ topology, tensors }) => {
        const size = tensors.reduce((total, { shape }) => total + sizeOf(shape), 0);
        return fc
          .float32Array({ minLength: size, maxLength: size, noNaN: true, noDefaultInfinity: true })
          .map((weights) => ({ topology, tensors, weights: Float32Array.from(weights) }));
      });
    fc.assert(
      fc.property(model, (value) => {
        const bytes = encodeModelFile(value);
        const decoded = decodeModelFile(bytes);
        // Tensors without numbers begin where another begins; their order is not kept, and such files are refused.
        if (isRejection(decoded)) expect(value.tensors.some(({ shape }) => sizeOf(shape) === 0)).toBe(true);
        else {
          expect(decoded.weights).toEqual(value.weights);
          expect(encodeModelFile(decoded)).toEqual(bytes);
        }
      }),
    );
  });

  it('is read from the middle of a larger buffer', () => {
    const bytes = encodeModelFile(MODEL);
    const larger = concat([new Uint8Array(3), bytes, new Uint8Array(5)]);
    expect(decodeModelFile(larger.subarray(3, 3 + bytes.length))).toEqual(MODEL);
  });

  it('is refused at every shorter length and one byte longer', () => {
    const bytes = encodeModelFile(MODEL);
    for (let length = 0; length < bytes.length; length++) expect(refused(bytes.subarray(0, length))).toBe(true);
    expect(refused(concat([bytes, new Uint8Array(1)]))).toBe(true);
    expect(refused(concat([bytes, new Uint8Array(4)]))).toBe(true);
  });

  it('never throws and never changes its spelling, whichever byte is changed', () => {
    const bytes = encodeModelFile(MODEL);
    for (let at = 0; at < bytes.length; at++)
      for (const bit of [1, 16, 128]) {
        const changed = Uint8Array.from(bytes);
        changed[at]! ^= bit;
        const decoded = decodeModelFile(changed);
        if (!isRejection(decoded)) expect(encodeModelFile(decoded)).toEqual(changed);
      }
  });

  it.each([
    ['NaN', Number.NaN],
    ['+∞', Number.POSITIVE_INFINITY],
    ['−∞', Number.NEGATIVE_INFINITY],
  ])('is refused with %s at any place', (_, value) => {
    for (let at = 0; at < 9; at++) {
      const data = Uint8Array.from(DATA);
      new DataView(data.buffer).setFloat32(4 * at, value, true);
      expect(decodeModelFile(fileOf(HEADER, data))).toMatchObject({
        rejected: 'bad_model_file',
        message: expect.stringContaining(`weight ${at}`),
      });
    }
  });

  const layouts: [string, unknown][] = [
    ['overlapping tensors', { ...HEADER, 'dense/bias': { ...BIAS, data_offsets: [20, 32] } }],
    ['two tensors over the same bytes', { ...HEADER, 'dense/bias': { ...BIAS, data_offsets: [0, 12] } }],
    ['a gap', { ...HEADER, 'dense/bias': { ...BIAS, shape: [2], data_offsets: [28, 36] } }],
    ['a gap at the front', { __metadata__: METADATA, a: { dtype: 'F32', shape: [8], data_offsets: [4, 36] } }],
    ['data that no tensor covers', { __metadata__: METADATA, 'dense/kernel': KERNEL }],
    ['a tensor beyond the data', { ...HEADER, more: { dtype: 'F32', shape: [1], data_offsets: [36, 40] } }],
    ['a shape other than its bytes', { ...HEADER, 'dense/bias': { ...BIAS, shape: [4] } }],
    ['backward offsets', { ...HEADER, 'dense/bias': { ...BIAS, data_offsets: [36, 24] } }],
    ['fractional offsets', { ...HEADER, 'dense/bias': { ...BIAS, data_offsets: [24.5, 36.5] } }],
    ['negative offsets', { ...HEADER, 'dense/bias': { ...BIAS, data_offsets: [-12, 0] } }],
    ['a fractional shape', { ...HEADER, 'dense/bias': { ...BIAS, shape: [1.5, 2] } }],
    ['a huge shape', { ...HEADER, 'dense/bias': { ...BIAS, shape: [2 ** 52, 2 ** 52] } }],
    ['another number type', { ...HEADER, 'dense/bias': { ...BIAS, dtype: 'F64' } }],
    ['an unknown field of a tensor', { ...HEADER, 'dense/bias': { ...BIAS, extra: 1 } }],
    ['an unknown field of the metadata', { ...HEADER, __metadata__: { ...METADATA, extra: '1' } }],
    ['another format', { ...HEADER, __metadata__: { ...METADATA, format: 'pt' } }],
    ['no metadata', { 'dense/kernel': KERNEL, 'dense/bias': BIAS }],
    ['a list for a header', [HEADER]],
    ['null for a header', null],
    [
      'tensors in another order than their data',
      { __metadata__: METADATA, 'dense/bias': BIAS, 'dense/kernel': KERNEL },
    ],
    ['a header with spaces', JSON.stringify(HEADER, null, 1)],
    ['a number spelled otherwise', JSON.stringify(HEADER).replace('36', '3.6e1')],
    [
      'a tensor named twice',
      JSON.stringify(HEADER).replace(
        '"dense/bias"',
        '"dense/kernel":{"dtype":"F32","shape":[9],"data_offsets":[0,36]},"dense/bias"',
      ),
    ],
    [
      'a tensor that hides in the prototype',
      JSON.stringify(HEADER).replace(/\}$/, ',"__proto__":{"dtype":"F32","shape":[0],"data_offsets":[36,36]}}'),
    ],
    ['no JSON', '{"__metadata__":'],
    ['deeply nested lists', '['.repeat(100_000)],
  ];
  it.each(layouts)('is refused with %s', (_, header) => {
    expect(refused(fileOf(header))).toBe(true);
  });

  it('is refused with a header that is not UTF-8, too long or longer than 2^32', () => {
    const bytes = encodeModelFile(MODEL);
    const notText = Uint8Array.from(bytes);
    notText[20] = 0xff;
    expect(refused(notText)).toBe(true);
    for (const [low, high] of [
      [MAX_MODEL_HEADER_BYTES + 1, 0],
      [bytes.length, 0],
      [new DataView(bytes.buffer).getUint32(0, true), 1],
      [0xffff_ffff, 0xffff_ffff],
    ] as const) {
      const changed = Uint8Array.from(bytes);
      new DataView(changed.buffer).setUint32(0, low, true);
      new DataView(changed.buffer).setUint32(4, high, true);
      expect(refused(changed)).toBe(true);
    }
  });

  it('is not written from tensors that do not cover the weights, or of one name', () => {
    const { tensors } = MODEL;
    expect(() => encodeModelFile({ ...MODEL, tensors: tensors.slice(1) })).toThrow(RangeError);
    expect(() =>
      encodeModelFile({ ...MODEL, tensors: [tensors[0]!, { ...tensors[1]!, name: 'dense/kernel' }] }),
    ).toThrow(RangeError);
  });
});
