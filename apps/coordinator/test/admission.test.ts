import { toHex } from '@sotto/protocol/bytes';
import { issueCertificate } from '@sotto/protocol/certificate';
import { isRejection } from '@sotto/protocol/rejection';
import { type Signer, signerOf } from '@sotto/protocol/signature';
import { afterEach, describe, expect, it } from 'vitest';
import { inviteDigest } from '../src/admission/invite-code.ts';
import type { Store } from '../src/store/store.ts';
import { Unavailable } from '../src/unavailable.ts';
import { createGuest, type Guest, type Hall, openHall, TASK, until } from './hall.ts';
import { createMockClock, type MockClock } from './mock-clock.ts';

const guests: Guest[] = [];
const halls: Hall[] = [];
afterEach(async () => {
  await Promise.all(guests.splice(0).map(({ participant }) => participant.leave()));
  for (const hall of halls.splice(0)) await hall.crash();
});

async function open(options: Partial<Parameters<typeof openHall>[0]> = {}): Promise<{ hall: Hall; clock: MockClock }> {
  const clock = createMockClock();
  const hall = await openHall({ clock, ...options });
  halls.push(hall);
  return { hall, clock };
}

async function signer(): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
}

async function come(hall: Hall, clock: MockClock, about: Parameters<typeof createGuest>[1] = {}): Promise<Guest> {
  const guest = await createGuest(clock, about);
  guests.push(guest);
  guest.wire.connect(hall);
  await guest.participant.join();
  return guest;
}

const state = ({ participant }: Guest) => participant.state();
const device = (guest: Guest) => state(guest).device!;
const stands = (guest: Guest, standing: string) =>
  until(`the device is ${standing}`, () => state(guest).standing === standing && state(guest));
const turnedAway = (guest: Guest, code: string) =>
  until(`the device is turned away: ${code}`, () => state(guest).problem?.rejected === code && state(guest));
const here = (hall: Hall) => hall.sessions.present(TASK).map(({ device }) => device);

async function startRun(hall: Hall) {
  const run = await hall.runs.create({ task: TASK, rounds: 1 });
  if (isRejection(run)) throw new Error(run.message);
  return run;
}

describe('admission by approval', () => {
  it('lets a device wait, asks it for nothing, and tells it the moment it is approved', async () => {
    const { hall, clock } = await open();
    await hall.door.choose(TASK, 'approval');
    const guest = await come(hall, clock);
    await stands(guest, 'awaits-approval');
    expect(here(hall)).toEqual([]);
    expect(hall.runs.status(TASK)!.present).toBe(0);
    expect(await guest.wire.request('commit', { planHash: 'ab'.repeat(32) })).toMatchObject({
      rejected: 'not_admitted',
    });
    expect(await hall.store.verdicts(TASK)).toMatchObject([
      { device: device(guest), key: guest.participant.key, verdict: 'waiting' },
    ]);
    await hall.door.approve(TASK, device(guest));
    expect((await stands(guest, 'admitted')).connection).toBe('connected');
    expect(here(hall)).toEqual([device(guest)]);
  });

  it('forgets nobody that is connected, however many come after it', async () => {
    const wrap = (store: Store): Store => ({
      ...store,
      wait: (newcomer, _most, stays) => store.wait(newcomer, 1, stays),
    });
    const { hall, clock } = await open({ wrap });
    await hall.door.choose(TASK, 'approval');
    const [first, second] = [await come(hall, clock), await come(hall, clock)];
    for (const guest of [first, second]) await stands(guest, 'awaits-approval');
    const waiting = async () => (await hall.store.verdicts(TASK)).map(({ device }) => device);
    expect((await waiting()).toSorted()).toEqual([device(first), device(second)].toSorted());
    await first.participant.leave();
    clock.advance(1);
    const third = await come(hall, clock);
    await stands(third, 'awaits-approval');
    expect(await waiting()).not.toContain(device(first));
  });

  it('takes part in a round with those that were approved while they were connected', async () => {
    const { hall, clock } = await open();
    await hall.door.choose(TASK, 'approval');
    const crowd = await Promise.all([1, 2, 3].map(() => come(hall, clock)));
    for (const guest of crowd) await stands(guest, 'awaits-approval');
    const run = await startRun(hall);
    expect(hall.runs.live()).toEqual([]);
    for (const guest of crowd) await hall.door.approve(TASK, device(guest));
    await until('the round is published', () => hall.runs.get(run.run)!.state === 'finished');
    expect(hall.opened[0]!.contributors).toHaveLength(3);
  });

  it('remembers across restarts who was approved', async () => {
    const { hall, clock } = await open();
    await hall.door.choose(TASK, 'approval');
    const guest = await come(hall, clock);
    await stands(guest, 'awaits-approval');
    await hall.door.approve(TASK, device(guest));
    await stands(guest, 'admitted');
    guest.wire.cut();
    await hall.crash();
    halls.length = 0;
    const again = (await open({ clock, folder: hall.folder })).hall;
    guest.wire.connect(again);
    await until('it is back', () => here(again).length === 1);
    const stranger = await come(again, clock);
    await stands(stranger, 'awaits-approval');
  });
});

