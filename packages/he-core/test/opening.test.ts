import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckValues } from '../src/check.ts';
import { dealShares } from '../src/key-share.ts';
import { type AnswerEntry, judgeAnswers, recoverSumKey } from '../src/opening.ts';
import { MASKS, N, SHARE_PRIME } from '../src/params.ts';

const THRESHOLD = 4;

/** Honest check values of `candidates` devices at x = 1 … members: four polynomials of degree < t each. */
function honest(members: number, candidates: number, threshold = THRESHOLD): Map<number, AnswerEntry[]> {
  const answers = new Map<number, AnswerEntry[]>(Array.from({ length: members }, (_, i) => [i + 1, []]));
  for (let candidate = 0; candidate < candidates; candidate++) {
    const rows = Array.from({ length: threshold - 1 }, (_, d) =>
      Uint16Array.from({ length: MASKS }, (_, rho) => (candidate * 7_919 + d * 104_729 + rho * 31 + 1) % SHARE_PRIME),
    );
    const shares = dealShares([1, 2, 3, candidate], rows, members);
    for (const [index, share] of shares.entries()) {
      answers.get(index + 1)!.push(Array.from(share) as CheckValues);
    }
  }
  return answers;
}

/** Member x answers another fourth value for these candidates. */
function lie(answers: Map<number, AnswerEntry[]>, x: number, candidates: readonly number[]): void {
  for (const candidate of candidates) {
    const [a, b, c, d] = answers.get(x)![candidate]!;
    answers.get(x)![candidate] = [a, b, c, (d + 1 + x) % SHARE_PRIME];
  }
}

function complain(answers: Map<number, AnswerEntry[]>, x: number, candidates: readonly number[]): void {
  for (const candidate of candidates) answers.get(x)![candidate] = null;
}

const judge = (answers: Map<number, AnswerEntry[]>, candidates: number) =>
  judgeAnswers({ threshold: THRESHOLD, answers, candidates });
