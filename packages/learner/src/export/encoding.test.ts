import { readFileSync } from 'node:fs';
import type { TaskManifest } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { encodeRow } from '../table/encoding.ts';
import { encodingOf } from './encoding.ts';

/** The function that people are given, as they would run it. */
function run(task: Pick<TaskManifest, 'input'>): (example: unknown) => ArrayLike<number> {
  const { code } = encodingOf(task as TaskManifest);
  return new Function('input', `${code.join('\n')}\nreturn encode;`)(task.input);
}

interface Vector {
  readonly text: string;
  readonly buckets: number;
  readonly pairs: boolean;
  readonly maxCharacters: number;
  readonly ones: readonly number[];
}

const VECTORS = new URL('../text/vectors.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { readonly vectors: readonly Vector[] };

describe('the code that encodes an example outside of this page', () => {
  it.each(vectors)('makes of a text what the learner makes of it: vector $#', ({ text, ones, ...input }) => {
    const { buckets, pairs, maxCharacters } = input;
    const values = run({ input: { shape: [buckets], text: { buckets, pairs, maxCharacters } } })(text);
    expect([...Array(values.length).keys()].filter((at) => values[at] === 1)).toEqual(ones);
    expect(values.length).toBe(buckets);
  });

  it('makes of a row what the learner makes of it', () => {
    const columns: TaskManifest['input']['columns'] = [
      { type: 'number', name: 'age', mean: 40, deviation: 10, missing: 'fill' },
      { type: 'category', name: 'colour', values: ['red', 'blue'], missing: 'fill' },
    ];
    const encode = run({ input: { shape: [3], columns } });
    const expected = new Float32Array(3);
    encodeRow(columns, ['25', 'blue'], expected, 0, 'point');
    expect(Array.from(encode({ age: 25, colour: 'blue' }))).toEqual([...expected]);
    expect(Array.from(encode({}))).toEqual([0, 0, 0]);
  });

  it('makes pixels of a picture, grey where the task is', () => {
    const data = [255, 255, 255, 255, 255, 0, 0, 255];
    const image = { width: 2, height: 1 };
    expect(run({ input: { shape: [2], image: { ...image, channels: 1 } } })({ data })).toEqual([255, 76]);
    expect(run({ input: { shape: [6], image: { ...image, channels: 3 } } })({ data })).toEqual([
      255, 255, 255, 255, 0, 0,
    ]);
  });
});
