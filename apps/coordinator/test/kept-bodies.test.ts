import { reject } from '@sotto/protocol/rejection';
import { expect, it } from 'vitest';
import { createKeptBodies } from '../src/http/kept-bodies.ts';

function counting() {
  const made: string[] = [];
  const make =
    (name: string, body: () => Buffer | ReturnType<typeof reject> = () => Buffer.from(name)) =>
    async () => {
      made.push(name);
      return body();
    };
  return { made, make };
}

it('writes an answer out once, for however many ask at once and after another', async () => {
  const { get } = createKeptBodies();
  const { made, make } = counting();
  const bodies = await Promise.all(Array.from({ length: 100 }, () => get('a', make('a'))));
  expect(await get('a', make('a'))).toBe(bodies[0]);
  expect(new Set(bodies).size).toBe(1);
  expect(made).toEqual(['a']);
});

it('forgets refusals and failures: what is not there now may be there later', async () => {
  const { get } = createKeptBodies();
  const { made, make } = counting();
  expect(
    await get(
      'a',
      make('a', () => reject('not_found', 'Nothing.')),
    ),
  ).toMatchObject({ rejected: 'not_found' });
  const failing = make('a', () => {
    throw new Error('the disk is away');
  });
  await expect(get('a', failing)).rejects.toThrow('the disk is away');
  expect(await get('a', make('a'))).toEqual(Buffer.from('a'));
  expect(made).toEqual(['a', 'a', 'a']);
});

it('keeps no more bytes than it may, those asked for last', async () => {
  const { get } = createKeptBodies(20);
  const { made, make } = counting();
  const ask = (name: string) =>
    get(
      name,
      make(name, () => Buffer.alloc(8)),
    );
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(name);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});
