import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layout, pack, unpack } from '../src/codec.ts';
import { decryptSum } from '../src/decrypt.ts';
import { sampleNoise } from '../src/noise.ts';
import { N, PROFILES, type ProfileName } from '../src/params.ts';
import { residualLimit } from '../src/residual.ts';
import { createSum } from '../src/sum.ts';
import { encryptUnder } from '../src/update-core.ts';
import { accepted, createCommittee, PLAN } from './committee.ts';

const names = Object.keys(PROFILES) as ProfileName[];

/** Signed messages of one update, so that the sum of `contributors` of them stays within t / 2. */
function messagesOf(profile: ProfileName, contributors: number, length: number) {
  const most = Math.floor((PROFILES[profile].t / 2 - 1) / contributors);
  const message = fc.oneof(fc.constantFrom(0, most, -most, 1, -1), fc.integer({ min: -most, max: most }));
  return fc.array(message, { minLength: length, maxLength: length }).map((list) => Float64Array.from(list));
}

function add(updates: readonly Float64Array[]): number[] {
  return Array.from(updates[0]!, (_, i) => updates.reduce((total, update) => total + update[i]!, 0));
}

describe('an opened sum', () => {
  test('is exact for any profile, number of contributors, length and messages', async () => {
    const rounds = fc
      .record({
        profile: fc.constantFrom(...names),
        contributors: fc.integer({ min: 1, max: 12 }),
        length: fc.integer({ min: 1, max: 200 }),
      })
      .chain(({ profile, contributors, length }) =>
        fc.record({
          profile: fc.constant(profile),
          updates: fc.array(messagesOf(profile, contributors, length), {
            minLength: contributors,
            maxLength: contributors,
          }),
        }),
      );
    await fc.assert(
      fc.asyncProperty(rounds, async ({ profile, updates }) => {
        const committee = await createCommittee(profile);
        const sealed = await Promise.all(updates.map((messages, device) => committee.seal(device, messages)));
        const { messages } = await committee.open(sealed, updates[0]!.length);
        expect(Array.from(messages, (m) => m + 0)).toEqual(add(updates).map((m) => m + 0));
      }),
      { numRuns: 25 },
    );
  });

  test('is exact with 47 contributors of profile n47, at the largest messages and beyond one polynomial', async () => {
    const { t, maxContributors } = PROFILES.n47;
    const most = Math.floor((t / 2 - 1) / maxContributors);
    const committee = await createCommittee('n47');
    const updates = Array.from({ length: maxContributors }, (_, device) =>
      Float64Array.from({ length: N + 100 }, (_, i) => (i % 3 === 0 ? -most : i % 3 === 1 ? most : device - i)),
    );
    const sealed = await Promise.all(updates.map((messages, device) => committee.seal(device, messages)));
    const { messages } = await committee.open(sealed, N + 100);
    expect(Array.from(messages)).toEqual(add(updates));
  });

  test('is exact with 774 contributors of profile n774', async () => {
    const profile = 'n774';
    const { t, maxContributors } = PROFILES[profile];
    const most = Math.floor((t / 2 - 1) / maxContributors);
    const messages = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? i - most : most - i));
    const sumKey = new Int32Array(N);
    using sum = await createSum({ profile, coefficients: 100 });
    for (let device = 0; device < maxContributors; device++) {
      const key = sampleNoise(N);
      for (let i = 0; i < N; i++) sumKey[i]! += key[i]!;
      sum.add(await encryptUnder({ profile, planHash: PLAN, messages, key, errors: sampleNoise }));
    }
    const request = { profile, planHash: PLAN, coefficients: 100, contributors: maxContributors } as const;
    const opened = accepted(await decryptSum({ ...request, sum: sum.finish(), sumKey }));
    expect(opened.messages).toEqual(messages.map((m) => maxContributors * m));
    expect(opened.residualSquares[0]).toBeLessThan(residualLimit(maxContributors, 100));
  });
});

describe('a homomorphic sum', () => {
  test('equals adding residues mod q, whatever the packed ciphertexts hold', async () => {
    const profile = 'n12k';
    const { q } = PROFILES[profile];
    const residue = fc.oneof(fc.constantFrom(0, 1, q - 1, q - 2), fc.integer({ min: 0, max: q - 1 }));
    const ciphertext = fc.array(residue, { minLength: 64, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(fc.array(ciphertext, { minLength: 1, maxLength: 5 }), async (ciphertexts) => {
        using sum = await createSum({ profile, coefficients: 10 });
        for (const residues of ciphertexts) expect(sum.add(pack(Float64Array.from(residues)))).toBeUndefined();
        const found = accepted(unpack(sum.finish(), 10, q));
        const expected = ciphertexts.reduce((total, residues) => total.map((r, i) => (r + residues[i]!) % q));
        expect(Array.from(found)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('spans SEAL ciphertexts of sixteen polynomials, a single one left over and a short last one', async () => {
    const profile = 'n774';
    const { q } = PROFILES[profile];
    for (const coefficients of [16 * N, 16 * N + 1, 18 * N - 5]) {
      const residues = Float64Array.from({ length: layout(coefficients).sent }, (_, i) => (i * 999_999_937) % q);
      using sum = await createSum({ profile, coefficients });
      expect(Array.from(accepted(unpack(sum.finish(), coefficients, q))).every((r) => r === 0)).toBe(true);
      sum.add(pack(residues));
      sum.add(pack(residues));
      const found = accepted(unpack(sum.finish(), coefficients, q));
      expect(found.every((r, i) => r === (2 * residues[i]!) % q)).toBe(true);
    }
  });

  test('is untouched by a ciphertext it rejects', async () => {
    const { q } = PROFILES.n47;
    using sum = await createSum({ profile: 'n47', coefficients: 2 * N });
    const good = pack(Float64Array.from({ length: 2 * N }, (_, i) => i));
    const bad = Float64Array.from({ length: 2 * N }, () => 5);
    bad[2 * N - 1] = q;
    sum.add(good);
    expect(sum.add(pack(bad))).toMatchObject({ rejected: 'ciphertext_residue' });
    expect(sum.add(good.subarray(1))).toMatchObject({ rejected: 'ciphertext_length' });
    expect(Array.from(sum.finish())).toEqual(Array.from(good));
  });
});
