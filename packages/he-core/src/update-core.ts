import { createPacker, layout, sentOf } from './codec.ts';
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
  /** Errors of the `count` sent coefficients of the next polynomial, asked for in order. */
  errors: (count: number) => Int8Array;
  firstPolynomial?: number;
}): Promise<Uint8Array<ArrayBuffer>> {
  const { profile, planHash, messages, key, errors, firstPolynomial } = options;
  const { q, delta } = PROFILES[profile];
  const shape = layout(messages.length);
  const packer = createPacker(shape.sent);
  for await (const { first, count, words } of maskSpans(profile, planHash, key, shape.polynomials, firstPolynomial)) {
    for (let p = 0; p < count; p++) {
      const start = (first + p) * N;
      const sent = sentOf(shape, first + p);
      const e = errors(sent);
      const m = messages.subarray(start, start + sent);
      for (let i = 0, w = 2 * p * N; i < sent; i++, w += 2) {
        const message = i < m.length ? m[i]! : 0;
        let c = delta * message + e[i]! - (words[w + 1]! * TWO_32 + words[w]!); // in (−3q/2, q/2)
        if (c < 0) c += q;
        if (c < 0) c += q;
        packer.push(c);
      }
      e.fill(0);
    }
    words.fill(0);
  }
  return packer.finish();
}
