import { expect, it } from 'vitest';
import { excerptsOf } from './excerpts.ts';

const layoutFor = (classes: readonly string[]) => ({
  columns: [],
  text: { name: 'text', input: { buckets: 16, pairs: false, maxCharacters: 1000 } },
  label: 'label',
  classes,
});

it('shows how the first two texts of each class begin, in the order of classes, whatever the order of the file', () => {
  const csv = 'label,text\nspam,"Buy\nnow, at once"\nspam,Win\nspam,Third\nham,See you\nham,"Dear ""all"""\n';
  expect(excerptsOf(csv, layoutFor(['ham', 'spam']))).toEqual([
    { text: 'See you', label: 0 },
    { text: 'Dear "all"', label: 0 },
    { text: 'Buy now, at once', label: 1 },
    { text: 'Win', label: 1 },
  ]);
});

it('shows at most six texts, of two hundred characters, none of which is cut in two', () => {
  const classes = Array.from({ length: 9 }, (_, i) => `c${i}`);
  const csv = ['text,label', ...classes.map((name) => `${'🙂'.repeat(300)},${name}`)].join('\n');
  const excerpts = excerptsOf(csv, layoutFor(classes));
  expect(excerpts.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5]);
  for (const { text } of excerpts) expect(text).toBe(`${'🙂'.repeat(200)}…`);
});

it('shows nothing of a file without the columns, and nothing of tables', () => {
  expect(excerptsOf('a,b\n1,2\n', layoutFor(['1', '2']))).toEqual([]);
  expect(excerptsOf('', layoutFor(['1', '2']))).toEqual([]);
  expect(excerptsOf('text,label\nx,1\n', { ...layoutFor(['1', '2']), text: null })).toEqual([]);
});
