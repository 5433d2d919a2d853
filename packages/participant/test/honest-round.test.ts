import { decodeSum, meanDelta } from '@sotto/fl-core/update-codec';
import { decryptSum } from '@sotto/he-core/decrypt';
import { decodeOpening, recoverSumKey } from '@sotto/he-core/opening';
import { PROFILES } from '@sotto/he-core/params';
import { createSum } from '@sotto/he-core/sum';
import { fromHex } from '@sotto/protocol/bytes';
import { coefficientsOf, type Plan, parametersOf } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { expect, it } from 'vitest';
import { ciphertext, createRoom, must } from './room.ts';

const asItIs = (plan: Plan) => plan;
const rotated = (plan: Plan): Plan => {
  const ranges = [{ size: parametersOf(plan.encoding), range: 2 }];
  return { ...plan, encoding: { ...plan.encoding, lanes: 4, lambda: 51, ranges, rotation: { seed: 9 } } };
};
/** The noise of each device is several times what it learned. The mean is not clipped. */
const noisy = (plan: Plan): Plan => ({
  ...plan,
  encoding: { ...plan.encoding, lambda: 1000, clip: 10_000, metadata: [] },
  noise: { mechanism: 'skellam', variance: 2_000_000, contributors: 3, epsilon: null, delta: 1e-5 },
});

it.each([
  { coding: 'two to a coefficient', change: asItIs, digits: 3 },
  { coding: 'rotated, four to a coefficient', change: rotated, digits: 1 },
  { coding: 'under noise', change: noisy, digits: -1 },
])(
  'five devices seal, three of five members open the sum, and it is the mean of what they learned: $coding',
  async (about) => {
    const room = await createRoom();
    const devices = await Promise.all([0.1, 0.2, 0.3, 0.4, 0.5].map((delta) => room.device({ delta })));
    const made = await room.plan(devices, about.change);
    const uploads = await room.contributeAll(devices, made);
    for (const member of devices) must(await room.check(member, made, uploads));
    const votes = [];
    for (const member of devices.slice(0, 4)) votes.push(must(await room.vote(member, made, devices)));
    const openings = new Map<number, Uint16Array>();
    for (const member of devices.slice(0, 4)) {
      const { payload, bytes } = must(await room.open(member, made, votes[0]!.contributors, votes));
      openings.set((payload as { x: number }).x, must(decodeOpening(bytes!)));
    }

    const { encoding } = made.plan;
    const profile = PROFILES[encoding.profile];
    const sum = await createSum({ profile: encoding.profile, coefficients: coefficientsOf(encoding) });
    for (const upload of uploads) expect(sum.add(ciphertext(upload))).toBeUndefined();
    const packed = sum.finish();
    sum[Symbol.dispose]();
    const recovered = must(
      await recoverSumKey({ threshold: made.plan.committee.threshold, openings, accept: async () => true }),
    );
    const opened = must(
      await decryptSum({
        profile: encoding.profile,
        planHash: fromHex(made.hash),
        coefficients: coefficientsOf(encoding),
        sum: packed,
        sumKey: recovered.key,
        contributors: 5,
      }),
    );
    const decoded = decodeSum(opened.messages, encoding, profile);
    expect(decoded.metadata.slice(0, 4)).toEqual(made.plan.noise ? [] : [50, 25, 10_000, 0]);
    const sealed = devices.map(({ levels }) => levels.get(made.hash)!);
    expect(decoded.levels).toEqual(
      decoded.levels.map((_, i) => sealed.reduce((total, levels) => total + levels[i]!, 0)),
    );
    const mean = must(meanDelta(decoded, encoding, 5));
    for (const value of mean) expect(value).toBeCloseTo(0.3, about.digits);
  },
);

it('a retry after a crash sends the identical upload, answer, vote and opening, and nothing else', async () => {
  const room = await createRoom();
  const devices = await Promise.all([1, 2, 3].map(() => room.device()));
  const [victim] = devices as [(typeof devices)[0]];
  const made = await room.plan(devices);
  const uploads = await room.contributeAll(devices, made);

  victim.restart();
  const again = must(await room.contribute(victim, made.hash));
  expect(again.record).toEqual(uploads[0]!.record);
  expect(again.bytes).toEqual(uploads[0]!.bytes);

  for (const member of devices) must(await room.check(member, made, uploads));
  const first = victim.sent.findLast(({ name }) => name === 'answer');
  victim.restart();
  expect(await room.check(victim, made, uploads)).toEqual(first);

  const votes = [];
  for (const member of devices) votes.push(must(await room.vote(member, made, devices)));
  victim.restart();
  expect(await room.vote(victim, made, devices)).toEqual(votes[0]);

  // The one-time key's boxes have to be fetched and opened again: the shares died with the process.
  const opening = must(await room.open(victim, made, votes[0]!.contributors, votes));
  victim.restart();
  expect(await room.open(victim, made, votes[0]!.contributors, votes)).toEqual(opening);
  expect(await victim.vault.list('one-time-keys', '')).toEqual([]);
});

it('an interrupted upload goes on where the coordinator stopped, with the same bytes', async () => {
  const room = await createRoom();
  const devices = await Promise.all([1, 2, 3].map(() => room.device()));
  const made = await room.plan(devices);
  const [device] = devices as [(typeof devices)[0]];
  device.answer = (name) => (name === 'part' ? { rejected: 'disconnected', message: '' } : { reply: { received: 0 } });
  expect(await device.contributing.asked(made.hash)).toBeUndefined();
  expect(device.contributing.phase()).toBe('idle');
  const record = (device.sent.find(({ name }) => name === 'upload')!.payload as { record: unknown }).record;
  const upload = must(await room.contribute(device, made.hash));
  expect(upload.record).toEqual(record);
  expect(device.contributing.phase()).toBe('sent');
  expect(isRejection(upload)).toBe(false);
});
