import { expect, it } from 'vitest';
import { createRefusals } from '../src/border/refusals.ts';
import type { Log } from '../src/log.ts';
import { createMockClock } from './mock-clock.ts';

function open() {
  const clock = createMockClock();
  const lines: unknown[] = [];
  const counted: string[] = [];
  const log = { info: (about: object, msg: string) => lines.push({ ...about, msg }) } as unknown as Log;
  const refusals = createRefusals({ log, clock, onRejected: (code, kind) => counted.push(`${code} ${kind}`) });
  return { clock, lines, counted, refusals };
}

it('refusals of one sender are logged once, then summed up by the minute; each is counted', () => {
  const { clock, lines, counted, refusals } = open();
  const refused = { rejected: 'bad_message', kind: 'commit', address: '203.0.113.1', device: 'd' };
  for (let i = 0; i < 500; i++) refusals.note(refused);
  refusals.note({ ...refused, device: 'e' });
  expect(lines).toHaveLength(2);
  clock.advance(60_000);
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatchObject({ code: 'bad_message', device: 'd', count: 499 });
  expect(counted).toHaveLength(501);
  refusals.note(refused);
  expect(lines).toHaveLength(4);
  refusals.close();
  expect(lines).toHaveLength(4);
});

it('refusals under ever new addresses do not fill memory or log: beyond a thousand a minute they are summed up together', () => {
  const { clock, lines, refusals } = open();
  for (let i = 0; i < 100_000; i++)
    refusals.note({ rejected: 'too_many_requests', kind: 'connection', address: `${i}` });
  expect(lines).toHaveLength(1000);
  clock.advance(60_000);
  expect(lines).toHaveLength(1001);
  expect(lines.at(-1)).toMatchObject({ address: 'others', count: 99_000 });
});
