/** Ring degree: polynomials live in Z_q[X]/(X^N + 1). */
export const N = 4096;
/** Bits of one packed residue; every q is a 51-bit prime. */
export const RESIDUE_BITS = 51;
/** Centred binomial parameter of keys and errors: the difference of two sums of ETA fair bits. */
export const ETA = 42;
/** Variance of one key or error coefficient, ETA / 2 = (√2 · 3.24)²; the √2 pays for opening the sums (Hint-RLWE). */
export const NOISE_VARIANCE = 21;
/** p, the field of the key shares. */
export const SHARE_PRIME = 65521;
/** Uniform masks shared beside the key; each hides one check value. */
export const MASKS = 4;
/** Coefficients the last polynomial sends at the least, so that its residual test has enough samples. */
export const LEAST_SENT = 64;
/** One sealed box: ephemeral X25519 key ‖ AES-GCM of (N + MASKS) × u16 ‖ tag. */
export const BOX_BYTES = 32 + 2 * (N + MASKS) + 16;

export type ProfileName = 'n47' | 'n774' | 'n12k' | 'n199k';

/**
 * One modulus: prime q = delta · t + 1 with t = 2^log2t and q ≡ 1 mod 2N. Because q ≡ 1 mod t, SEAL's own BFV scaling
 * agrees with delta · m. `maxContributors` is the largest n with 8 · σ · √n < delta / 2. All numbers are exact.
 */
export interface Profile {
  readonly name: ProfileName;
  readonly log2t: number;
  readonly t: number;
  readonly delta: number;
  readonly q: number;
  readonly maxContributors: number;
}

function profile(name: ProfileName, log2t: number, delta: number, maxContributors: number): Profile {
  const t = 2 ** log2t;
  return Object.freeze({ name, log2t, t, delta, q: delta * t + 1, maxContributors });
}

export const PROFILES: Readonly<Record<ProfileName, Profile>> = Object.freeze({
  n47: profile('n47', 42, 505, 47),
  n774: profile('n774', 40, 2041, 774),
  n12k: profile('n12k', 38, 8182, 12_452),
  n199k: profile('n199k', 36, 32_761, 199_643),
});
