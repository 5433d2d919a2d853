import type { TaskEntry } from '@sotto/protocol/admin/overview';
import { describe, expect, it } from 'vitest';
import { todosOf } from './todo.ts';

const NOW = 1_000_000;
const HOUR = 3_600_000;

const STATUS = { phase: 'waiting', present: 3, needed: 3, nextRoundAt: null } as TaskEntry['status'];
const RUN = { run: 'r1', state: 'running', note: null, published: 2, config: { rounds: 5, committee: 'drawn' } };

function entry(change: object = {}, run: object | null = RUN): TaskEntry {
  const members = { count: 0, until: null };
  return {
    ...{ id: 'mnist', title: 'Digits', admission: 'open', waiting: 0, members, status: STATUS, run },
    ...change,
  } as TaskEntry;
}
const told = (task: TaskEntry) => todosOf(task, NOW).map(({ to, what }) => `${to} ${what}`);

describe('what waits for whoever runs a task', () => {
  it('is nothing while all goes well, and nothing where no run is under way', () => {
    expect(told(entry())).toEqual([]);
    expect(told(entry({}, null))).toEqual([]);
    expect(told(entry({}, { ...RUN, state: 'finished' }))).toEqual([]);
  });

  it('are devices that ask to be let in, with or without a run', () => {
    expect(told(entry({ waiting: 1 }, null))).toEqual([
      '/admin/t/mnist/devices?show=waiting Digits: 1 device asks to be let in',
    ]);
    expect(told(entry({ waiting: 12 }))[0]).toContain('12 devices ask');
  });

  it('is a run that is paused, that waits for devices, or whose last round was given up', () => {
    expect(told(entry({}, { ...RUN, state: 'paused' }))).toEqual([
      '/admin/t/mnist/runs/r1 Digits: the run is paused after 2 of 5 rounds',
    ]);
    expect(told(entry({ status: { ...STATUS, needed: 5 } }))).toEqual([
      '/admin/t/mnist/share Digits: the run waits for 2 more devices',
    ]);
    expect(told(entry({ status: { ...STATUS, needed: 5, nextRoundAt: NOW + 1 } }))).toEqual([
      '/admin/t/mnist/runs/r1 Digits: the last round was given up',
    ]);
    // Its time has come: now it is the devices that are waited for.
    expect(told(entry({ status: { ...STATUS, needed: 5, nextRoundAt: NOW } }))).toEqual([
      '/admin/t/mnist/share Digits: the run waits for 2 more devices',
    ]);
  });

  it('is a named committee whose certificates lapse within a day', () => {
    const named = { ...RUN, config: { ...RUN.config, committee: 'named' } };
    const until = (ms: number) => ({ members: { count: 3, until: NOW + ms } });
    expect(told(entry(until(23 * HOUR), named))).toEqual([
      '/admin/t/mnist/committee Digits: certificates of the committee lapse within a day',
    ]);
    expect(told(entry(until(25 * HOUR), named))).toEqual([]);
    expect(told(entry(until(23 * HOUR)))).toEqual([]);
  });
});
