import { type Span, spansOf } from './blocks.ts';
import { expandPolynomial, openCrs } from './crs.ts';
import { N, PROFILES, type ProfileName } from './params.ts';
import { type Block, createBlock, openContext } from './seal/context.ts';
import { createMultiplier } from './seal/product.ts';

/** Spans being expanded while SEAL is at work on one. */
const AHEAD = 3;

export interface MaskedSpan extends Span {
  /** a_j · k mod q for the span's polynomials, coefficients as (low, high) pairs of u32. */
  readonly words: Uint32Array;
}

/**
 * Yields a_j · k mod q for polynomials firstPolynomial … of a plan, span by span: what encryption subtracts and
 * decryption adds. While SEAL multiplies one span, WebCrypto already expands the next ones.
 */
export async function* maskSpans(
  profile: ProfileName,
  planHash: Uint8Array,
  key: ArrayLike<number>,
  polynomials: number,
  firstPolynomial = 0,
): AsyncGenerator<MaskedSpan> {
  const { q } = PROFILES[profile];
  const spans = spansOf(polynomials);
  const [context, crs] = await Promise.all([openContext(profile), openCrs(planHash)]);
  using multiplier = await createMultiplier(profile, key);
  const spare: Block[] = [];
  const expand = async ({ first, count }: Span): Promise<Block> => {
    const at = spare.findIndex(({ polynomials }) => polynomials === count);
    const block = at < 0 ? createBlock(context, count, 'ntt') : spare.splice(at, 1)[0]!;
    const each = Array.from({ length: count }, (_, i) =>
      expandPolynomial(crs, firstPolynomial + first + i, q, block.words.subarray(2 * N * i, 2 * N * (i + 1))),
    );
    await Promise.all(each);
    return block;
  };
  const expanding = spans.slice(0, AHEAD).map(expand);
  for (const [index, span] of spans.entries()) {
    const block = await expanding.shift()!;
    const following = spans[index + AHEAD];
    multiplier.multiply(block);
    yield { ...span, words: block.words };
    block.words.fill(0); // a_j is public, so a_j · k is as secret as k
    spare.push(block);
    if (following) expanding.push(expand(following));
  }
}
