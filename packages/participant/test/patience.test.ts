import type { Answer, Transport, TransportListeners } from '@sotto/participant/transport';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { expect, it } from 'vitest';
import { bePatient } from '../src/patience.ts';

function refusing(refusals: Rejection[]) {
  let now = 0;
  const slept: number[] = [];
  const asked: unknown[] = [];
  const done = { reply: { done: true }, bytes: new Uint8Array(0) } as Answer<'commit'>;
  const transport = {
    request: async (...args: unknown[]) => {
      asked.push(args);
      return refusals.shift() ?? done;
    },
    fetch: async () => refusals.shift() ?? new Uint8Array([1]),
  } as unknown as Transport;
  const sleep = async (ms: number) => {
    slept.push(ms);
    now += ms;
  };
  return { patient: bePatient(transport, { now: () => now, sleep }), slept, asked };
}

const notNow = (code: string, retryAfterMs = 100): Rejection => ({ ...reject(code, 'Not now.'), retryAfterMs });

it.each(['too_many_requests', 'too_busy', 'disk_full', 'unavailable'])(
  'waits as long as it is told and asks the same again when refused for now with %s',
  async (code) => {
    const { patient, slept, asked } = refusing([notNow(code), notNow(code, 1000)]);
    const request = ['commit', { planHash: 'ab'.repeat(32) }] as const;
    expect(isRejection(await patient.request(...request))).toBe(false);
    expect(asked).toEqual([[...request], [...request], [...request]]);
    expect(slept[0]).toBeGreaterThanOrEqual(100);
    expect(slept[1]).toBeGreaterThanOrEqual(1000);
    expect(await refusing([notNow(code)]).patient.fetch('/api/plans/x')).toEqual(new Uint8Array([1]));
  },
);

it('takes any other refusal as the answer, and a passing one after ten minutes', async () => {
  const { patient, asked } = refusing([notNow('wrong_phase')]);
  expect(await patient.request('commit', { planHash: '' })).toMatchObject({ rejected: 'wrong_phase' });
  expect(asked).toHaveLength(1);
  const forever = refusing(Array.from({ length: 1000 }, () => notNow('disk_full', 30_000)));
  expect(await forever.patient.request('commit', { planHash: '' })).toMatchObject({ rejected: 'disk_full' });
  expect(forever.slept.reduce((sum, ms) => sum + ms)).toBeLessThan(11 * 60_000);
});

it('loses a request that waits together with the connection, so that all of them end before anything is asked anew', async () => {
  let onDisconnect = (_reason: string) => {};
  let asked = 0;
  const transport = {
    open: (listeners: TransportListeners) => {
      onDisconnect = listeners.onDisconnect;
    },
    async request() {
      asked += 1;
      return notNow('unavailable', 2000);
    },
  } as unknown as Transport;
  const patient = bePatient(transport, { now: () => 0, sleep: () => new Promise(() => {}) });
  const told: string[] = [];
  patient.open({ onHint() {}, onDisconnect: (reason) => told.push(reason) });
  const parts = [0, 1, 2].map((offset) => patient.request('part', { planHash: 'ab'.repeat(32), offset }));
  await new Promise(setImmediate);
  onDisconnect('server going down');
  for (const part of await Promise.all(parts)) expect(part).toMatchObject({ rejected: 'disconnected' });
  expect(asked).toBe(3);
  expect(told).toEqual(['server going down']);
});
