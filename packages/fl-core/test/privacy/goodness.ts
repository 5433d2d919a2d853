/** How far counts are from what was expected of them, χ² over bins of at least `least` expected, in standard deviations from its mean. */
export function misfit(counts: ReadonlyMap<number, number>, expected: ReadonlyMap<number, number>, least = 50): number {
  const places = [...new Set([...counts.keys(), ...expected.keys()])].sort((a, b) => a - b);
  let squares = 0;
  let bins = 0;
  let found = 0;
  let hoped = 0;
  let rest = [...expected.values()].reduce((a, b) => a + b, 0);
  for (const place of places) {
    found += counts.get(place) ?? 0;
    hoped += expected.get(place) ?? 0;
    rest -= expected.get(place) ?? 0;
    // The last bin takes what would be too little for one of its own.
    if (hoped < least || (rest < least && place !== places.at(-1))) continue;
    squares += (found - hoped) ** 2 / hoped;
    bins += 1;
    found = 0;
    hoped = 0;
  }
  const freedom = bins - 1;
  return (squares - freedom) / Math.sqrt(2 * freedom);
}

/** Poisson probabilities of a mean, from its mode outwards until they vanish beside it. */
export function poissonProbabilities(mean: number): Map<number, number> {
  const probabilities = new Map([[mean, 1]]);
  const beside = (k: number) => probabilities.get(k)!;
  for (let k = mean; beside(k) > 1e-18; k++) probabilities.set(k + 1, (beside(k) * mean) / (k + 1));
  for (let k = mean; k > 0 && beside(k) > 1e-18; k--) probabilities.set(k - 1, (beside(k) * k) / mean);
  const total = [...probabilities.values()].reduce((a, b) => a + b, 0);
  for (const [k, p] of probabilities) probabilities.set(k, p / total);
  return probabilities;
}

/** How often each value came, and how often it should have. */
export function tally(values: Iterable<number>, width: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) {
    const bin = Math.floor(value / width);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return counts;
}
