import { decodeOpening } from '@sotto/he-core/opening';
import { roundKeyText } from '@sotto/protocol/ids';
import { beforeEach, expect, it } from 'vitest';
import type { Vault, Write } from '../src/vault.ts';
import { openingsOf, shareOf } from './conspiracy.ts';
import { checkedRound, createRoom, type Device, hashOf, type Made, must, type Room, type Upload } from './room.ts';

let room: Room;
let devices: Device[];
let made: Made;
let uploads: Upload[];
beforeEach(async () => {
  room = await createRoom();
  ({ devices, made, uploads } = await checkedRound(room, 3));
});

async function votes(of = made) {
  const all = [];
  for (const member of devices) all.push(must(await room.vote(member, of, devices)));
  return all;
}

const keysOf = async ({ vault }: Device) => [
  ...(await vault.list('one-time-keys', '')),
  ...(await vault.list('key-deadlines', '')),
];

it('a one-time key is deleted at its plan’s last deadline, while its owner only waits', async () => {
  const [member] = devices as [Device];
  member.advance(made.plan.deadlines.open - member.clock - 1);
  await new Promise(setImmediate);
  expect(await member.vault.list('one-time-keys', '')).toHaveLength(1);
  member.advance(1);
  await expect.poll(() => keysOf(member)).toEqual([]);
});

it('a device that comes back after the deadline deletes the key before anything else, long before the key’s own expiry', async () => {
  const [member] = devices as [Device];
  member.restart();
  member.clock = made.plan.deadlines.open;
  await member.committee.forgetExpired();
  expect(await keysOf(member)).toEqual([]);
});

it('a device whose timer did not ring, as in a laptop that slept, deletes the key at the next thing it is asked', async () => {
  const [member] = devices as [Device];
  member.clock = made.plan.deadlines.open;
  expect(await room.vote(member, made, devices)).toMatchObject({ rejected: 'plan_late' });
  expect(await keysOf(member)).toEqual([]);
});

it('a key past its time opens no boxes, however long the coordinator takes to show them', async () => {
  const [member] = devices as [Device];
  const cast = await votes();
  member.restart();
  const answer = member.answer;
  member.answer = (...args) => {
    if (args[0] === 'candidates') member.clock = made.plan.deadlines.open;
    return answer(...args);
  };
  expect(await room.open(member, made, cast[0]!.contributors, cast)).toMatchObject({ rejected: 'no_key' });
});

it('the key leaves the vault in the very batch that stores the opening', async () => {
  const [member] = devices as [Device];
  const cast = await votes();
  const batches: (readonly Write[])[] = [];
  const vault = member.vault as { -readonly [K in keyof Vault]: Vault[K] };
  const write = vault.write;
  vault.write = (batch, expected) => {
    batches.push(batch);
    return write(batch, expected);
  };
  must(await room.open(member, made, cast[0]!.contributors, cast));
  const opening = batches.find((batch) => batch.some(({ table }) => table === 'members'))!;
  expect(opening).toContainEqual(expect.objectContaining({ table: 'one-time-keys', remove: true }));
  expect(await keysOf(member)).toEqual([]);
});

it('a key that outlived its opening is deleted when the opening is asked for again', async () => {
  const [member] = devices as [Device];
  const cast = await votes();
  const [key] = await member.vault.list('one-time-keys', '');
  must(await room.open(member, made, cast[0]!.contributors, cast));
  await member.vault.write([{ table: 'one-time-keys', ...key! }]);
  must(await room.open(member, made, cast[0]!.contributors, cast));
  expect(await keysOf(member)).toEqual([]);
});

it('a key that no plan ever used is deleted after 24 hours, the longest it can be asked for', async () => {
  const fresh = await room.device();
  const day = 24 * 3600_000;
  const duty = { kind: 'one-time-key', round: room.roundKey(2), expiry: fresh.clock + day } as const;
  expect(await fresh.committee.perform({ ...duty, expiry: duty.expiry + 1 })).toMatchObject({
    rejected: 'duty_foreign',
  });
  expect(await fresh.committee.perform(duty)).toBeUndefined();
  fresh.advance(day - 1);
  await new Promise(setImmediate);
  expect(await keysOf(fresh)).toHaveLength(1);
  fresh.advance(1);
  await expect.poll(() => keysOf(fresh)).toEqual([]);
});

