import { reject } from '@sotto/protocol/rejection';
import { expect, it } from 'vitest';
import { recordEverything } from '../src/ledger.ts';
import type { Transport } from '../src/transport.ts';

it('messages leave in the order they were given, however long their digests take', async () => {
  const left: number[] = [];
  const transport = {
    async request(_name: string, payload: { offset: number }) {
      left.push(payload.offset);
      return reject('disconnected', '');
    },
  } as unknown as Transport;
  const written: number[] = [];
  const recorded = recordEverything(
    transport,
    () => 0,
    ({ bytes }) => written.push(bytes),
  );
  const sizes = [8_000_000, 2_000_000, 1000, 0];
  await Promise.all(
    sizes.map((size, offset) => recorded.request('part', { planHash: 'ab', offset }, new Uint8Array(size))),
  );
  expect(left).toEqual([0, 1, 2, 3]);
  expect(written).toEqual(written.toSorted((a, b) => b - a));
});