describe('admission by invite code', () => {
  it('lets in who brings a code, once each, and who came before without it', async () => {
    const { hall, clock } = await open();
    await hall.door.choose(TASK, 'invite');
    const { code } = await hall.door.invite({ task: TASK, label: '', uses: 1, expiry: null });
    expect(JSON.stringify(await hall.store.invites(TASK))).not.toContain(code);
    const guest = await come(hall, clock, { pins: { invite: code } });
    await stands(guest, 'admitted');
    const second = await come(hall, clock, { pins: { invite: code } });
    expect((await turnedAway(second, 'invite_used_up')).connection).toBe('off');
    const third = await come(hall, clock);
    await turnedAway(third, 'invite_needed');
    const fourth = await come(hall, clock, { pins: { invite: 'A'.repeat(32) } });
    await turnedAway(fourth, 'invite_wrong');
    await guest.participant.leave();
    await until('it has gone', () => here(hall).length === 0);
    const again = await come(hall, clock, { vault: guest.vault });
    await stands(again, 'admitted');
    expect((await hall.store.invites(TASK))[0]!.used).toBe(1);
  });

  it('turns away who comes by an expired or revoked code, and on request those who came by it before', async () => {
    const { hall, clock } = await open();
    await hall.door.choose(TASK, 'invite');
    const late = await hall.door.invite({ task: TASK, label: '', uses: 5, expiry: clock.now() + 1000 });
    const revoked = await hall.door.invite({ task: TASK, label: '', uses: 5, expiry: null });
    const guest = await come(hall, clock, { pins: { invite: revoked.code } });
    await stands(guest, 'admitted');
    clock.advance(1000);
    await turnedAway(await come(hall, clock, { pins: { invite: late.code } }), 'invite_expired');
    expect(await hall.door.revokeInvite(revoked.invite, false)).toBe(0);
    await turnedAway(await come(hall, clock, { pins: { invite: revoked.code } }), 'invite_wrong');
    expect(here(hall)).toEqual([device(guest)]);
    expect(await hall.door.revokeInvite(revoked.invite, true)).toBe(1);
    expect((await turnedAway(guest, 'revoked')).connection).toBe('off');
    expect(here(hall)).toEqual([]);
    expect(await hall.door.revokeInvite(inviteDigest('none'), true)).toBeUndefined();
  });

  it('takes a code as an approval given in advance', async () => {
    const { hall, clock } = await open();
    await hall.door.choose(TASK, 'approval');
    const { code } = await hall.door.invite({ task: TASK, label: '', uses: 1, expiry: null });
    await stands(await come(hall, clock, { pins: { invite: code } }), 'admitted');
  });
});

