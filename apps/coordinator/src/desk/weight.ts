const weighed = new WeakMap<object, number>();

/** Characters of a message as JSON. The same status goes to a thousand devices, and what comes is counted in two places: it is weighed once. */
export function weightOf(payload: object): number {
  const weight = weighed.get(payload) ?? JSON.stringify(payload).length;
  weighed.set(payload, weight);
  return weight;
}
