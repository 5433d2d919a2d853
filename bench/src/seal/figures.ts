/** The FedAvg MNIST CNN of McMahan et al. 2017. */
export const PARAMETERS = 1_663_370;
const LANES = 2;
export const COEFFICIENTS = Math.ceil(PARAMETERS / LANES);
export const MEMBERS = 5;
export const THRESHOLD = 4;
/** How many times faster than stock CKKS (under the public key) sealing has to be. */
export const LEAST_RATIO = 10;

/** What is compared with: one CKKS ciphertext holds N / 2 parameters. */
export const CKKS = { n: 8192, coefficientBits: [60, 40, 60], scaleBits: 40 } as const;
export const CKKS_CIPHERTEXTS = Math.ceil(PARAMETERS / (CKKS.n / 2));

export type CkksMode = 'publicKey' | 'symmetric';

export interface Runs {
  readonly runsMs: number[];
  readonly bytes: number;
}

/** What the Worker measured. `bytes` of Sotto: the ciphertext and all boxes. */
export interface Measured {
  readonly sotto: Runs;
  readonly ckks: Readonly<Record<CkksMode, Runs>>;
}
