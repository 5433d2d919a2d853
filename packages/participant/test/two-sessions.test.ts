import { expect, it } from 'vitest';
import type { Vault } from '../src/vault.ts';
import { createRoom, must, type Upload } from './room.ts';

/** Two tabs, or a script beside a tab, over one vault: together they are one device, and keep its once-only rules. */

/** A store that takes its time, as IndexedDB and fsync do. */
function slow(given: Vault): void {
  const vault = given as { -readonly [K in keyof Vault]: Vault[K] };
  const { get, write } = vault;
  const pause = () => new Promise(setImmediate);
  vault.get = async (...args) => {
    const value = await get(...args);
    await pause();
    return value;
  };
  vault.write = async (...args) => {
    await pause();
    return write(...args);
  };
}

it('members: two votes at once for different contributors end in one vote, and the loser sends nothing', async () => {
  const room = await createRoom();
  const devices = await Promise.all([1, 2, 3, 4].map(() => room.device()));
  const made = await room.plan(devices);
  const uploads: Upload[] = [];
  for (const device of devices) uploads.push(must(await room.contribute(device, made.hash)));
  const [member] = devices as [(typeof devices)[0]];
  must(await room.check(member, made, uploads));
  const first = member.committee;
  member.restart();
  slow(member.vault);
  const lists = [devices, devices.slice(1)].map((some) => some.map(({ identity }) => identity.device).sort());
  const refused = await Promise.all(
    [first, member.committee].map((session, i) =>
      session.perform({ kind: 'vote', planHash: made.hash, contributors: lists[i]! }),
    ),
  );
  expect(refused.filter((one) => one?.rejected === 'superseded')).toHaveLength(1);
  expect(member.sent.filter(({ name }) => name === 'vote')).toHaveLength(1);
});

it('members: two answers at once for one round’s key end in one key', async () => {
  const room = await createRoom();
  const member = await room.device();
  slow(member.vault);
  const first = member.committee;
  member.restart();
  const duty = { kind: 'one-time-key', round: room.roundKey(), expiry: member.clock + 1000 } as const;
  await Promise.all([first.perform(duty), member.committee.perform(duty)]);
  expect(member.sent).toHaveLength(1);
  expect(await member.vault.list('one-time-keys', '')).toMatchObject([
    { value: { publicKey: (member.sent[0]!.payload as { oneTime: { key: string } }).oneTime.key } },
  ]);
});
