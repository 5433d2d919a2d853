import { BLOCK_POLYNOMIALS } from './seal/context.ts';

/** A run of polynomials that go through SEAL together. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

/** Polynomials 0 … polynomials − 1, in spans of as many as one SEAL ciphertext carries. */
export function spansOf(polynomials: number): Span[] {
  const spans: Span[] = [];
  for (let first = 0; first < polynomials; first += BLOCK_POLYNOMIALS) {
    spans.push({ first, count: Math.min(BLOCK_POLYNOMIALS, polynomials - first) });
  }
  return spans;
}