const isWiped = ({ shares }: Device) =>
  shares.length > 0 && shares.every((share) => share.every((value) => value === 0));

it('all opened shares are overwritten once the opening is stored', async () => {
  const [member] = devices as [Device];
  const cast = await votes();
  expect(member.shares).toHaveLength(devices.length);
  expect(isWiped(member)).toBe(false);
  must(await room.open(member, made, cast[0]!.contributors, cast));
  expect(isWiped(member)).toBe(true);
});

it('all opened shares are overwritten at the plan’s last deadline, and when their round is over without this member', async () => {
  const [waiting, told] = devices as [Device, Device];
  waiting.advance(made.plan.deadlines.open - waiting.clock);
  await expect.poll(() => isWiped(waiting)).toBe(true);
  await told.committee.release(made.plan, made.plan.round);
  expect(isWiped(told)).toBe(true);
  expect(await keysOf(told)).toEqual([]);
});

it('all opened shares are overwritten on time, also while the coordinator leaves a message of this member unanswered', async () => {
  const [member] = devices as [Device];
  member.answer = () => new Promise(() => {});
  void member.committee.perform({ kind: 'check', planHash: made.hash, candidates: hashOf(made.hash, uploads) });
  await expect.poll(() => member.sent.filter(({ name }) => name === 'answer')).toHaveLength(2);
  member.advance(made.plan.deadlines.open - member.clock);
  await expect.poll(() => isWiped(member)).toBe(true);
  await expect.poll(() => keysOf(member)).toEqual([]);
});

it('shares whose time comes while they are added up are overwritten after that, not under it', async () => {
  const [member] = devices as [Device];
  const cast = await votes();
  const [expected] = await openingsOf([member], made, uploads).then((openings) => [...openings.values()]);
  member.work.open = async () => {
    member.advance(made.plan.deadlines.open - member.clock);
    await new Promise(setImmediate);
    expect(isWiped(member)).toBe(false);
  };
  const { bytes } = must(await room.open(member, made, cast[0]!.contributors, cast));
  expect(must(decodeOpening(bytes!))).toEqual(expected);
  expect(isWiped(member)).toBe(true);
});

it('after that a member’s boxes open no more, for itself or for whoever takes its vault', async () => {
  const cast = await votes();
  for (const member of devices) {
    must(await room.open(member, made, cast[0]!.contributors, cast));
    expect(await shareOf(member, made, uploads[0]!)).toBeUndefined();
  }
});

it('shares of other candidates than this member checked, which it is shown after a restart, are overwritten', async () => {
  const [member] = devices as [Device];
  const cast = await votes();
  member.restart();
  expect(await room.check(member, made, uploads.slice(1))).toMatchObject({ rejected: 'already_checked' });
  member.shares.length = 0;
  expect(await room.open(member, made, cast[0]!.contributors, cast)).toMatchObject({ rejected: 'bad_candidates' });
  expect(isWiped(member)).toBe(true);
});

it('of several keys each is deleted in its own time, whichever was given first', async () => {
  const [member] = devices as [Device];
  must(await room.summon(member, 2));
  member.advance(made.plan.deadlines.open - member.clock);
  await expect.poll(() => keysOf(member)).toMatchObject([{ value: { expiry: expect.any(Number) } }]);
  const [{ key, value }] = (await member.vault.list('one-time-keys', '')) as [
    { key: string; value: { expiry: number } },
  ];
  expect(key).toBe(roundKeyText(room.roundKey(2)));
  member.advance(value.expiry - member.clock);
  await expect.poll(() => keysOf(member)).toEqual([]);
});

it('a member whose round was said to be over opens nothing any more, should it be asked to', async () => {
  const [member] = devices as [Device];
  const cast = await votes();
  await member.committee.release(made.plan, made.plan.round);
  expect(await room.open(member, made, cast[0]!.contributors, cast)).toMatchObject({ rejected: 'no_key' });
});

it('the end of a round leaves the key and the shares of another one alone', async () => {
  const [member] = devices as [Device];
  const { made: later } = await checkedRound(room, 3, devices, 10);
  await member.committee.release(made.plan, made.plan.round);
  expect(member.shares.map((share) => share.some((value) => value !== 0))).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
  const cast = await votes(later);
  must(await room.open(member, later, cast[0]!.contributors, cast));
});
