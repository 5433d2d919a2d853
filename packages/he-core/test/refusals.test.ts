import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { concat } from '../src/bytes.ts';
import { decryptSum } from '../src/decrypt.ts';
import { InvariantError } from '../src/invariant-error.ts';
import {
  checkMatrix,
  checkValues,
  decodeAnswer,
  decodeOpening,
  encodeAnswer,
  encodeOpening,
  openBox,
  sumShares,
} from '../src/member.ts';
import { BOX_BYTES, MASKS, N, PROFILES, type ProfileName, SHARE_PRIME } from '../src/params.ts';
import { keyResidualWithin } from '../src/residual.ts';
import { boxAad, sealBox } from '../src/sealed-box.ts';
import { createSum } from '../src/sum.ts';
import { type SealedUpdate, sealUpdate } from '../src/update.ts';
import { accepted, createCommittee, deviceOf, PLAN } from './committee.ts';

const PROFILE = 'n47';
const COEFFICIENTS = 200;
const messages = Float64Array.from({ length: COEFFICIENTS }, (_, i) => i * i - 7_000);
const other = new Uint8Array(32).fill(9);

let committee: Awaited<ReturnType<typeof createCommittee>>;
let sealed: SealedUpdate;
beforeAll(async () => {
  committee = await createCommittee(PROFILE, 4);
  sealed = await committee.seal(0, messages);
});

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}

describe('an update to seal', () => {
  const request = () => ({
    profile: PROFILE as ProfileName,
    planHash: PLAN,
    deviceId: deviceOf(0),
    messages,
    threshold: committee.threshold,
    members: committee.members,
  });

  test('is refused when a message is no integer or reaches t / 2', async () => {
    const { t } = PROFILES[PROFILE];
    for (const wrong of [0.5, Number.NaN, Number.POSITIVE_INFINITY, -Infinity, t / 2, -t / 2, 2 ** 60]) {
      const altered = messages.slice();
      altered[COEFFICIENTS - 1] = wrong;
      expect(await sealUpdate({ ...request(), messages: altered })).toMatchObject({ rejected: 'message_range' });
    }
    expect(await sealUpdate({ ...request(), messages: new Float64Array() })).toMatchObject({
      rejected: 'message_range',
    });
    const extreme = messages.map((_, i) => (i % 2 === 0 ? t / 2 - 1 : 1 - t / 2));
    expect(await sealUpdate({ ...request(), messages: extreme })).toHaveProperty('ciphertext');
  });

  test('is refused with fewer than three members or a threshold below ⌊2m/3⌋ + 1', async () => {
    for (const threshold of [0, 2, 2.5, 5, Number.NaN]) {
      expect(await sealUpdate({ ...request(), threshold })).toMatchObject({ rejected: 'committee' });
    }
    const two = { ...request(), members: committee.members.slice(0, 2), threshold: 2 };
    expect(await sealUpdate(two)).toMatchObject({ rejected: 'committee' });
  });

  test('is refused when a member’s key is the all-zero point, of small order or not 32 bytes', async () => {
    const one = new Uint8Array(32);
    one[0] = 1;
    for (const point of [new Uint8Array(32), one, new Uint8Array(31), new Uint8Array(33).fill(5)]) {
      const members = [...committee.members.slice(0, 3), point];
      expect(await sealUpdate({ ...request(), members })).toMatchObject({ rejected: 'member_key' });
    }
  });

  test('leaves the messages as they were, and seals them anew each time', async () => {
    const before = messages.slice();
    const first = accepted(await sealUpdate(request()));
    const second = accepted(await sealUpdate(request()));
    expect(messages).toEqual(before);
    expect(first.ciphertextHash).not.toEqual(second.ciphertextHash);
  });
});

