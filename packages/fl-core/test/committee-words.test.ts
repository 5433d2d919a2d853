import { expect, it } from 'vitest';
import type { Warning } from '../src/committee-health.ts';
import { sayWarning } from '../src/committee-words.ts';

const EVERY: readonly Warning[] = [
  { code: 'one_owner', owner: 'Ada', devices: 4, t: 4 },
  { code: 'one_network', devices: 4, t: 4 },
  { code: 'owner_unknown', devices: 1 },
  { code: 'too_few', missing: 1 },
  { code: 'too_few_here', here: 1, m: 3 },
  { code: 'none_to_spare', members: 3 },
  { code: 'long_gone', devices: ['a', 'b'] },
  { code: 'lapsing', devices: ['a'] },
  { code: 'lapsed', devices: ['a'] },
  { code: 'revoked', devices: ['a'] },
];

it('says of every warning what is so and what to do, naming the devices it is about', () => {
  for (const warning of EVERY) {
    const { title, text } = sayWarning(warning, (device) => `device ${device}`);
    expect(title, warning.code).toMatch(/^[A-Z\d].*[^.]$/);
    expect(text, warning.code).toMatch(/\.$/);
    if ('devices' in warning && typeof warning.devices !== 'number') expect(text).toContain('device a');
  }
  expect(new Set(EVERY.map((warning) => sayWarning(warning, String).title)).size).toBe(EVERY.length);
});
