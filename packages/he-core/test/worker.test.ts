import { MessageChannel } from 'node:worker_threads';
import { expose, wrap } from 'comlink';
import { afterAll, expect, test } from 'vitest';
import { generateOneTimeKey } from '../src/member.ts';
import { isRejection } from '../src/rejection.ts';
import { nodeEndpoint } from '../src/worker/endpoint.node.ts';
import { type Checked, createSealingService, type SealingService } from '../src/worker/service.ts';

// The two ends of a worker thread: all that goes between them is cloned or transferred.
const { port1, port2 } = new MessageChannel();
const service = createSealingService();
let checked: Checked | undefined;
const spied: SealingService = {
  ...service,
  async check(request) {
    checked = await service.check(request);
    return checked;
  },
};
expose(spied, nodeEndpoint(port1));
const sealer = wrap<SealingService>(nodeEndpoint(port2));
afterAll(() => {
  port1.close();
  port2.close();
});

const planHash = new Uint8Array(32).fill(1);
const candidatesHash = new Uint8Array(32).fill(2);
const deviceId = new Uint8Array(32).fill(3);

test('a worker thread seals, checks and opens', async () => {
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
  // Moved: the thread keeps no copy of what the member will wipe.
  expect(checked!.shares[0]).toHaveLength(0);
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