describe('a sealed box', () => {
  const open = (changes: {
    box?: Uint8Array;
    planHash?: Uint8Array;
    deviceId?: Uint8Array;
    x?: number;
    hash?: Uint8Array;
    member?: number;
  }) => {
    const x = changes.x ?? 2;
    return openBox({
      box: changes.box ?? sealed.boxes[1]!,
      planHash: changes.planHash ?? PLAN,
      deviceId: changes.deviceId ?? deviceOf(0),
      x,
      ciphertextHash: changes.hash ?? sealed.ciphertextHash,
      ...committee.keys[(changes.member ?? 2) - 1]!,
    });
  };

  test('opens to N key shares and the masks’ shares, all below p', async () => {
    const share = accepted(await open({}));
    expect(share).toHaveLength(N + MASKS);
    expect(share.every((value) => value < SHARE_PRIME)).toBe(true);
    expect(sealed.boxes.every((box) => box.length === BOX_BYTES)).toBe(true);
  });

  test('does not open for another plan, device, ciphertext, place or member', async () => {
    const swapped = sealed.boxes[0]!;
    for (const change of [
      { planHash: other },
      { deviceId: other },
      { hash: other },
      { x: 3 },
      { member: 3 },
      { box: swapped },
    ]) {
      expect(await open(change), Object.keys(change)[0]).toMatchObject({ rejected: 'box_unopened' });
    }
  });

  test('does not open with any bit flipped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * BOX_BYTES - 1), async (bit) => {
        // X25519 ignores the top bit of a public key, but the box is bound to the key's bytes.
        expect(await open({ box: flip(sealed.boxes[1]!, bit) })).toMatchObject({ rejected: 'box_unopened' });
      }),
      { numRuns: 60, examples: [[255], [0], [256], [8 * BOX_BYTES - 1]] },
    );
  });

  test('is rejected when truncated, one byte longer or empty', async () => {
    const box = sealed.boxes[1]!;
    for (const wrong of [box.subarray(0, -1), concat(box, Uint8Array.of(0)), new Uint8Array()]) {
      expect(await open({ box: wrong })).toMatchObject({ rejected: 'box_length' });
    }
  });

  test('is rejected when its ephemeral key is the all-zero point or of small order', async () => {
    const box = sealed.boxes[1]!.slice();
    box.fill(0, 0, 32);
    expect(await open({ box })).toMatchObject({ rejected: 'box_point' });
    box[0] = 1;
    expect(await open({ box })).toMatchObject({ rejected: 'box_point' });
  });

  test('is rejected when a dealer put a share of p or more into it', async () => {
    const share = new Uint16Array(N + MASKS);
    share[N + 1] = SHARE_PRIME;
    const { publicKey } = committee.keys[1]!;
    const aad = boxAad(PLAN, deviceOf(0), 2, sealed.ciphertextHash);
    const box = accepted(await sealBox(publicKey, aad, share));
    expect(await open({ box })).toMatchObject({ rejected: 'box_share' });
  });
});

describe('a check answer', () => {
  const value = fc.oneof(fc.constantFrom(0, 255, 256, SHARE_PRIME - 1), fc.integer({ min: 0, max: SHARE_PRIME - 1 }));
  const entries = fc.array(fc.option(fc.tuple(value, value, value, value)), { maxLength: 30 });

  test('decodes to what was encoded', () => {
    fc.assert(
      fc.property(entries, (list) => {
        expect(decodeAnswer(encodeAnswer(list), list.length)).toEqual(list);
      }),
    );
  });

  test('is 01 for a failure and 00 with four little-endian u16 otherwise', () => {
    expect(Array.from(encodeAnswer([null, [1, 256, 65_520, 0]]))).toEqual([1, 0, 1, 0, 0, 1, 0xf0, 0xff, 0, 0]);
  });

  test('is rejected when truncated, longer, or for another number of candidates', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const bytes = encodeAnswer(list);
        const n = list.length;
        expect(decodeAnswer(concat(bytes, Uint8Array.of(1)), n)).toMatchObject({ rejected: 'answer_length' });
        expect(decodeAnswer(bytes, n + 1)).toMatchObject({ rejected: 'answer_length' });
        if (n === 0) return;
        expect(decodeAnswer(bytes.subarray(0, -1), n)).toMatchObject({ rejected: 'answer_length' });
        expect(decodeAnswer(bytes, n - 1)).toMatchObject({ rejected: 'answer_length' });
      }),
    );
  });

  test('is rejected with another flag or a value of p or more', () => {
    expect(decodeAnswer(Uint8Array.of(2), 1)).toMatchObject({ rejected: 'answer_flag' });
    const bytes = Uint8Array.of(0, 0, 0, 0xf1, 0xff, 0, 0, 0, 0);
    expect(decodeAnswer(bytes, 1)).toMatchObject({ rejected: 'answer_value' });
  });

  test('cannot be encoded from values that are no residues', () => {
    for (const y of [-1, 0.5, SHARE_PRIME]) expect(() => encodeAnswer([[0, 0, y, 0]])).toThrow(InvariantError);
    expect(() => encodeAnswer([[0, 0, 0]])).toThrow(InvariantError);
  });
});