describe('admission by certificate', () => {
  it('lets a device in as soon as its certificate comes, which it then contributes with', async () => {
    const study = await signer();
    const { hall, clock } = await open({ studyKey: study.publicKey });
    expect(await hall.door.choose(TASK, 'certified')).toBeUndefined();
    const crowd = await Promise.all([1, 2, 3].map(() => come(hall, clock)));
    for (const guest of crowd) await stands(guest, 'awaits-certificate');
    const run = await startRun(hall);
    expect(run.config.admission).toBe('certified');
    for (const { participant } of crowd) {
      const about = { key: participant.key, task: TASK, role: 'device' as const, expiry: clock.now() + 48 * 3_600_000 };
      await hall.store.keepCertificate(await issueCertificate(study, about), study.publicKey);
      await hall.desk.review(TASK, participant.state().device);
    }
    await until('the round is published', () => hall.runs.get(run.run)!.state === 'finished');
    expect(hall.opened[0]!.contributors).toHaveLength(3);
  });

  it('tells a device that is connected already of a certificate that has come in for it', async () => {
    const study = await signer();
    const { hall, clock } = await open({ studyKey: study.publicKey });
    const guest = await come(hall, clock);
    await stands(guest, 'admitted');
    const about = { key: guest.participant.key, task: TASK, role: 'device' as const, expiry: clock.now() + 1000 };
    await hall.store.keepCertificate(await issueCertificate(study, about), study.publicKey);
    await hall.desk.review(TASK, device(guest));
    expect(hall.sessions.find(TASK, device(guest))!.certificates).toMatchObject([{ role: 'device' }]);
  });

  it('needs a study key', async () => {
    const { hall } = await open();
    expect(await hall.door.choose(TASK, 'certified')).toMatchObject({ rejected: 'bad_config' });
  });
});

describe('a revocation', () => {
  it('ends the session at once, refuses what still comes, and holds until the device is approved again', async () => {
    const { hall, clock } = await open();
    const guest = await come(hall, clock);
    await stands(guest, 'admitted');
    await hall.door.revoke(null, device(guest));
    expect(await turnedAway(guest, 'revoked')).toMatchObject({ connection: 'off', standing: null });
    expect(here(hall)).toEqual([]);
    await guest.participant.join();
    expect((await turnedAway(guest, 'revoked')).connection).toBe('off');
    await hall.door.approve(TASK, device(guest));
    await guest.participant.join();
    await stands(guest, 'admitted');
    expect(here(hall)).toEqual([device(guest)]);
  });

  it('is heeded by a connection that says hello while it is being decided', async () => {
    const { hall, clock } = await open();
    const guest = await come(hall, clock);
    await stands(guest, 'admitted');
    for (let i = 0; i < 20; i++) {
      await guest.participant.leave();
      const [joined] = [guest.participant.join(), hall.door.revoke(TASK, device(guest))];
      await joined;
      await turnedAway(guest, 'revoked');
      expect(here(hall)).toEqual([]);
      await hall.door.approve(TASK, device(guest));
    }
  });

  it('drops the device’s update of a round that is not frozen yet, and the round goes on without it', async () => {
    const { hall, clock } = await open();
    const crowd: Guest[] = [];
    for (let i = 0; i < 5; i++) crowd.push(await come(hall, clock));
    for (const guest of crowd) await stands(guest, 'admitted');
    const victim = crowd[4]!;
    const slow = crowd[3]!;
    // Until this one is let go on, the round stays open.
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const request = slow.wire.request.bind(slow.wire);
    (slow.wire as { request: typeof request }).request = async (name, payload, bytes) => {
      if (name === 'commit') await held;
      return request(name, payload, bytes);
    };
    const run = await hall.runs.create({ task: TASK, rounds: 1, overSelection: 1 });
    if (isRejection(run)) throw new Error(run.message);
    const counted = () => {
      const round = hall.runs.live()[0]?.[1].state();
      return round && 'updates' in round ? Object.keys(round.updates) : [];
    };
    await until('its update is in', () => counted().length === 4 && counted().includes(device(victim)));
    await hall.door.revoke(TASK, device(victim));
    expect(counted()).not.toContain(device(victim));
    letGo();
    // It sits on the committee, too, and is waited for as others that left are.
    await until('the round is published', () => {
      clock.advance(500);
      return hall.runs.get(run.run)!.state === 'finished';
    });
    expect(hall.opened[0]!.contributors.toSorted()).toEqual(crowd.slice(0, 4).map(device).toSorted());
  });

  it('keeps an update out that is being checked when it comes, although the round waits for nothing else', async () => {
    const { promise: checked, resolve: letGo } = Promise.withResolvers<void>();
    let checking = '';
    const { hall, clock } = await open({
      wrapEngine: (engine) => ({
        ...engine,
        async verify(work) {
          const owner = work.blob.split('/').at(-2)!;
          if (checking === '') checking = owner;
          if (checking === owner) await checked;
          return engine.verify(work);
        },
      }),
    });
    const crowd: Guest[] = [];
    for (let i = 0; i < 4; i++) crowd.push(await come(hall, clock));
    for (const guest of crowd) await stands(guest, 'admitted');
    const run = await hall.runs.create({ task: TASK, rounds: 1, overSelection: 1 });
    if (isRejection(run)) throw new Error(run.message);
    await until('all others are in', () => {
      const round = hall.runs.live()[0]?.[1].state();
      return round && 'updates' in round && Object.keys(round.updates).length === 3;
    });
    const revoked = hall.door.revoke(TASK, checking);
    await until('it is decided', async () => (await hall.store.verdictOn(TASK, checking)) === 'revoked');
    letGo();
    await revoked;
    await until('the round is published', () => {
      clock.advance(500);
      return hall.runs.get(run.run)!.state === 'finished';
    });
    const others = crowd.map((guest) => device(guest)).filter((other) => other !== checking);
    expect(hall.opened[0]!.contributors.toSorted()).toEqual(others.toSorted());
  });

  it('shuts out of one task only, unless it is meant for all', async () => {
    const { hall, clock } = await open();
    const guest = await come(hall, clock);
    await stands(guest, 'admitted');
    await hall.door.revoke('another-task', device(guest));
    expect(here(hall)).toEqual([device(guest)]);
    await hall.door.revoke(null, device(guest));
    expect(here(hall)).toEqual([]);
  });
});

