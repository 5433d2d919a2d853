import { TrainingError } from '@sotto/learner/training-error';
import { DONE, type RequestOf } from '@sotto/protocol/messages';
import { reject } from '@sotto/protocol/rejection';
import type { UpdateRecord } from '@sotto/protocol/update-record';
import { beforeEach, expect, it } from 'vitest';
import type { Vault } from '../src/vault.ts';
import { createRoom, type Device } from './room.ts';

/** A coordinator chooses when a device is asked, told that a round is over, and answered; none of it may mix two attempts up. */

let device: Device;
let made: { hash: string };
beforeEach(async () => {
  const room = await createRoom();
  const devices = await Promise.all([1, 2, 3].map(() => room.device()));
  made = await room.plan(devices);
  device = devices[0]!;
  device.answer = (name) => ({ reply: name === 'commit' ? DONE : { received: 0 } });
});

/** Work that stands still until it is let go, call by call. */
function gate() {
  const waiting: (() => void)[] = [];
  return {
    work: () => new Promise<void>((resolve) => waiting.push(resolve)),
    waiting: (count: number) => expect.poll(() => waiting.length).toBe(count),
    letGo: (at: number) => waiting[at]!(),
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 30));
const sentCiphertexts = () =>
  device.sent
    .filter(({ name }) => name === 'upload')
    .map(({ payload }) => (payload as RequestOf<'upload'>).record.ciphertext);
const outbox = async () =>
  (await device.vault.list('outbox', '')).map(({ value }) => (value as { record: UpdateRecord }).record.ciphertext);

it('of overlapping attempts at one plan, only the last one’s update is stored, and only what is stored is ever sent', async () => {
  const seals = gate();
  device.work.seal = seals.work;
  for (let attempt = 1; attempt <= 3; attempt++) {
    void device.contributing.asked(made.hash);
    await seals.waiting(attempt);
    if (attempt < 3) await device.contributing.over(made.hash);
  }
  // The first two come out while the third is under way, and must not pass for it.
  for (const at of [1, 0]) seals.letGo(at);
  await settle();
  expect(device.contributing.phase()).toBe('sealing');
  expect(await outbox()).toEqual([]);
  device.answer = (name) => (name === 'upload' ? reject('round_over', 'no') : { reply: DONE });
  seals.letGo(2);
  await expect.poll(() => device.contributing.phase()).toBe('idle');
  const stored = await outbox();
  expect(stored).toHaveLength(1);
  await device.contributing.asked(made.hash);
  expect(sentCiphertexts()).toEqual([stored[0], stored[0]]);
});

it('bytes replaced in memory or not yet stored are not sent: the outbox decides', async () => {
  const vault = device.vault as { -readonly [K in keyof Vault]: Vault[K] };
  const write = vault.write;
  vault.write = async (batch) => {
    if (batch.some(({ table }) => table === 'outbox')) throw new Error('the disk is full');
    return write(batch);
  };
  await device.contributing.asked(made.hash);
  expect(device.problems).toMatchObject([{ rejected: 'not_stored', message: expect.stringContaining('disk is full') }]);
  expect(device.sent.some(({ name }) => name === 'upload')).toBe(false);
  vault.write = write;
  await device.contributing.asked(made.hash);
  expect(sentCiphertexts()).toEqual(await outbox());
});

it('whoever leaves while the model is still on its way neither learns nor seals nor sends', async () => {
  const models = gate();
  device.work.model = models.work;
  const asked = device.contributing.asked(made.hash);
  await models.waiting(1);
  device.contributing.stop();
  expect(device.contributing.phase()).toBe('idle');
  models.letGo(0);
  await asked;
  expect(device.done).toEqual(['cancel']);
  expect(device.sent.filter(({ name }) => name !== 'one-time-key')).toEqual([]);
});

it('what fails for now, such as a sealing thread that died, is tried again by itself, and not for ever', async () => {
  let failures = 1;
  device.work.seal = async () => {
    if (failures-- > 0) throw new Error('the network is away');
  };
  await device.contributing.asked(made.hash);
  await expect.poll(() => device.contributing.phase()).toBe('sent');
  expect(device.problems.map(({ rejected }) => rejected)).toEqual(['sealing_failed']);
  expect(sentCiphertexts()).toEqual(await outbox());
});

it('whose training diverges says why, sends nothing, and tells the others not to wait', async () => {
  device.work.train = async () => {
    throw new TrainingError('not_finite', 'The loss became NaN: training diverged.');
  };
  await device.contributing.asked(made.hash);
  expect(device.problems).toMatchObject([{ rejected: 'not_finite', message: expect.stringContaining('diverged') }]);
  expect(device.sent.filter(({ name }) => name !== 'one-time-key')).toEqual([
    expect.objectContaining({ name: 'withdraw', payload: { planHash: made.hash } }),
  ]);
  expect(device.done).not.toContain('seal');
  expect(device.contributing.phase()).toBe('idle');
});

it('whoever pauses gives up what is not sealed yet and says so, is not asked twice, and still sends what is sealed', async () => {
  const withdrawn = () => device.sent.filter(({ name }) => name === 'withdraw').map(({ payload }) => payload);
  const steps = gate();
  device.work.train = steps.work;
  const asked = device.contributing.asked(made.hash);
  await steps.waiting(1);
  await device.contributing.giveUp();
  expect(device.contributing.phase()).toBe('idle');
  expect(withdrawn()).toEqual([{ planHash: made.hash }]);
  steps.letGo(0);
  await asked;
  expect(await device.vault.list('contributions', '')).toEqual([]);
  await device.contributing.declined(made.hash);
  expect(withdrawn()).toHaveLength(2);
  expect(device.done).not.toContain('seal');

  device.work.train = async () => {};
  await device.contributing.asked(made.hash);
  await device.contributing.declined(made.hash);
  expect(withdrawn()).toHaveLength(2);
  expect(device.sent.filter(({ name }) => name === 'upload')).toHaveLength(2);
});

it('what failed is not tried again for whoever paused meanwhile', async () => {
  device.work.seal = async () => {
    throw new Error('the network is away');
  };
  await device.contributing.asked(made.hash);
  await device.contributing.giveUp();
  device.work.seal = async () => {};
  await device.contributing.declined(made.hash);
  expect(device.contributing.phase()).toBe('idle');
  expect(device.sent.some(({ name }) => name === 'upload')).toBe(false);
});

it('whoever leaves while learning or sealing stores and sends nothing, and can take part again', async () => {
  for (const step of ['train', 'seal'] as const) {
    const steps = gate();
    device.work[step] = steps.work;
    const asked = device.contributing.asked(made.hash);
    await steps.waiting(1);
    device.contributing.stop();
    steps.letGo(0);
    await asked;
    expect(await device.vault.list('contributions', '')).toEqual([]);
    device.work[step] = async () => {};
  }
  expect(device.done).toEqual(['train', 'cancel', 'train', 'seal']);
  expect(sentCiphertexts()).toEqual([]);
  await device.contributing.asked(made.hash);
  expect(device.contributing.phase()).toBe('sent');
  expect(sentCiphertexts()).toEqual(await outbox());
});
