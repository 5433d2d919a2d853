import { expect, it } from 'vitest';
import { createCommitteeSeat } from '../src/committee-seat.ts';
import { checkedRound, createRoom, type Device, must, NOW } from './room.ts';

const HOUR = 3600_000;

/** The seat of a device's next session: of the ones before only the vault is left. */
function seatOf(device: Device) {
  const alarms = new Map<() => void, number>();
  let shown: { seat: string | null; dutyUntil: number | null } = { seat: null, dutyUntil: null };
  const seat = createCommitteeSeat({
    clock: {
      at(time, ring) {
        alarms.set(ring, time);
        return () => alarms.delete(ring);
      },
    },
    key: device.identity.publicKey,
    keyHeld: (run, round) => device.committee.keyHeld(run, round),
    onChange(change) {
      shown = change;
    },
  });
  return { ...seat, shown: () => shown, alarms };
}

it('a member that restarts between its key and its check is still needed, and until the plan’s last deadline', async () => {
  const room = await createRoom();
  const devices = await Promise.all([0, 1, 2].map(() => room.device()));
  const { plan } = await room.plan(devices);
  devices[0]!.restart();
  const seat = seatOf(devices[0]!);
  await seat.recall(plan, plan.round);
  expect(seat.shown()).toEqual({ seat: 'asked', dutyUntil: NOW + HOUR });
  await seat.planned(plan);
  expect(seat.shown()).toEqual({ seat: 'seated', dutyUntil: plan.deadlines.open });
  for (const [ring, time] of seat.alarms) if (time <= plan.deadlines.open) ring();
  expect(seat.shown()).toEqual({ seat: null, dutyUntil: null });
});

it('one that restarts after its check is known to be seated, without its plan', async () => {
  const room = await createRoom();
  const { devices, made } = await checkedRound(room);
  devices[0]!.restart();
  const seat = seatOf(devices[0]!);
  await seat.recall(made.plan, made.plan.round);
  expect(seat.shown()).toEqual({ seat: 'seated', dutyUntil: made.plan.deadlines.open });
});

it('one whose opening is made is not needed after a restart, and has served when the opening has arrived', async () => {
  const room = await createRoom();
  const { devices, made } = await checkedRound(room);
  const votes = await Promise.all(devices.map(async (member) => must(await room.vote(member, made, devices))));
  const seat = seatOf(devices[0]!);
  await seat.planned(made.plan);
  must(await room.open(devices[0]!, made, votes[0]!.contributors, votes));
  // Until it has arrived, it is still this device that the round waits for.
  await seat.planned(made.plan);
  expect(seat.shown().seat).toBe('seated');
  await seat.opened(made.plan);
  await seat.planned(made.plan);
  expect(seat.shown()).toEqual({ seat: 'served', dutyUntil: null });
  const again = seatOf(devices[0]!);
  await again.recall(made.plan, made.plan.round);
  expect(again.shown()).toEqual({ seat: null, dutyUntil: null });
});

it('one that serves two groups of a round is needed until it has opened for both', async () => {
  const room = await createRoom();
  const devices = await Promise.all([0, 1, 2, 3, 4, 5].map(() => room.device()));
  const members = devices.slice(0, 3);
  const [member] = members as [Device];
  const seat = seatOf(member);
  const groups = [members, devices.slice(3)];
  const rounds = [];
  for (const [i, contributors] of groups.entries()) {
    const made = await room.plan(members, (plan) => plan, 1, i + 1);
    const uploads = await room.contributeAll(contributors, made);
    for (const one of members) must(await room.check(one, made, uploads));
    const votes = await Promise.all(members.map(async (one) => must(await room.vote(one, made, contributors))));
    await seat.planned(made.plan);
    rounds.push({ made, votes });
  }
  for (const [i, { made, votes }] of rounds.entries()) {
    must(await room.open(member, made, votes[0]!.contributors, votes));
    await seat.opened(made.plan);
    expect(seat.shown().seat).toBe(i === 0 ? 'seated' : 'served');
  }
});

it('a device that gave a key and was not seated has no duty and has not served', async () => {
  const room = await createRoom();
  const [spare, ...members] = await Promise.all([0, 1, 2, 3].map(() => room.device()));
  must(await room.summon(spare!));
  const { plan } = await room.plan(members);
  const seat = seatOf(spare!);
  seat.gaveKey(room.roundKey(), NOW + HOUR);
  expect(seat.shown().seat).toBe('asked');
  await seat.planned(plan);
  expect(seat.shown()).toEqual({ seat: null, dutyUntil: null });
  seat.over(plan.run, plan.round, true);
  expect(seat.shown().seat).toBeNull();
});

it('a round that is over takes its own seat away, and not the next round’s', async () => {
  const room = await createRoom();
  const devices = await Promise.all([0, 1, 2].map(() => room.device()));
  const first = await room.plan(devices);
  const second = await room.plan(devices, (plan) => plan, 2);
  const seat = seatOf(devices[0]!);
  await seat.planned(first.plan);
  seat.over('run-1', 1, true);
  expect(seat.shown()).toEqual({ seat: 'served', dutyUntil: null });
  await seat.planned(first.plan);
  expect(seat.shown().seat).toBe('served');
  await seat.planned(second.plan);
  // Told again at every connect.
  seat.over('run-1', 1, true);
  expect(seat.shown().seat).toBe('seated');
  seat.over('run-1', 2, false);
  expect(seat.shown()).toEqual({ seat: null, dutyUntil: null });
});

it('who has left is not put on duty by what was under way', async () => {
  const room = await createRoom();
  const devices = await Promise.all([0, 1, 2].map(() => room.device()));
  const { plan } = await room.plan(devices);
  const seat = seatOf(devices[0]!);
  const planned = seat.planned(plan);
  seat.leave();
  await planned;
  expect(seat.shown()).toEqual({ seat: null, dutyUntil: null });
});
