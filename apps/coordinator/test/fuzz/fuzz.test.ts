import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

/** Beyond what the fuzzer itself takes for a hang. */
const TIMEOUT_MS = 300_000;

// The long version is `npm run test:fuzz`; its seed differs from run to run.
it('a coordinator lives through three thousand hostile inputs, publishes its honest rounds meanwhile and counts nothing twice', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { inputs, crashes, timeouts, doubled, published, problems } = await fuzz({ inputs: 3000, seed: 20_260_101 });
  expect(problems).toEqual([]);
  expect({ inputs, crashes, timeouts, doubled }).toEqual({ inputs: 3000, crashes: 0, timeouts: 0, doubled: 0 });
  expect(published).toBeGreaterThan(1);
});
