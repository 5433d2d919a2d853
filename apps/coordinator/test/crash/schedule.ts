import { createRandom, type Random } from '@sotto/learner/random';
import type { Fate } from './device.ts';
import type { Kill } from './orders.ts';

/** Kills of one case at most: each sets the next process on its way through a restart. */
const KILLS_A_CASE = 4;
/** Long enough for an answer that should have waited to be on its way. */
const LINGER_MS = 50;

/**
 * Cases that kill once at each of these failpoints, in an order in which they come: each process dies somewhat further on the way that
 * an undisturbed case goes.
 * @param passed the failpoints of such a case, in order
 */
export function killAtEach(names: ReadonlySet<string>, passed: readonly string[], random: Random): Kill[][] {
  const places = [...names]
    .map((name) => pick(placesOf(name, passed), random))
    .filter((place) => place !== undefined)
    .sort((a, b) => a - b);
  const cases = Math.ceil(places.length / KILLS_A_CASE);
  return Array.from({ length: cases }, (_, i) =>
    killsAt(
      places.filter((_, at) => at % cases === i),
      passed,
      random,
    ),
  );
}

/** One case with kills anywhere. */
export function killAnywhere(passed: readonly string[], random: Random): Kill[] {
  const count = 1 + Math.floor(random() * KILLS_A_CASE);
  const places = Array.from({ length: count }, () => Math.floor(random() * passed.length));
  return killsAt(
    [...new Set(places)].sort((a, b) => a - b),
    passed,
    random,
  );
}

/** A death of one of the devices, in one case of two. */
export function drawFates(devices: number, random: Random): Map<number, Fate> {
  if (random() < 0.5) return new Map();
  const fate: Fate = {
    of: random() < 0.5 ? 'write' : 'request',
    when: random() < 0.5 ? 'before' : 'after',
    nth: 1 + Math.floor(random() * 10),
  };
  return new Map([[Math.floor(random() * devices), fate]]);
}

export function randomOf(seed: number): Random {
  return createRandom(seed);
}

/** Places ascend; each process counts from its own start. */
function killsAt(places: readonly number[], passed: readonly string[], random: Random): Kill[] {
  return places.map((place, i) => {
    const since = (places[i - 1] ?? -1) + 1;
    const failpoint = passed[place]!;
    const nth = passed.slice(since, place + 1).filter((name) => name === failpoint).length;
    return { failpoint, nth, lingerMs: random() < 0.5 ? 0 : LINGER_MS };
  });
}

function placesOf(name: string, passed: readonly string[]): number[] {
  return passed.flatMap((other, place) => (other === name ? [place] : []));
}

function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}
