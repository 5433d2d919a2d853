import { expect, it } from 'vitest';
import { isConcerned } from './changes.ts';

it('a change makes answers of its kind out of date, of its task or of all, and no others', () => {
  const runs = ['admin', 'runs', 'mnist', 'list'];
  expect(isConcerned(runs, { what: 'runs', task: 'mnist' })).toBe(true);
  expect(isConcerned(runs, { what: 'runs' })).toBe(true);
  expect(isConcerned(['admin', 'runs'], { what: 'runs', task: 'mnist' })).toBe(true);
  expect(isConcerned(runs, { what: 'runs', task: 'spam' })).toBe(false);
  expect(isConcerned(runs, { what: 'devices', task: 'mnist' })).toBe(false);
  expect(isConcerned(['tasks', 'mnist'], { what: 'tasks', task: 'mnist' })).toBe(false);
});