const judged = (dropped: number[], steppedAside: number[] = []) => ({ kind: 'judged', dropped, steppedAside });
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('judging check answers', () => {
  test('drops nobody when all members are honest', () => {
    for (const members of [4, 5, 6, 7]) expect(judge(honest(members, 10), 10)).toEqual(judged([]));
  });

  test('abandons with fewer than t answers', () => {
    const answers = honest(4, 10);
    answers.delete(2);
    expect(judge(answers, 10)).toEqual({ kind: 'abandon', reason: 'few_answers' });
  });

  test('checks no degree with t answers, but drops devices complained of', () => {
    const answers = honest(4, 10);
    lie(answers, 1, range(10));
    complain(answers, 2, [3, 7]);
    expect(judge(answers, 10)).toEqual(judged([3, 7]));
  });

  test('with t + 1 drops up to b devices off degree and abandons beyond', () => {
    const one = honest(5, 10);
    lie(one, 2, [4]);
    expect(judge(one, 10)).toEqual(judged([4]));
    const two = honest(5, 10);
    lie(two, 2, [4, 5]);
    expect(judge(two, 10)).toEqual({ kind: 'abandon', reason: 'too_many_off_degree' });
  });

  test('tolerates ⌊candidates / 20⌋ devices, and one at the least', () => {
    for (const [candidates, tolerated] of [
      [1, 1],
      [39, 1],
      [40, 2],
      [60, 3],
      [100, 5],
      [140, 7],
    ] as const) {
      const within = honest(5, candidates);
      lie(within, 1, range(tolerated));
      expect(judge(within, candidates)).toEqual(judged(range(tolerated)));
      if (tolerated === candidates) continue;
      const beyond = honest(5, candidates);
      lie(beyond, 1, range(tolerated + 1));
      expect(judge(beyond, candidates)).toMatchObject({ kind: 'abandon' });
    }
  });

  test('with t + 2 a member that alone disagrees on more than b devices steps aside, and no device is lost', () => {
    const answers = honest(6, 10);
    lie(answers, 5, [0, 1, 2]);
    expect(judge(answers, 10)).toEqual(judged([], [5]));
  });

  test('with t + 2 a member that disagrees on b devices stays, and they are dropped', () => {
    const answers = honest(6, 10);
    lie(answers, 5, [8]);
    expect(judge(answers, 10)).toEqual(judged([8]));
  });

  test('with t + 2 a member that complains of more than b devices steps aside', () => {
    const answers = honest(6, 10);
    complain(answers, 3, [1, 2]);
    expect(judge(answers, 10)).toEqual(judged([], [3]));
    const few = honest(6, 10);
    complain(few, 3, [1]);
    expect(judge(few, 10)).toEqual(judged([1]));
  });

  test('counts disagreements and complaints of a member together', () => {
    const answers = honest(6, 10);
    complain(answers, 3, [1]);
    lie(answers, 3, [2]);
    expect(judge(answers, 10)).toEqual(judged([], [3]));
  });

  test('lets the worst step aside first, of equals the one with the lower x', () => {
    const worse = honest(7, 10);
    complain(worse, 2, [0, 1]);
    complain(worse, 6, [0, 1, 2]);
    expect(judge(worse, 10)).toEqual(judged([], [6, 2]));
    const equal = honest(7, 10);
    complain(equal, 6, [0, 1]);
    complain(equal, 2, [3, 4]);
    expect(judge(equal, 10)).toEqual(judged([], [2, 6]));
  });

  test('keeps t members: those that would have stepped aside later make their devices drop', () => {
    const answers = honest(6, 10);
    complain(answers, 1, [0, 1, 2, 3]);
    complain(answers, 2, [4, 5, 6]);
    complain(answers, 3, [7, 8]);
    expect(judge(answers, 10)).toEqual(judged([7, 8], [1, 2]));
  });

  test('blames nobody for a dealer whose shares lie on no polynomial', () => {
    const answers = honest(7, 40);
    for (const x of [1, 2, 3]) lie(answers, x, [0, 5, 9]);
    expect(judge(answers, 40)).toEqual(judged([0, 5, 9]));
  });

  test('blames nobody where only t others could contradict a member', () => {
    const answers = honest(6, 10);
    lie(answers, 1, [0, 1]);
    complain(answers, 2, [0]);
    complain(answers, 3, [1]);
    expect(judge(answers, 10)).toEqual(judged([0, 1]));
  });

  test('blames nobody for boxes that are good for fewer than t members', () => {
    const answers = honest(7, 20);
    for (const x of [1, 2, 3, 4, 5, 6, 7]) complain(answers, x, [4, 9]);
    expect(judge(answers, 20)).toEqual(judged([4, 9]));
    const some = honest(7, 20);
    for (const x of [1, 2, 3, 4]) complain(some, x, [4, 9]);
    expect(judge(some, 20)).toEqual(judged([4, 9]));
  });

  test('blames nobody for boxes of a dealer whose other shares lie on no polynomial', () => {
    const answers = honest(7, 20);
    complain(answers, 1, [4, 9]);
    for (const x of [3, 5]) lie(answers, x, [4, 9]);
    expect(judge(answers, 20)).toEqual(judged([4, 9]));
  });

  test('two members that complain of everybody stop no round: t others contradict them', () => {
    const answers = honest(6, 20);
    for (const x of [2, 5])
      complain(
        answers,
        x,
        range(20).map((i) => i),
      );
    expect(judge(answers, 20)).toEqual(judged([], [2, 5]));
  });

  test('can be brought to send an honest member aside by two that conspire: of t + 2, t + 1 then agree against it', () => {
    const answers = honest(6, 10);
    for (const x of [1, 2]) {
      // A polynomial of degree t − 1 with its roots at three of the four honest members.
      const lie = (x - 3) * (x - 4) * (x - 5) + SHARE_PRIME;
      for (const candidate of [0, 1]) {
        const [a, b, c, d] = answers.get(x)![candidate]!;
        answers.get(x)![candidate] = [a, b, c, (d + lie) % SHARE_PRIME];
      }
    }
    expect(judge(answers, 10)).toEqual(judged([], [6]));
  });

  test('never loses an honest device to one lying member of t + 2, nor names an honest member', () => {
    const lies = fc.record({
      liar: fc.integer({ min: 1, max: 6 }),
      wrong: fc.uniqueArray(fc.nat(29)),
      complaints: fc.uniqueArray(fc.nat(29)),
    });
    fc.assert(
      fc.property(lies, ({ liar, wrong, complaints }) => {
        const answers = honest(6, 30);
        lie(answers, liar, wrong);
        complain(answers, liar, complaints);
        const touched = [...new Set([...wrong, ...complaints])].sort((a, b) => a - b);
        expect(judge(answers, 30)).toEqual(touched.length > 1 ? judged([], [liar]) : judged(touched));
      }),
    );
  });
});

