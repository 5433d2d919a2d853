import { describe, expect, it } from 'vitest';
import { collectFaults, describeFault, fault } from './fault.ts';

describe('a fault', () => {
  it('says a long value by its beginning, and a long path by its end, where the name is', () => {
    const path = `${'very/deep/'.repeat(20)}cat.png`;
    const said = describeFault(fault('not_a_number', { file: path, line: 2, column: 'size', value: 'x'.repeat(500) }));
    expect(said).toContain('deep/cat.png, line 2');
    expect(said).toContain(`"${'x'.repeat(80)}…"`);
  });

  it('is counted beyond those that are kept', () => {
    const { add, faults } = collectFaults();
    for (let line = 0; line < 5000; line++) add(fault('garbled', { file: 'a.csv', line }));
    expect(faults().count).toBe(5000);
    expect(faults().first).toHaveLength(1000);
  });
});
