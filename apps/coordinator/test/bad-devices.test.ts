import { dealShares } from '@sotto/he-core/key-share';
import { encodeAnswer } from '@sotto/he-core/member';
import { sampleNoise } from '@sotto/he-core/noise';
import { decodeAnswer } from '@sotto/he-core/opening';
import { MASKS, N, SHARE_PRIME } from '@sotto/he-core/params';
import { boxAad, sealBox } from '@sotto/he-core/sealed-box';
import { sampleUniform } from '@sotto/he-core/uniform';
import { encryptUnder } from '@sotto/he-core/update-core';
import type { Sealing } from '@sotto/participant/sealing/service';
import { fromHex } from '@sotto/protocol/bytes';
import { sha256 } from '@sotto/protocol/digest';
import type { RequestName } from '@sotto/protocol/messages';
import { coefficientsOf, planHash } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { DEFAULT_DURATIONS } from '@sotto/protocol/run';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuest, type Guest, type Hall, openHall, PARAMETERS, sealing, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

/** One bad device among seven, contributor and committee member at once: t = 5, so that more than t others answer without it. */
const DEVICES = 7;

let hall: Hall;
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  await hall.crash();
});

type Bad = { readonly delta?: number; readonly sealer?: Partial<Sealing>; readonly silentAt?: RequestName };

interface Play extends Bad {
  readonly devices?: number;
  /** The bad device spoils the part that comes with this request. */
  readonly spoils?: 'part';
}

/** Starts a round with one bad device, the first of the guests. */
async function play({ devices = DEVICES, silentAt, spoils, ...bad }: Play) {
  const clock = createMockClock();
  hall = await openHall({ clock });
  for (let i = 0; i < devices; i++) {
    const guest = await createGuest(clock, { delta: 0.1 * (i + 1), ...(i === 0 && bad) });
    guests.push(guest);
    if (i === 0) {
      const { request } = guest.wire;
      guest.wire.request = async (name, payload, bytes) => {
        if (name === silentAt) return new Promise(() => {});
        if (name === spoils) bytes![bytes!.length - 1]! ^= 1;
        return request(name, payload, bytes);
      };
    }
    guest.wire.connect(hall);
    await guest.participant.join();
    await until('the guest is in', () => guest.participant.state().connection === 'connected');
  }
  const run = await hall.runs.create({ task: TASK, rounds: 1, cohort: { least: devices } });
  if (isRejection(run)) throw new Error(run.message);
  const events = () => hall.store.events(run.run, 1);
  return {
    clock,
    events,
    /** All the others have done their part, and time passes without the bad one. */
    async waitedFor(type: 'one-time-key' | 'update' | 'answer', ms: number): Promise<void> {
      await until(`${devices - 1} others sent their ${type}`, async () => {
        const sent = (await events()).filter((event) => event.type === type);
        return sent.length === devices - 1;
      });
      clock.advance(ms);
    },
    async outcome() {
      return until('the round is over', () => hall.runs.get(run.run)?.rounds[0]);
    },
  };
}

/** The sum that was opened is to the last level that of all guests but these, and the round is published. */
async function publishes(game: Awaited<ReturnType<typeof play>>, { without = [] as Guest[] } = {}): Promise<void> {
  const counted = guests.filter((guest) => !without.includes(guest));
  expect(await game.outcome()).toMatchObject({ kind: 'published', round: 1, contributors: counted.length });
  const [opened] = hall.opened;
  const expected = Float64Array.from({ length: PARAMETERS }, (_, i) =>
    counted.reduce((sum, { sealed }) => sum + sealed.get(opened!.planHash)![i]!, 0),
  );
  expect(opened!.levels).toEqual(expected);
  expect(hall.errors).toEqual([]);
}

const { keysMs, uploadMs, checkMs } = DEFAULT_DURATIONS;
const judgedIn = async (game: Awaited<ReturnType<typeof play>>) =>
  (await game.events()).find((event) => event.type === 'judged');
const devicesOf = (bad: readonly Guest[]) => bad.map(({ participant }) => participant.state().device);

/** Its place in the committee, once there is a plan. */
async function placeOfBad(game: Awaited<ReturnType<typeof play>>): Promise<number> {
  const planned = (await game.events()).find((event) => event.type === 'planned');
  const signed = await hall.store.plan(planned!.planHash);
  return signed!.plan.committee.members.findIndex(({ key }) => key === guests[0]!.participant.key) + 1;
}

