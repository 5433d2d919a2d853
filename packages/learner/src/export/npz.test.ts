import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '@sotto/protocol/bytes';
import { encodeModelFile } from '@sotto/protocol/model-file';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { exportNpz, npy } from './npz.ts';

interface Answer {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly bytes: string;
}

const VECTORS = new URL('../../test/npy.json', import.meta.url);
const { answers } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { readonly answers: readonly Answer[] };

const TOPOLOGY = '{"class_name":"Sequential","config":[]}';
const MODEL = encodeModelFile({
  topology: TOPOLOGY,
  tensors: [
    { name: 'out/kernel', shape: [3, 2] },
    { name: 'out/bias', shape: [2] },
  ],
  weights: Float32Array.from([1, 2, 3, 4, 5, 6, 0.5, -0.5]),
});

describe('an array in NumPy’s format', () => {
  it.each(answers)('is what NumPy writes, byte by byte: shape $shape', ({ shape, values, bytes }) => {
    expect(toHex(npy(shape, Float32Array.from(values)))).toBe(toHex(fromHex(bytes)));
  });
});

describe('a model in NumPy’s format', () => {
  it('holds each tensor under its name, and the architecture', () => {
    const members = unzipSync(exportNpz(MODEL));
    expect(Object.keys(members)).toEqual(['topology.json', 'out/kernel.npy', 'out/bias.npy']);
    expect(strFromU8(members['topology.json']!)).toBe(TOPOLOGY);
    expect(members['out/kernel.npy']).toEqual(npy([3, 2], Float32Array.from([1, 2, 3, 4, 5, 6])));
    expect(members['out/bias.npy']).toEqual(npy([2], Float32Array.from([0.5, -0.5])));
  });

  it('is the same whenever it is made', () => {
    expect(exportNpz(MODEL)).toEqual(exportNpz(MODEL));
  });

  it('is refused for what is no model file', () => {
    expect(() => exportNpz(new Uint8Array(20))).toThrow(/Not a Sotto model file/);
  });
});
