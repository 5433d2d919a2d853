import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '@sotto/learner/random';
import { type Absence, returnAfterMs } from '@sotto/participant/transport/return';
import { createSocketTransport } from '@sotto/participant/transport/socket';
import fc from 'fast-check';
import { Server } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { comeBackAfterMs, pauseAfterMs, reconnectWindowMs } from '../src/pace.ts';
import { until } from './hall.ts';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Most arrivals in any one second. */
function busiest(times: readonly number[]): number {
  const seconds = new Map<number, number>();
  for (const time of times) seconds.set(Math.floor(time / 1000), (seconds.get(Math.floor(time / 1000)) ?? 0) + 1);
  return Math.max(...seconds.values());
}

describe('devices that lost the coordinator', () => {
  const crowds = fc.record({ devices: fc.integer({ min: 200, max: 20_000 }), seed: fc.nat() });
  const arrivals = ({ devices, seed }: { devices: number; seed: number }, absence: (random: number) => Absence) => {
    const random = createRandom(seed);
    return Array.from({ length: devices }, () => returnAfterMs(absence(random()), random()));
  };
  // Each second would welcome 50 of them; half as many again and the chance of a few more are all that may come.
  const bearable = 125;

  it('come back over a window that grows with their number, not in one second, though it vanished without a word', () => {
    fc.assert(
      fc.property(crowds, (crowd) => {
        const windowMs = reconnectWindowMs(crowd.devices);
        const times = arrivals(crowd, () => ({ failed: 0, windowMs, toldMs: null }));
        expect(busiest(times)).toBeLessThan(bearable);
        expect(Math.max(...times)).toBeLessThanOrEqual(windowMs);
      }),
      { numRuns: 20 },
    );
  });

  it('come back spread out when it told them when, and when they found it still away', () => {
    fc.assert(
      fc.property(crowds, fc.integer({ min: 1, max: 12 }), (crowd, failed) => {
        const windowMs = reconnectWindowMs(crowd.devices);
        const told = arrivals(crowd, (random) => ({
          failed: 0,
          windowMs,
          toldMs: comeBackAfterMs(crowd.devices, random),
        }));
        expect(busiest(told)).toBeLessThan(bearable);
        expect(busiest(arrivals(crowd, () => ({ failed, windowMs, toldMs: null })))).toBeLessThan(bearable);
      }),
      { numRuns: 20 },
    );
  });

  it('are back soon where they are few, and never later than in a quarter of an hour', () => {
    const absences = fc.record({
      failed: fc.nat(1000),
      devices: fc.nat(300_000),
      told: fc.option(unit, { nil: null }),
    });
    fc.assert(
      fc.property(absences, unit, ({ failed, devices, told }, random) => {
        const windowMs = reconnectWindowMs(devices);
        const toldMs = told === null ? null : comeBackAfterMs(devices, told);
        const after = returnAfterMs({ failed, windowMs, toldMs }, random);
        expect(after).toBeGreaterThanOrEqual(0);
        expect(after).toBeLessThanOrEqual(devices <= 50 ? 15_000 : 15 * 60_000 + 1500);
      }),
    );
  });

  it('do come back, whether it hung up, told them before, or was gone for a while', async () => {
    const http = createServer();
    let io = new Server(http, { transports: ['websocket'] });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    let connections = 0;
    const onConnection = (server: Server) => server.on('connection', () => (connections += 1));
    onConnection(io);
    const transport = createSocketTransport(`http://127.0.0.1:${port}`);
    transport.open({ onHint() {}, onDisconnect() {} });
    await until('it is connected', () => connections === 1);
    io.emit('come-back', { afterMs: 20 });
    io.local.disconnectSockets(true);
    await until('it is back', () => connections === 2);
    io.local.disconnectSockets(true);
    await until('it is back again', () => connections === 3);
    await io.close();
    const again = createServer();
    io = new Server(again, { transports: ['websocket'] });
    onConnection(io);
    await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve));
    await until('it is back at the next coordinator', () => connections === 4);
    transport.close();
    await io.close();
  });
});

describe('a run whose rounds are abandoned', () => {
  it('tries again after a pause that grows, differs, and ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), unit, unit, (abandoned, one, other) => {
        const pause = pauseAfterMs(abandoned, one);
        expect(pause).toBeGreaterThanOrEqual(1000);
        expect(pause).toBeLessThanOrEqual(300_000);
        if (abandoned < 8) expect(pauseAfterMs(abandoned + 1, other)).toBeGreaterThanOrEqual(pause);
      }),
    );
    expect(pauseAfterMs(0, 0.5)).toBe(0);
  });
});
