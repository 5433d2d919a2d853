import { expect, test } from 'vitest';
import { findLongTasks, type TraceEvent } from '../src/page/long-tasks.ts';

const ORIGIN = 'http://localhost:8787';
const MAIN = { pid: 1, tid: 1 };
const NAMED: TraceEvent = { ...MAIN, name: 'thread_name', ph: 'M', ts: 0, args: { name: 'CrRendererMain' } };

/** From `at` on, in milliseconds: how long it lasted, and how long of that the thread computed. */
const event = (name: string, at: number, lasted: number, computed: number, url?: string): TraceEvent => ({
  ...MAIN,
  name,
  ph: 'X',
  ts: at * 1000,
  dur: lasted * 1000,
  tdur: computed * 1000,
  ...(url !== undefined && { args: { data: { url, functionName: 'work' } } }),
});
const OURS = `${ORIGIN}/assets/index.js`;

test('a task is long by what it computed in scripts of the page', () => {
  const events = [NAMED, event('TimerFire', 0, 90, 80), event('FunctionCall', 5, 80, 75, OURS)];
  expect(findLongTasks(events, ORIGIN)).toEqual([{ ms: 80, script: '/assets/index.js work, by TimerFire' }]);
});

test('a task is counted once, however many scripts are in it', () => {
  const inner = [event('FunctionCall', 1, 58, 58, OURS), event('FunctionCall', 2, 55, 55, OURS)];
  expect(findLongTasks([NAMED, event('EventDispatch', 0, 60, 60), ...inner], ORIGIN)).toHaveLength(1);
});

test.each([
  ['waited for a processor', [event('FunctionCall', 0, 300, 20, OURS)]],
  ['was the browser’s own', [event('ParseHTML', 0, 90, 90), event('FunctionCall', 5, 10, 10, OURS)]],
  ['was of another origin', [event('FunctionCall', 0, 90, 90, 'https://elsewhere.example/x.js')]],
  ['was two short ones in a row', [event('FunctionCall', 0, 40, 40, OURS), event('FunctionCall', 40, 40, 40, OURS)]],
  ['was of a worker', [{ ...event('FunctionCall', 0, 90, 90, OURS), tid: 2 }]],
])('no task is long that %s', (_, events) => {
  expect(findLongTasks([NAMED, ...events], ORIGIN)).toEqual([]);
});
