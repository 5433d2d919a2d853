import type { AnswerEntry } from './answer.ts';
import { dot, lagrange } from './field.ts';
import { ensure } from './invariant-error.ts';
import { MASKS } from './params.ts';

export type Judgement =
  | {
      readonly kind: 'judged';
      /** Indices of candidates that are left out of U. */
      readonly dropped: number[];
      /** x of the members that take no further part. */
      readonly steppedAside: number[];
    }
  | { readonly kind: 'abandon'; readonly reason: 'few_answers' | 'too_many_off_degree' };

/**
 * What the members' check answers say, with t = `threshold` and b = max(1, ⌊candidates / 20⌋).
 *
 * - Fewer than t answers: abandon. With t there is no degree check.
 * - With t + 1: more than b devices whose values are not of degree < t, abandon (no telling who lies).
 * - With t + 2 or more: a member that alone disagrees on, or complains of, more than b devices steps aside, worst first,
 *   ties to the lower x, while t or more remain. A complaint counts where t others' values agree.
 * - Devices still off degree or complained of are dropped.
 */
export function judgeAnswers(options: {
  threshold: number;
  answers: ReadonlyMap<number, readonly AnswerEntry[]>;
  candidates: number;
}): Judgement {
  const { threshold, answers, candidates } = options;
  for (const [x, entries] of answers) {
    ensure(entries.length === candidates, `member ${x} answers for ${entries.length} of ${candidates} candidates`);
  }
  let members = [...answers.keys()].sort((a, b) => a - b);
  if (members.length < threshold) return { kind: 'abandon', reason: 'few_answers' };

  const tolerated = Math.max(1, Math.floor(candidates / 20));
  const isLow = createDegreeTest(threshold);
  const isOff = (candidate: number, xs: readonly number[]) => !isLow(xs, answers, candidate);

  if (members.length === threshold + 1) {
    const off = indices(candidates).filter((candidate) => isOff(candidate, members));
    if (off.length > tolerated) return { kind: 'abandon', reason: 'too_many_off_degree' };
  }
  const steppedAside: number[] = [];
  if (members.length >= threshold + 2) {
    for (let worst = findWorst(); worst !== undefined; worst = findWorst()) {
      const leaving = worst;
      steppedAside.push(leaving);
      members = members.filter((x) => x !== leaving);
    }
  }
  const dropped = indices(candidates).filter(
    (candidate) => members.some((x) => answers.get(x)![candidate] === null) || isOff(candidate, members),
  );
  return { kind: 'judged', dropped, steppedAside };

  function findWorst(): number | undefined {
    if (members.length <= threshold) return undefined;
    const blame = new Map(members.map((x) => [x, 0]));
    for (let candidate = 0; candidate < candidates; candidate++) {
      for (const x of blamedFor(candidate)) blame.set(x, blame.get(x)! + 1);
    }
    const worst = members.reduce((a, b) => (blame.get(b)! > blame.get(a)! ? b : a));
    return blame.get(worst)! > tolerated ? worst : undefined;
  }

  /**
   * Members whose complaint of a candidate t others contradict, and the one that alone disagrees, if there is one. A box that is
   * good for too few is its dealer's fault: it must not cost members.
   */
  function blamedFor(candidate: number): number[] {
    const checked = members.filter((x) => answers.get(x)![candidate] !== null);
    const vouched = checked.length >= threshold && !isOff(candidate, checked);
    const blamed = vouched ? members.filter((x) => !checked.includes(x)) : [];
    // The others can contradict one member only where more than t of them agree.
    if (checked.length >= threshold + 2 && isOff(candidate, checked)) {
      const alone = checked.find(
        (x) =>
          !isOff(
            candidate,
            checked.filter((other) => other !== x),
          ),
      );
      if (alone !== undefined) blamed.push(alone);
    }
    return blamed;
  }
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Tests whether the check values of the members that have any are of degree < t in x; true with t points or fewer. */
function createDegreeTest(threshold: number) {
  const parities = new Map<string, { x: number; weights: number[] }[]>();
  const parityOf = (xs: readonly number[]) => {
    const name = xs.join();
    let parity = parities.get(name);
    if (!parity) {
      const base = xs.slice(0, threshold);
      parity = xs.slice(threshold).map((x) => ({ x, weights: lagrange(base, x) }));
      parities.set(name, parity);
    }
    return parity;
  };
  return (
    members: readonly number[],
    answers: ReadonlyMap<number, readonly AnswerEntry[]>,
    candidate: number,
  ): boolean => {
    const valuesOf = (x: number) => answers.get(x)![candidate]!;
    const xs = members.filter((x) => valuesOf(x) !== null);
    if (xs.length <= threshold) return true;
    const base = xs.slice(0, threshold);
    return parityOf(xs).every(({ x, weights }) => {
      for (let rho = 0; rho < MASKS; rho++) {
        const expected = dot(
          weights,
          base.map((point) => valuesOf(point)[rho]!),
        );
        if (expected !== valuesOf(x)[rho]) return false;
      }
      return true;
    });
  };
}
