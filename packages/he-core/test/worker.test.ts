import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateOneTimeKey } from '../src/member.ts';
import { isRejection } from '../src/rejection.ts';
import type { SealingClient } from '../src/worker/client.ts';
import { spawnSealer } from '../src/worker/spawn.node.ts';

let sealer: SealingClient;
beforeAll(() => {
  sealer = spawnSealer();
});
afterAll(() => sealer.close());

const planHash = new Uint8Array(32).fill(1);
const candidatesHash = new Uint8Array(32).fill(2);
const deviceId = new Uint8Array(32).fill(3);

test('a worker thread seals, checks and opens, and keeps no plaintext on the caller’s side', async () => {
  const keys = await Promise.all([1, 2, 3].map(() => generateOneTimeKey()));
  const messages = Float64Array.of(1, -2, 3);
  const sealed = await sealer.seal({
    profile: 'n47',
    planHash,
    deviceId,
    messages,
    threshold: 3,
    members: keys.map(({ publicKey }) => publicKey),
  });
  expect(messages.length).toBe(0);
  if (isRejection(sealed)) throw new Error(sealed.message);
  const { ciphertextHash } = sealed;
  const good = { deviceId, ciphertextHash, box: sealed.boxes[1]! };
  const swapped = { deviceId, ciphertextHash, box: sealed.boxes[0]! };
  const { answer, shares } = await sealer.check({
    planHash,
    candidatesHash,
    x: 2,
    ...keys[1]!,
    candidates: [good, null, swapped],
  });
  expect([answer.length, answer[0], answer[9], answer[10]]).toEqual([11, 0, 1, 1]);
  expect(shares[1]).toBeNull();
  expect(shares[2]).toMatchObject({ rejected: 'box_unopened' });
  const share = shares[0];
  if (!(share instanceof Uint16Array)) throw new Error('no share');
  expect(await sealer.open([share])).toHaveLength(8192);
});

test('what a worker refuses comes back as a value', async () => {
  const messages = Float64Array.of(0.5);
  const refused = await sealer.seal({
    profile: 'n47',
    planHash,
    deviceId,
    messages,
    threshold: 3,
    members: [planHash, planHash, planHash],
  });
  expect(refused).toMatchObject({ rejected: 'message_range' });
});
