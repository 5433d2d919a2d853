import { runKeyText } from '@sotto/protocol/ids';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRoom, type Device, must, type Room } from './room.ts';

/** Two sums of one round, over two groups of its devices, must have nobody in common: their difference would be a sum of fewer. */

let room: Room;
let devices: Device[];
let member: Device;
beforeAll(async () => {
  room = await createRoom();
  devices = await Promise.all([1, 2, 3, 4, 5, 6].map(() => room.device()));
  [member] = devices as [Device];
});

/** Everybody contributes to a group of a round, whatever they contributed to before, and the first of its three members votes for a list. */
async function vote(round: number, group: number, list: readonly Device[]) {
  const made = await room.plan(devices.slice(0, 3), (plan) => plan, round, group);
  for (const { vault, restart } of devices) {
    await vault.write([{ table: 'contributions', key: runKeyText(made.plan), remove: true }]);
    restart();
  }
  must(await room.check(member, made, await room.contributeAll(devices, made)));
  return room.vote(member, made, list);
}

describe('a member that voted for a sum', () => {
  const [first, second] = [() => devices.slice(0, 3), () => devices.slice(3)];

  it('votes in no other group of the round for one with any of its devices, also after a restart', async () => {
    must(await vote(1, 0, first()));
    const refusal = { rejected: 'bad_contributors', message: expect.stringContaining('another group') };
    expect(await vote(1, 1, first())).toMatchObject(refusal);
    expect(await vote(1, 2, [devices[2]!, ...second()])).toMatchObject(refusal);
  });

  it('votes there for one of other devices, and for the same devices in another round', async () => {
    must(await vote(1, 3, second()));
    for (const round of [20, 2, 21]) must(await vote(round, 0, first()));
  });
});