describe('an opening', () => {
  test('decodes to what was encoded', () => {
    const opening = Uint16Array.from({ length: N }, (_, i) => (i * 77_777) % SHARE_PRIME);
    expect(decodeOpening(encodeOpening(opening))).toEqual(opening);
  });

  test('is rejected when truncated, one byte longer, or with a value of p or more', () => {
    const bytes = encodeOpening(new Uint16Array(N));
    for (const wrong of [bytes.subarray(1), concat(bytes, Uint8Array.of(0)), new Uint8Array()]) {
      expect(decodeOpening(wrong)).toMatchObject({ rejected: 'opening_length' });
    }
    const large = new Uint16Array(N);
    large[N - 1] = SHARE_PRIME;
    expect(decodeOpening(encodeOpening(large))).toMatchObject({ rejected: 'opening_value' });
  });

  test('is the sum of the key shares mod p, without the masks’ shares', () => {
    const a = new Uint16Array(N + MASKS).fill(SHARE_PRIME - 1);
    const b = new Uint16Array(N + MASKS).fill(5);
    expect(sumShares([a, b, b])).toEqual(new Uint16Array(N).fill(9));
    expect(sumShares([])).toEqual(new Uint16Array(N));
    expect(() => sumShares([new Uint16Array(N - 1)])).toThrow(InvariantError);
  });
});

describe('check values', () => {
  test('differ for every plan and list of candidates, and change with any one share', async () => {
    const matrix = await checkMatrix(PLAN, other);
    expect(await checkMatrix(other, PLAN)).not.toEqual(matrix);
    expect(matrix.every((value) => value < SHARE_PRIME)).toBe(true);
    const share = await committee.shareOf(0, sealed, 1);
    const values = checkValues(matrix, share);
    for (const index of [0, N - 1, N, N + MASKS - 1]) {
      const altered = share.slice();
      altered[index] = (altered[index]! + 1) % SHARE_PRIME;
      expect(checkValues(matrix, altered)).not.toEqual(values);
    }
  });
});

describe('opening a sum', () => {
  const request = async () => {
    using sum = await createSum({ profile: PROFILE, coefficients: COEFFICIENTS });
    sum.add(sealed.ciphertext);
    return {
      profile: PROFILE,
      planHash: PLAN,
      coefficients: COEFFICIENTS,
      sum: sum.finish(),
      sumKey: await committee.sumKey([sealed]),
      contributors: 1,
    } as const;
  };

  test('yields the messages, and nothing for another plan, key, sum or profile', async () => {
    const good = await request();
    expect(accepted(await decryptSum(good)).messages).toEqual(messages);
    const sumKey = good.sumKey.slice();
    sumKey[17]! += 1;
    const sum = (await committee.seal(1, messages)).ciphertext;
    for (const change of [{ planHash: other }, { sumKey }, { sum }]) {
      expect(await decryptSum({ ...good, ...change }), Object.keys(change)[0]).toMatchObject({
        rejected: 'sum_residual',
      });
    }
  });

  test('refuses a key too long for the number of contributors, and one not centred', async () => {
    const good = await request();
    const long = good.sumKey.map((k) => 2 * k);
    expect(keyResidualWithin(good.sumKey, 1)).toBe(true);
    expect(keyResidualWithin(long, 1)).toBe(false);
    expect(keyResidualWithin(long, 4)).toBe(true);
    expect(keyResidualWithin(good.sumKey.subarray(1), 1)).toBe(false);
    expect(await decryptSum({ ...good, sumKey: long })).toMatchObject({ rejected: 'key_residual' });
    const uncentred = good.sumKey.map((k) => (k < 0 ? k + SHARE_PRIME : k));
    expect(await decryptSum({ ...good, sumKey: uncentred })).toMatchObject({ rejected: 'key_residual' });
  });

  test('refuses a malformed sum', async () => {
    const good = await request();
    expect(await decryptSum({ ...good, sum: good.sum.subarray(1) })).toMatchObject({ rejected: 'ciphertext_length' });
    expect(await decryptSum({ ...good, sum: good.sum.map(() => 255) })).toMatchObject({
      rejected: 'ciphertext_residue',
    });
  });
});
