import { expect, it } from 'vitest';
import { isOpenedInGroups } from './group-rounds.ts';

const GROUPS = { config: { groups: { count: 2, least: 1 } } };

it('is known from a run under way before there is a plan, and forgotten with its end', () => {
  expect(isOpenedInGroups(null, { ...GROUPS, state: 'running' })).toBe(true);
  expect(isOpenedInGroups(null, { ...GROUPS, state: 'paused' })).toBe(true);
  expect(isOpenedInGroups(null, { ...GROUPS, state: 'finished' })).toBe(false);
  expect(isOpenedInGroups(null, { config: { groups: null }, state: 'running' })).toBe(false);
  expect(isOpenedInGroups(null, null)).toBe(false);
});

it('is what the plan says once there is one: the coordinator signed that', () => {
  expect(isOpenedInGroups({ group: 0 }, { ...GROUPS, state: 'running' })).toBe(false);
  expect(isOpenedInGroups({ group: 2 }, { config: { groups: null }, state: 'running' })).toBe(true);
});
