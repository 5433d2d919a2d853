import { SHARE_PRIME } from '@sotto/he-core/params';
import { beforeAll, describe, expect, it } from 'vitest';
import { decrypt, openingsOf } from './conspiracy.ts';
import { checkedRound, createRoom, type Device, type Made, must, type Upload } from './room.ts';

/** Seven members, t = 5: the committee in which t + 2 can open. */
let devices: Device[];
let made: Made;
let uploads: Upload[];
let honest: ReadonlyMap<number, Uint16Array>;
beforeAll(async () => {
  ({ devices, made, uploads } = await checkedRound(await createRoom({ vouched: true }), 7));
  honest = await openingsOf(devices, made, uploads);
});

/** The openings of these members, some of them lies. */
function openings(places: readonly number[], liars: readonly number[]): Map<number, Uint16Array> {
  return new Map(
    places.map((x) => {
      const shares = honest.get(x)!;
      return [x, liars.includes(x) ? shares.map((share) => (share + x) % SHARE_PRIME) : shares];
    }),
  );
}

const open = (places: readonly number[], liars: readonly number[]) => decrypt(made, uploads, openings(places, liars));

function expectedLevels(): number[] {
  const all = devices.map(({ levels }) => levels.get(made.hash)!);
  return Array.from(all[0]!, (_, i) => all.reduce((sum, levels) => sum + levels[i]!, 0));
}

describe('a member that lies in the opening, with real shares', () => {
  it('is named when t + 2 opened and it alone disagrees, and the sum is exact all the same', async () => {
    for (const liar of [1, 4, 7]) {
      const opened = must(await open([1, 2, 3, 4, 5, 6, 7], [liar]));
      expect(Array.from(opened.levels)).toEqual(expectedLevels());
      expect(opened.blamed).toEqual([liar]);
    }
  });

  it('is not named when t + 1 opened: the sum is exact, and nobody is framed', async () => {
    const opened = must(await open([1, 2, 3, 4, 5, 6], [2]));
    expect(Array.from(opened.levels)).toEqual(expectedLevels());
    expect(opened.blamed).toEqual([]);
  });

  it('is not named when two lie among t + 2: the sum is exact, and nobody is framed', async () => {
    const opened = must(await open([1, 2, 3, 4, 5, 6, 7], [2, 6]));
    expect(Array.from(opened.levels)).toEqual(expectedLevels());
    expect(opened.blamed).toEqual([]);
  });

  it('is not named when only t opened, one of them a lie: nothing opens until another one does', async () => {
    expect(await open([1, 2, 3, 4, 5], [3])).toMatchObject({ rejected: 'key_refused' });
    expect(must(await open([1, 2, 3, 4, 5, 7], [3])).blamed).toEqual([]);
  });

  it('opens nothing and names nobody where fewer than t are honest', async () => {
    expect(await open([1, 2, 3, 4, 5, 6, 7], [1, 2, 3])).toMatchObject({ rejected: 'openings_disagree' });
  });

  /** Lies along c·x·Π(x − root): they leave the sum key as it is, and agree with honest members at the roots. */
  function conspire(liars: readonly number[], roots: readonly number[]): Map<number, Uint16Array> {
    const all = openings([1, 2, 3, 4, 5, 6, 7], []);
    for (const x of liars) {
      const lie = roots.reduce((product, root) => product * (x - root), x) + SHARE_PRIME;
      all.set(
        x,
        honest.get(x)!.map((share) => (share + lie) % SHARE_PRIME),
      );
    }
    return all;
  }

  it('cannot frame an honest member together with another one', async () => {
    const opened = must(await decrypt(made, uploads, conspire([1, 2], [3, 4, 5])));
    expect(Array.from(opened.levels)).toEqual(expectedLevels());
    expect(opened.blamed).toEqual([]);
  });

  it('can frame one together with two others, since then t + 1 agree against it: a name is sure against fewer than three', async () => {
    const opened = must(await decrypt(made, uploads, conspire([1, 2, 3], [4, 5, 6])));
    expect(Array.from(opened.levels)).toEqual(expectedLevels());
    expect(opened.blamed).toEqual([7]);
  });
});
