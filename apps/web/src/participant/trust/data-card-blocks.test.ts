import { expect, it } from 'vitest';
import { blocksOf } from './data-card-blocks.ts';

it('a data card is read as headings, paragraphs, lists and tables', () => {
  const card =
    '# Card\n\n| | |\n|---|---|\n| What | digits |\n| Size | 60 |\n\n## Splits\nOne line\nand another.\n\n- a\n- b\n  more';
  expect(blocksOf(card)).toEqual([
    { kind: 'heading', text: 'Card' },
    {
      kind: 'table',
      rows: [
        ['What', 'digits'],
        ['Size', '60'],
      ],
    },
    { kind: 'heading', text: 'Splits' },
    { kind: 'paragraph', text: 'One line and another.' },
    { kind: 'list', items: ['a', 'b more'] },
  ]);
});

it('what is no Markdown stays as it was typed', () => {
  expect(blocksOf('1 < 2 *really*')).toEqual([{ kind: 'paragraph', text: '1 < 2 *really*' }]);
  expect(blocksOf('')).toEqual([]);
});
