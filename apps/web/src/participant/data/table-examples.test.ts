import type { TaskManifest } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { readOwnTable } from './table-examples.ts';

const TASK = {
  classes: ['oak', 'elm'],
  input: { columns: [{ type: 'number', name: 'width', mean: 1, deviation: 2 }] },
  data: { format: 'csv', label: 'kind' },
} as unknown as TaskManifest;

describe('an own table', () => {
  it("is scaled like the task's data", () => {
    const { dataset, faults } = readOwnTable('kind,width\noak,3\nelm,1\n', TASK, 'mine.csv');
    expect(faults).toEqual([]);
    expect([...dataset!.inputs]).toEqual([1, 0]);
  });

  it('keeps its good lines, and names line, column and value of each bad one', () => {
    const { dataset, faults } = readOwnTable('kind,width\noak,wide\nash,1\nelm,2\n', TASK, 'mine.csv');
    expect(dataset?.labels.length).toBe(1);
    expect(faults).toEqual([
      'mine.csv, line 2, column "width": "wide" is not a number.',
      'mine.csv, line 3, column "kind": "ash" is not one of the classes oak, elm.',
    ]);
  });

  it.each([
    ['a missing column', 'kind\noak', 'there is no column "width"'],
    ['no line', 'kind,width\n', 'no line below the header'],
    ['nothing', '', 'empty'],
  ])('with %s is refused as a whole, saying so', (_, text, why) => {
    const { dataset, faults } = readOwnTable(text, TASK, 'mine.csv');
    expect(dataset).toBeNull();
    expect(faults[0]).toContain(why);
  });
});