describe('recovering the sum key in a large committee', () => {
  test.each([15, 20, 30])('leaves out one or two liars among %i members, wherever they sit', async (members) => {
    const threshold = Math.floor((2 * members) / 3) + 1;
    const key = Int32Array.from({ length: N }, (_, i) => (i % 201) - 100);
    const rows = range(threshold - 1).map((d) =>
      Uint16Array.from({ length: N }, (_, i) => (i * 31 + d * 977) % 65_521),
    );
    const shares = dealShares(key, rows, members);
    for (const liars of [[1], [2], [members], [1, 2], [1, Math.ceil(members / 2)], [3, members]]) {
      const openings = new Map(
        shares.map((share, i) => [i + 1, liars.includes(i + 1) ? share.map((s) => (s + i + 1) % SHARE_PRIME) : share]),
      );
      const recovered = await recoverSumKey({
        threshold,
        openings,
        accept: async (candidate) => candidate.every((k, i) => k === key[i]),
      });
      expect(recovered).toEqual({ key, blamed: liars.length === 1 ? liars : [] });
    }
  });
});

describe('recovering the sum key', () => {
  const key = Int32Array.from({ length: N }, (_, i) => ((i * 7_919) % 201) - 100);
  const rows = range(THRESHOLD - 1).map((d) => Uint16Array.from({ length: N }, (_, i) => (i * 31 + d * 977) % 65_521));
  const open = (members: number) => new Map(dealShares(key, rows, members).map((share, i) => [i + 1, share] as const));
  const isKey = async (candidate: Int32Array) => candidate.every((k, i) => k === key[i]);
  const recover = (openings: Map<number, Uint16Array>, accept = isKey) =>
    recoverSumKey({ threshold: THRESHOLD, openings, accept });
  const garble = (openings: Map<number, Uint16Array>, ...liars: number[]) => {
    for (const x of liars)
      openings.set(
        x,
        openings.get(x)!.map((share, i) => (share + x * (i + 1)) % SHARE_PRIME),
      );
    return openings;
  };

  test('interpolates and centres from any t openings and more', async () => {
    const all = open(7);
    for (const xs of [
      [1, 2, 3, 4],
      [7, 3, 6, 1],
      [2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6, 7],
    ]) {
      const openings = new Map(xs.map((x) => [x, all.get(x)!]));
      expect(await recover(openings)).toEqual({ key, blamed: [] });
    }
  });

  test('names the one liar among t + 2, wherever it sits', async () => {
    for (const liar of [1, 3, 6]) expect(await recover(garble(open(6), liar))).toEqual({ key, blamed: [liar] });
  });

  test('finds the key with a liar among t + 1, but names nobody', async () => {
    for (const liar of [1, 5]) expect(await recover(garble(open(5), liar))).toEqual({ key, blamed: [] });
  });

  test('finds the key with as many liars as leave t honest, and names nobody', async () => {
    expect(await recover(garble(open(7), 1, 2, 5))).toEqual({ key, blamed: [] });
  });

  test('notices a lie in the last coefficient', async () => {
    const openings = open(6);
    openings.get(6)![N - 1]! ^= 1;
    expect(await recover(openings)).toEqual({ key, blamed: [6] });
  });

  test('rejects when no t openings give an accepted key', async () => {
    expect(await recover(garble(open(6), 1, 2, 3))).toMatchObject({ rejected: 'openings_disagree' });
    expect(await recover(garble(open(4), 2))).toMatchObject({ rejected: 'key_refused' });
  });

  test('tries no subsets when agreeing openings give a key that is not accepted', async () => {
    let asked = 0;
    const accept = async () => {
      asked++;
      return false;
    };
    expect(await recover(open(7), accept)).toMatchObject({ rejected: 'key_refused' });
    expect(asked).toBe(1);
  });

  test('gives up after a bounded number of subsets', async () => {
    let asked = 0;
    const accept = async () => {
      asked++;
      return false;
    };
    const openings = garble(open(20), ...range(17).map((i) => i + 1));
    expect(await recover(openings, accept)).toMatchObject({ rejected: 'openings_disagree' });
    expect(asked).toBe(1_000);
  });

  test('rejects fewer than t openings', async () => {
    const openings = open(4);
    openings.delete(4);
    expect(await recover(openings)).toMatchObject({ rejected: 'openings_few' });
  });
});
