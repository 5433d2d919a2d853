import { beforeEach, expect, it } from 'vitest';
import type { Vault, Write } from '../src/vault.ts';
import { createRoom, type Device, must, type Upload } from './room.ts';

let room: Awaited<ReturnType<typeof createRoom>>;
let devices: Device[];
let made: Awaited<ReturnType<typeof room.plan>>;
beforeEach(async () => {
  room = await createRoom();
  devices = await Promise.all([1, 2, 3].map(() => room.device()));
  made = await room.plan(devices);
  const uploads: Upload[] = [];
  for (const device of devices) uploads.push(must(await room.contribute(device, made.hash)));
  for (const member of devices) must(await room.check(member, made, uploads));
});

async function votes() {
  const all = [];
  for (const member of devices) all.push(must(await room.vote(member, made, devices)));
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
