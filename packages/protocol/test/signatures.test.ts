import { describe, expect, it } from 'vitest';
import { toHex } from '../src/bytes.ts';
import { certificateString } from '../src/certificate.ts';
import { sha256 } from '../src/digest.ts';
import { deviceIdOf } from '../src/ids.ts';
import { answerString, openingString, voteString } from '../src/member-answers.ts';
import { helloString } from '../src/messages.ts';
import { oneTimeKeyString, signOneTimeKey, verifyOneTimeKey } from '../src/one-time-key.ts';
import { planHash, planString, roundKeyOf } from '../src/plan.ts';
import { PREFIX, verifySignature } from '../src/signature.ts';
import { transcriptString } from '../src/transcript.ts';
import { byDevice, listedUpdate, listHash, updateString, verifyUpdateRecord } from '../src/update-record.ts';
import { createPlan, HOUR, NOW } from './plans.ts';
import { createSigner } from './signers.ts';

const signer = await createSigner();
const other = await createSigner();
const plan = await createPlan(signer.publicKey, [signer, other, await createSigner()]);
const hash = planHash(plan);
const zero = '00'.repeat(32);

/** One string of every purpose, all from the same fields as far as they have them in common. */
const STRINGS: Record<keyof typeof PREFIX, Uint8Array> = {
  plan: planString(hash),
  certificate: certificateString({ id: zero, key: zero, task: 'digits', role: 'member', expiry: NOW }),
  oneTimeKey: oneTimeKeyString(roundKeyOf(plan), zero, NOW),
  update: updateString(hash, { key: signer.publicKey, ciphertext: zero, boxes: [zero] }),
  answer: answerString(hash, zero, 1, new Uint8Array(4)),
  vote: voteString(hash, zero),
  opening: openingString(hash, zero, 1, new Uint8Array(4)),
  transcript: transcriptString(hash),
  hello: helloString({ coordinator: signer.publicKey, nonce: hash }),
};

describe('signatures', () => {
  it('verify under their own key and bytes only', async () => {
    const signature = await signer.sign(STRINGS.vote);
    expect(await verifySignature(signer.publicKey, STRINGS.vote, signature)).toBe(true);
    expect(await verifySignature(other.publicKey, STRINGS.vote, signature)).toBe(false);
    expect(await verifySignature(signer.publicKey, STRINGS.vote.subarray(1), signature)).toBe(false);
  });

  it('made for one purpose never verify for another, whatever the fields', async () => {
    for (const [made, bytes] of Object.entries(STRINGS)) {
      const signature = await signer.sign(bytes);
      for (const [asked, string] of Object.entries(STRINGS))
        expect(await verifySignature(signer.publicKey, string, signature), `${made} as ${asked}`).toBe(made === asked);
    }
  });

  it('have prefixes none of which begins another, nor any hashed string', () => {
    const all = [...Object.values(PREFIX), 'sotto/v1/list', 'sotto/v1/check', 'sotto/v1/crs', 'sotto/v1/box'];
    for (const a of all) expect(all.filter((b) => b.startsWith(a))).toEqual([a]);
  });

  it('that are malformed, or of malformed keys, are false and nothing worse', async () => {
    const signature = await signer.sign(STRINGS.vote);
    for (const [key, text] of [
      ['', signature],
      ['zz', signature],
      [zero.slice(2), signature],
      [signer.publicKey.toUpperCase(), signature],
      [signer.publicKey, ''],
      [signer.publicKey, `${signature}00`],
      [signer.publicKey, signature.slice(2)],
      [signer.publicKey, 'g'.repeat(128)],
      [signer.publicKey, '00'.repeat(64)],
    ] as const)
      expect(await verifySignature(key, STRINGS.vote, text)).toBe(false);
  });

  it('change with every field they are meant to bind', async () => {
    const ff = 'ff'.repeat(32);
    const variants: Uint8Array[] = [
      voteString(hash, zero),
      voteString(ff, zero),
      voteString(hash, ff),
      answerString(hash, zero, 1, Uint8Array.of(1)),
      answerString(ff, zero, 1, Uint8Array.of(1)),
      answerString(hash, ff, 1, Uint8Array.of(1)),
      answerString(hash, zero, 2, Uint8Array.of(1)),
      answerString(hash, zero, 1, Uint8Array.of(2)),
      openingString(hash, zero, 1, Uint8Array.of(1)),
      openingString(ff, zero, 1, Uint8Array.of(1)),
      openingString(hash, ff, 1, Uint8Array.of(1)),
      openingString(hash, zero, 2, Uint8Array.of(1)),
      openingString(hash, zero, 1, Uint8Array.of(2)),
      helloString({ coordinator: zero, nonce: zero }),
      helloString({ coordinator: ff, nonce: zero }),
      helloString({ coordinator: zero, nonce: ff }),
      ...[
        { key: signer.publicKey, ciphertext: zero, boxes: [zero, ff] },
        { key: other.publicKey, ciphertext: zero, boxes: [zero, ff] },
        { key: signer.publicKey, ciphertext: ff, boxes: [zero, ff] },
        { key: signer.publicKey, ciphertext: zero, boxes: [ff, zero] },
        { key: signer.publicKey, ciphertext: zero, boxes: [zero] },
      ].map((record) => updateString(hash, record)),
      updateString(ff, { key: signer.publicKey, ciphertext: zero, boxes: [zero, ff] }),
    ];
    expect(new Set(variants.map(toHex)).size).toBe(variants.length);
  });
});

