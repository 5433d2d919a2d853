import { type AliasTable, createAliasTable } from './alias-table.ts';
import { isUnder, ratioBounds, UNIT } from './poisson-ratio.ts';
import type { Words } from './words.ts';

/**
 * Poisson numbers, exactly: each k comes with probability e^{−μ}μ^k/k!, not nearly so, if the words are uniform. Noise that is off in its
 * tails, or whose low bits tell how it was rounded, gives away what it should hide (Mironov 2012); a sampler in floating point is both.
 *
 * Rejection under a staircase: steps of B = 2^b numbers (about √μ/50), as high as the largest p in them; an alias table of integers draws
 * a point under the staircase, and the point's k is taken if it is under p. The point's height is a whole number of units of p(μ)/2^32.
 * Almost always it is plainly under p or above it, by bounds in integers and then by a double with a proven margin; else its next bits
 * are drawn, and compared with p in integers of as many bits as it takes. Beyond the staircase, where p < p(μ)/2^32, blocks of numbers
 * each half as high as the one before cover the tails: p at least halves from one to the next.
 */
export type Poisson = (words: Words) => number;

/** Where the staircase starts and how its steps are drawn. */
interface Staircase {
  /** First number of the lowest step. */
  readonly first: number;
  /** First number beyond the highest step. */
  readonly end: number;
  readonly stepBits: number;
  /** For each step, the height up to which every one of its numbers is taken. */
  readonly sure: Float64Array;
  readonly table: AliasTable;
  /** Numbers of a tail's first block, log2. */
  readonly tailBits: number;
}

/** @param mean  μ, an integer from 1 to 2^45. */
export function createPoisson(mean: number): Poisson {
  const { first, end, stepBits, sure, table, tailBits } = buildStaircase(mean);
  const steps = sure.length;
  const within = 2 ** stepBits - 1;
  const columnMask = table.columns - 1;

  const drawTail = (right: boolean, words: Words): number | undefined => {
    let block = 0;
    while (words.next() >= UNIT / 2) block++;
    const offset = 2 ** tailBits * block + (words.next() % 2 ** tailBits);
    const k = right ? end + offset : first - 1 - offset;
    return k >= 0 && isUnder(mean, k, { height: 0, shift: block }, words) ? k : undefined;
  };

  return (words) => {
    for (;;) {
      const place = words.next();
      const column = (place >>> stepBits) & columnMask;
      let height = words.next() >>> table.shift;
      let step = column;
      if (height < table.split[column]!) height += table.ownOffset[column]!;
      else {
        step = table.alias[column]!;
        height += table.aliasOffset[column]!;
      }
      if (step < steps) {
        const k = first + 2 ** stepBits * step + (place & within);
        if (height < sure[step]!) return k;
        const [low, high] = ratioBounds(mean, k);
        if (height < low) return k;
        if (height < high && isUnder(mean, k, { height, shift: 0 }, words)) return k;
      } else if (step < steps + 2) {
        const k = drawTail(step === steps, words);
        if (k !== undefined) return k;
      }
    }
  };
}

function buildStaircase(mean: number): Staircase {
  const stepBits = Math.max(0, Math.floor(Math.log2(Math.sqrt(mean) / 32)));
  const step = 2 ** stepBits;
  const lowest = (first: number) => Math.min(ratioBounds(mean, first)[0], ratioBounds(mean, first + step - 1)[0]);
  const heights: number[] = [];
  const sure: number[] = [];
  let first = mean;
  for (let [, high] = ratioBounds(mean, mean - 1); high > 1; [, high] = ratioBounds(mean, first - 1)) {
    first -= step;
    heights.unshift(high);
    sure.unshift(lowest(first));
  }
  let end = mean;
  for (let high = UNIT; high > 1; [, high] = ratioBounds(mean, end)) {
    heights.push(high);
    sure.push(lowest(end));
    end += step;
  }
  // From one number to the next p shrinks by 1 + x or more; it has halved after 1/x, as (1 + x)^n ≥ 1 + nx.
  let tailBits = stepBits;
  while (2 ** tailBits * (end + 1 - mean) < mean || 2 ** tailBits * (mean - first + 1) < first - 1) tailBits++;
  // In units a step wide: blocks of 1 + 1/2 + 1/4 + … units.
  const tail = 2 ** (1 + tailBits - stepBits);
  const table = createAliasTable([...heights, tail, first > 0 ? tail : 0]);
  return { first, end, stepBits, sure: Float64Array.from(sure), table, tailBits };
}
