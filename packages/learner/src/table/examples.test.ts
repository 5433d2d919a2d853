import { expect, it } from 'vitest';
import { describeFault } from '../intake/fault.ts';
import { collectExamples } from './examples.ts';

it('counts every row for which there is no room', () => {
  const examples = collectExamples({
    file: 'many.csv',
    layout: {
      columns: [],
      text: { name: 'text', input: { buckets: 64, pairs: false, maxCharacters: 100 } },
      label: 'label',
      classes: ['ham', 'spam'],
    },
    mapping: { places: { text: 0, label: 1 }, values: {} },
    header: ['text', 'label'],
    mark: 'point',
    mostBytes: 64 * 1500,
  });
  for (let i = 0; i < 4000; i++) examples.add(i + 2, [`text ${i}`, 'ham']);
  const { dataset, faults } = examples.result();
  expect(dataset!.labels).toHaveLength(1500);
  expect(faults.count).toBe(2500);
  expect(faults.first.map(describeFault)).toEqual([expect.stringMatching(/room for 1,500 .* 2,500 came after/)]);
});
