import type { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import type { Sealer } from '../src/sealing/client.ts';
import { spawnSealer } from '../src/sealing/spawn.node.ts';

const threads: Worker[] = [];
const onWorker = (worker: Worker) => threads.push(worker);
let sealer: Sealer;
afterEach(() => {
  process.off('worker', onWorker);
  sealer.close();
  threads.length = 0;
});

function start(): Sealer {
  process.on('worker', onWorker);
  sealer = spawnSealer();
  return sealer;
}

const SHARES = [Uint16Array.from({ length: 4100 }, () => 1)];
const CHECK = {
  planHash: new Uint8Array(32),
  candidatesHash: new Uint8Array(32),
  x: 1,
  privateKey: null as never,
  publicKey: new Uint8Array(32),
  candidates: [],
};

it('a call whose thread dies under it is refused, and the next one gets a thread of its own', async () => {
  const { check, open } = start();
  expect(await open(SHARES)).toBeInstanceOf(Uint8Array);
  const waiting = check(CHECK);
  await threads[0]!.terminate();
  expect(await waiting).toMatchObject({ rejected: 'sealer_gone', message: expect.stringContaining('thread ended') });
  expect(await open(SHARES)).toBeInstanceOf(Uint8Array);
  expect(threads).toHaveLength(2);
});

it('an error thrown in the thread, outside any call, does not end the process', async () => {
  const { open } = start();
  await open(SHARES);
  threads[0]!.emit('error', new Error('out of memory'));
  await threads[0]!.terminate();
  expect(await open(SHARES)).toBeInstanceOf(Uint8Array);
});

it('a closed sealer settles what is under way and starts nothing more', async () => {
  const { check, open, close } = start();
  await open(SHARES);
  const waiting = check(CHECK);
  close();
  expect(await waiting).toMatchObject({ rejected: 'sealer_gone' });
  expect(await open(SHARES)).toMatchObject({ rejected: 'sealer_gone' });
  expect(threads).toHaveLength(1);
});
