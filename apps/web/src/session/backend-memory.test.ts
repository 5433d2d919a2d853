import { describe, expect, it } from 'vitest';
import { readBackends } from './backend-memory.ts';

const FOUND = {
  backend: 'wasm',
  machine: 'Chromium; llvmpipe; TF.js 4.22.0',
  remembered: false,
  report: [{ name: 'wasm', passed: true, finding: 'right', ms: 12, reason: 'computes the known numbers' }],
};

describe('what the test of the backends found last time', () => {
  it('is taken as it was kept', () => {
    expect(readBackends(JSON.parse(JSON.stringify(FOUND)))).toEqual(FOUND);
  });

  it.each([
    null,
    'wasm',
    [],
    { ...FOUND, backend: 'abacus' },
    { ...FOUND, machine: 1 },
    { ...FOUND, report: {} },
    { ...FOUND, report: [null] },
    { ...FOUND, report: [{ name: 'wasm' }] },
  ])('is nothing where something else was kept: %j', (kept) => {
    expect(readBackends(kept)).toBeNull();
  });
});
