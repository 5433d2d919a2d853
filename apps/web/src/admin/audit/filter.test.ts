import { expect, it } from 'vitest';
import { actionNames, filterOf } from './filter.ts';

const read = (text: string) => filterOf(new URLSearchParams(text));

it('takes what is set in the address, with days from their first moment to their last', () => {
  expect(read('')).toEqual({});
  expect(read('who=Ada&action=&search=mnist')).toEqual({ who: 'Ada', search: 'mnist' });
  const { since, until } = read('since=2026-03-01&until=2026-03-01');
  expect(new Date(since!).toString()).toContain('Mar 01 2026 00:00:00');
  expect(new Date(until!).toString()).toContain('Mar 02 2026 00:00:00');
  expect(read('since=yesterday&until=2026-1-1')).toEqual({});
});

it('names each action once, however it went', () => {
  expect(actionNames(['stop run', 'start run: begun', 'start run', 'start run: refused'])).toEqual([
    'start run',
    'stop run',
  ]);
});