describe('one-time keys', () => {
  const round = roundKeyOf(plan);

  it('count for the member, round and lifetime they were signed for', async () => {
    const oneTime = await signOneTimeKey(signer, round, zero, NOW + HOUR);
    expect(await verifyOneTimeKey(signer.publicKey, round, oneTime)).toBe(true);
    expect(await verifyOneTimeKey(other.publicKey, round, oneTime)).toBe(false);
    expect(await verifyOneTimeKey(signer.publicKey, round, { ...oneTime, expiry: NOW + HOUR + 1 })).toBe(false);
    expect(await verifyOneTimeKey(signer.publicKey, round, { ...oneTime, key: 'ff'.repeat(32) })).toBe(false);
    for (const elsewhere of [
      { ...round, coordinator: other.publicKey },
      { ...round, task: 'letters' },
      { ...round, run: 'run-2' },
      { ...round, round: 8 },
      { ...round, group: 1 },
    ])
      expect(await verifyOneTimeKey(signer.publicKey, elsewhere, oneTime)).toBe(false);
  });
});

describe('update records and lists', () => {
  const record = async (device = signer, ciphertext = zero) => {
    const unsigned = { key: device.publicKey, certificate: null, ciphertext, boxes: [zero, zero, zero] };
    return { ...unsigned, signature: await device.sign(updateString(hash, unsigned)) };
  };

  it('verify for their plan, ciphertext and boxes only: boxes cannot be swapped', async () => {
    const honest = await record();
    const ff = 'ff'.repeat(32);
    expect(await verifyUpdateRecord(hash, honest)).toBe(true);
    expect(await verifyUpdateRecord(ff, honest)).toBe(false);
    expect(await verifyUpdateRecord(hash, { ...honest, ciphertext: ff })).toBe(false);
    expect(await verifyUpdateRecord(hash, { ...honest, boxes: [zero, ff, zero] })).toBe(false);
    expect(await verifyUpdateRecord(hash, { ...honest, boxes: [zero, zero] })).toBe(false);
    expect(await verifyUpdateRecord(hash, { ...honest, key: other.publicKey })).toBe(false);
  });

  it('hash to the same list in any order, ascending by device id', async () => {
    const listed = [listedUpdate(hash, await record()), listedUpdate(hash, await record(other))];
    expect(listHash(listed)).toBe(listHash([...listed].reverse()));
    const [first, second] = byDevice(listed);
    expect(first!.device < second!.device).toBe(true);
    expect(first!.device).toBe([deviceIdOf(signer.publicKey), deviceIdOf(other.publicKey)].sort()[0]);
  });

  it('hash to another list when one device shows another upload, is left out or replaced', async () => {
    const listed = [listedUpdate(hash, await record()), listedUpdate(hash, await record(other))];
    const twice = listedUpdate(hash, await record(signer, 'ff'.repeat(32)));
    const lists = [listed, [twice, listed[1]!], listed.slice(0, 1), listed.slice(1), []];
    expect(new Set(lists.map(listHash)).size).toBe(lists.length);
  });

  it('state the digest of the signed string', async () => {
    const honest = await record();
    expect(listedUpdate(hash, honest)).toEqual({
      device: deviceIdOf(signer.publicKey),
      digest: toHex(sha256(updateString(hash, honest))),
    });
  });
});