describe('what is decided while the database is away for a moment', () => {
  const failingOnce = (call: 'sawDevice' | 'verdictOn', arm: { armed: boolean }) => (store: Store) => ({
    ...store,
    [call]: async (...args: unknown[]) => {
      if (arm.armed) {
        arm.armed = false;
        throw new Unavailable('the database is away');
      }
      return (store[call] as (...same: unknown[]) => Promise<unknown>)(...args);
    },
  });
  const patiently = async (clock: MockClock, decided: Promise<unknown>) => {
    let done = false;
    const over = decided.finally(() => {
      done = true;
    });
    await until('it holds', () => {
      clock.advance(1000);
      return done;
    });
    await over;
  };

  it('is told to a device only once it is stored', async () => {
    const arm = { armed: false };
    const { hall, clock } = await open({ wrap: failingOnce('sawDevice', arm) });
    await hall.door.choose(TASK, 'approval');
    const guest = await come(hall, clock);
    await stands(guest, 'awaits-approval');
    arm.armed = true;
    await patiently(clock, hall.door.approve(TASK, device(guest)));
    await stands(guest, 'admitted');
    expect((await hall.store.devices()).map(({ device }) => device)).toEqual([device(guest)]);
  });

  it('reaches every device', async () => {
    const arm = { armed: false };
    const { hall, clock } = await open({ wrap: failingOnce('verdictOn', arm) });
    await hall.door.choose(TASK, 'approval');
    const guests = [await come(hall, clock), await come(hall, clock)];
    for (const guest of guests) await stands(guest, 'awaits-approval');
    arm.armed = true;
    await patiently(clock, hall.door.choose(TASK, 'open'));
    for (const guest of guests) await stands(guest, 'admitted');
  });
});

describe('another way of admission', () => {
  it('holds at once for those that are connected', async () => {
    const { hall, clock } = await open();
    const guest = await come(hall, clock);
    await stands(guest, 'admitted');
    await hall.door.choose(TASK, 'approval');
    await stands(guest, 'awaits-approval');
    expect(here(hall)).toEqual([]);
    await hall.door.choose(TASK, 'open');
    await stands(guest, 'admitted');
    expect(here(hall)).toEqual([device(guest)]);
    await hall.door.choose(TASK, 'invite');
    await turnedAway(guest, 'invite_needed');
    expect(here(hall)).toEqual([]);
  });
});
