import { createPacked, layout, sentOf } from './codec.ts';
import { maskSpans } from './masking.ts';
import { N, PROFILES, type ProfileName } from './params.ts';

const TWO_32 = 2 ** 32;

/**
 * The deterministic heart of encryption, for `sealUpdate` and known-answer tests only: packs
 * c_j = Δ·m_j + e_j − a_j·k mod q. The key and the errors are given; whoever calls it must draw both anew every time,
 * because two updates under one key give away their difference. `messages` are signed, |m| < t/2, and Δ·m is reduced
 * mod q from the signed value.
 */
export async function encryptUnder(options: {
  profile: ProfileName;
  planHash: Uint8Array;
  messages: Float64Array;
  key: Int8Array;
  /** Errors of the next `count` sent coefficients, asked for in order; wiped after use. */
  errors: (count: number) => Int8Array;
  firstPolynomial?: number;
}): Promise<Uint8Array<ArrayBuffer>> {
  const { profile, planHash, messages, key, errors, firstPolynomial } = options;
  const { q, delta } = PROFILES[profile];
  const shape = layout(messages.length);
  const packed = createPacked(shape.sent);
  const residues = new Float64Array(N);
  for await (const { first, count, words } of maskSpans(profile, planHash, key, shape.polynomials, firstPolynomial)) {
    const start = first * N;
    const e = errors(Math.min(count * N, shape.sent - start));
    for (let p = 0; p < count; p++) {
      const sent = sentOf(shape, first + p);
      for (let i = 0, at = p * N; i < sent; i++, at++) {
        const product = words[2 * at + 1]! * TWO_32 + words[2 * at]!;
        const message = start + at < messages.length ? messages[start + at]! : 0;
        const c = delta * message + e[at]! - product; // in (−3q/2, q/2)
        residues[i] = c - q * Math.floor(c / q); // without branches; c / q is exact enough, as q < 2^52
      }
      packed.write(start + p * N, residues.subarray(0, sent));
    }
    e.fill(0);
  }
  return packed.finish();
}
