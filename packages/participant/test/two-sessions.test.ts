import { DONE } from '@sotto/protocol/messages';
import { isRejection } from '@sotto/protocol/rejection';
import { expect, it } from 'vitest';
import type { Table, Vault } from '../src/vault.ts';
import { contributedRound, createRoom, type Device, must } from './room.ts';

/** Two tabs, or a script beside a tab, over one vault: together they are one device, and keep its once-only rules. */

/** The worst order there is: both sessions have read what they go by before either writes. */
function race(given: Vault, table: Table): void {
  const vault = given as { -readonly [K in keyof Vault]: Vault[K] };
  const { write } = vault;
  const { promise: both, resolve } = Promise.withResolvers<void>();
  let writers = 0;
  vault.write = async (batch, expected) => {
    if (batch.some((one) => one.table === table)) {
      writers += 1;
      if (writers === 2) resolve();
      await both;
    }
    return write(batch, expected);
  };
}

it('members: two votes at once for different contributors end in one vote, and the loser sends nothing', async () => {
  const room = await createRoom();
  const { devices, made, uploads } = await contributedRound(room, 4);
  const [member] = devices as [(typeof devices)[0]];
  must(await room.check(member, made, uploads));
  const first = member.committee;
  member.restart();
  race(member.vault, 'members');
  const lists = [devices, devices.slice(1)].map((some) => some.map(({ identity }) => identity.device).sort());
  const refused = await Promise.all(
    [first, member.committee].map((session, i) =>
      session.perform({ kind: 'vote', planHash: made.hash, contributors: lists[i]! }),
    ),
  );
  expect(refused.filter((one) => one?.rejected === 'superseded')).toHaveLength(1);
  expect(member.sent.filter(({ name }) => name === 'vote')).toHaveLength(1);
});

const wiped = (shares: readonly Uint16Array[]) => shares.filter((share) => share.every((value) => value === 0)).length;

it('members: two checks at once end in one, and the loser keeps none of the shares it opened', async () => {
  const room = await createRoom();
  const { devices, made, uploads } = await contributedRound(room, 3);
  const [member] = devices as [Device];
  race(member.vault, 'members');
  const first = room.check(member, made, uploads);
  member.restart();
  const both = await Promise.all([first, room.check(member, made, uploads)]);
  expect(both.filter((one) => isRejection(one) && one.rejected === 'superseded')).toHaveLength(1);
  expect(member.sent.filter(({ name }) => name === 'answer')).toHaveLength(1);
  expect(member.shares).toHaveLength(6);
  expect(wiped(member.shares)).toBe(3);
});

it('members: a check that the other session finished meanwhile is answered alike, and none of its shares are kept', async () => {
  const room = await createRoom();
  const { devices, made, uploads } = await contributedRound(room, 3);
  const [member] = devices as [Device];
  const { promise: shown, resolve: show } = Promise.withResolvers<void>();
  const late = room.check(member, made, uploads);
  const { answer } = member;
  member.answer = async (name, ...rest) => {
    if (name === 'candidates') await shown;
    return answer(name, ...rest);
  };
  await expect.poll(() => member.sent.filter(({ name }) => name === 'candidates')).toHaveLength(1);
  member.restart();
  const { payload } = must(await room.check(member, made, uploads));
  show();
  expect(must(await late).payload).toEqual(payload);
  expect(member.sent.filter(({ name }) => name === 'answer')).toHaveLength(2);
  expect(member.shares.map((share) => wiped([share]))).toEqual([0, 0, 0, 1, 1, 1]);
});

it('members: two answers at once for one round’s key end in one key', async () => {
  const room = await createRoom();
  const member = await room.device();
  race(member.vault, 'members');
  const first = member.committee;
  member.restart();
  const duty = { kind: 'one-time-key', round: room.roundKey(), expiry: member.clock + 1000 } as const;
  await Promise.all([first.perform(duty), member.committee.perform(duty)]);
  expect(member.sent).toHaveLength(1);
  expect(await member.vault.list('one-time-keys', '')).toMatchObject([
    { value: { publicKey: (member.sent[0]!.payload as { oneTime: { key: string } }).oneTime.key } },
  ]);
});

it('contributors: two plans of one round end in one upload, and the loser sends nothing then or later', async () => {
  const room = await createRoom();
  const devices = await Promise.all([1, 2, 3, 4].map(() => room.device()));
  const one = await room.plan(devices);
  const other = await room.publish({ ...one.plan, minimumCohort: 4 });
  const [device] = devices as [(typeof devices)[0]];
  const first = device.contributing;
  device.restart();
  race(device.vault, 'contributions');
  device.answer = (name) => ({ reply: name === 'commit' ? DONE : { received: 0 } });
  await Promise.all([first.asked(one.hash), device.contributing.asked(other.hash)]);
  expect(device.problems).toMatchObject([{ rejected: 'superseded' }]);
  const uploads = () => device.sent.filter(({ name }) => name === 'upload');
  expect(uploads()).toHaveLength(1);
  const { planHash } = uploads()[0]!.payload as { planHash: string };
  expect(await device.vault.list('outbox', '')).toMatchObject([{ key: planHash }]);
  for (const session of [first, device.contributing])
    for (const hash of [one.hash, other.hash])
      if (hash !== planHash) expect(await session.asked(hash)).toMatchObject({ rejected: 'old_round' });
  expect(uploads()).toHaveLength(1);
});