describe('one bad contributor never ends a round', () => {
  /** Boxes that open for nobody, in the places given. */
  const garbled = (places: readonly number[]): Partial<Sealing> => ({
    async seal(request) {
      const sealed = await sealing.seal(request);
      if (isRejection(sealed)) return sealed;
      for (const x of places) {
        crypto.getRandomValues(sealed.boxes[x - 1]!);
        sealed.boxHashes[x - 1] = Uint8Array.from(sha256(sealed.boxes[x - 1]!));
      }
      return sealed;
    },
  });

  it.each([
    ['one member', [3]],
    ['three members', [1, 4, 6]],
  ])('that seals garbage boxes to %s: it is dropped, and no member is named for its complaint', async (_, places) => {
    const game = await play({ sealer: garbled(places) });
    await publishes(game, { without: guests.slice(0, 1) });
    expect(await judgedIn(game)).toMatchObject({ dropped: devicesOf(guests.slice(0, 1)), steppedAside: [] });
  });

  it('a dealer off the polynomial: the degree test drops it, and the round goes on', async () => {
    const dealer: Partial<Sealing> = {
      async seal({ plan, device }) {
        const { encoding, committee } = plan;
        const [hash, deviceId] = [fromHex(planHash(plan)), fromHex(device)];
        const key = sampleNoise(N);
        const messages = new Float64Array(coefficientsOf(encoding));
        const ciphertext = await encryptUnder({
          profile: encoding.profile,
          planHash: hash,
          messages,
          key,
          errors: sampleNoise,
        });
        const ciphertextHash = Uint8Array.from(sha256(ciphertext));
        const secrets = [...key, ...sampleUniform(MASKS)];
        const rows = Array.from({ length: committee.threshold - 1 }, () => sampleUniform(N + MASKS));
        const shares = dealShares(secrets, rows, committee.members.length);
        // One coefficient of one member's share: whoever interpolates with it gets another key than whoever does not.
        shares[4]![17] = (shares[4]![17]! + 1) % SHARE_PRIME;
        const boxes = await Promise.all(
          committee.members.map(async ({ oneTime }, i) => {
            const aad = boxAad(hash, deviceId, i + 1, ciphertextHash);
            const box = await sealBox(fromHex(oneTime.key), aad, shares[i]!);
            if (isRejection(box)) throw new Error(box.message);
            return box;
          }),
        );
        const boxHashes = boxes.map((box) => Uint8Array.from(sha256(box)));
        return { ciphertext, ciphertextHash, boxes, boxHashes, norm: 0, levels: new Int32Array(PARAMETERS) };
      },
    };
    const game = await play({ sealer: dealer });
    await publishes(game, { without: guests.slice(0, 1) });
    expect(await judgedIn(game)).toMatchObject({ dropped: devicesOf(guests.slice(0, 1)), steppedAside: [] });
  });

  it.each<[string, Play]>([
    ['whose upload has another digest than the signed one', { spoils: 'part' }],
    ['that goes silent before its upload', { silentAt: 'upload' }],
    ['that sends no bytes after its record', { silentAt: 'part' }],
    ['that never commits what it sent', { silentAt: 'commit' }],
  ])('%s: the round does without it from the deadline on', async (_, bad) => {
    const game = await play({ devices: 5, ...bad });
    await game.waitedFor('update', uploadMs);
    await publishes(game, { without: guests.slice(0, 1) });
  });

  it('that learned what is not a number, and says so: the round waits for nothing', async () => {
    const game = await play({ devices: 5, delta: Number.NaN });
    await publishes(game, { without: guests.slice(0, 1) });
  });
});

describe('one member that goes silent never ends a round', () => {
  it.each<[RequestName, 'one-time-key' | 'answer' | null, number]>([
    ['one-time-key', 'one-time-key', keysMs],
    ['answer', 'answer', checkMs],
    ['vote', null, 0],
    ['opening', null, 0],
  ])('at its %s: the others answer, and its update counts all the same', async (silentAt, awaited, ms) => {
    const game = await play({ silentAt });
    if (awaited) await game.waitedFor(awaited, ms);
    await publishes(game);
  });
});

describe('a member that lies in the check', () => {
  /** Other values than its shares have, for so many candidates. */
  const lyingAbout = (count: number): Partial<Sealing> => ({
    async check(request) {
      const checked = await sealing.check(request);
      const entries = decodeAnswer(checked.answer, request.candidates.length);
      if (isRejection(entries)) throw new Error(entries.message);
      const lies = entries.map((entry, i) => (i < count ? entry!.map((y) => (y + 1) % SHARE_PRIME) : entry));
      return { ...checked, answer: encodeAnswer(lies) };
    },
  });
  const complainingOf = (count: number): Partial<Sealing> => ({
    async check(request) {
      return sealing.check({ ...request, candidates: request.candidates.map((one, i) => (i < count ? null : one)) });
    },
  });

  it.each([
    ['about three devices', lyingAbout(3)],
    ['about all devices', lyingAbout(DEVICES)],
    ['by complaining of two devices', complainingOf(2)],
  ])('%s steps aside, is named, and costs no device its place', async (_, sealer) => {
    const game = await play({ sealer });
    await publishes(game);
    expect(await judgedIn(game)).toMatchObject({ dropped: [], steppedAside: [await placeOfBad(game)] });
  });

  it('about one device, as a bad dealer would have it, frames nobody: the device is left out of this round', async () => {
    const game = await play({ sealer: lyingAbout(1) });
    const judged = await until('the check is judged', () => judgedIn(game));
    if (judged.type !== 'judged') throw new Error('not judged');
    expect(judged.steppedAside).toEqual([]);
    expect(judged.dropped).toHaveLength(1);
    await publishes(game, {
      without: guests.filter(({ participant }) => judged.dropped.includes(participant.state().device!)),
    });
  });

  it('where only t others answer, frames nobody: the round is abandoned, since it cannot be told who lies', async () => {
    // m = 5, t = 4: with the liar, t + 1 answer.
    const game = await play({ sealer: lyingAbout(3), devices: 5 });
    expect(await game.outcome()).toMatchObject({ kind: 'abandoned', reason: 'too_many_bad_shares' });
    expect(await judgedIn(game)).toBeUndefined();
  });
});

describe('a member that lies in the opening', () => {
  it('does not end the round: the sum opens with the others’ shares, exactly, and no other member is blamed', async () => {
    const game = await play({ sealer: { open: async () => new Uint8Array(2 * N).fill(1) } });
    await publishes(game);
    const opened = (await game.events()).find((event) => event.type === 'opened');
    if (opened?.type !== 'opened') throw new Error('not opened');
    const liar = await placeOfBad(game);
    expect(opened.blamed.filter((x) => x !== liar)).toEqual([]);
  });
});
