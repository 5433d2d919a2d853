import { expect, it } from 'vitest';
import { acceptsGzip } from '../src/http/accept-encoding.ts';

it.each([
  ['gzip, deflate, br', true],
  ['br;q=1.0, GZIP;q=0.2', true],
  ['x-gzip', true],
  ['*', true],
  ['identity, *;q=0.1', true],
  ['', false],
  [undefined, false],
  ['identity', false],
  ['br', false],
  ['gzip;q=0', false],
  ['gzip; q=0.000, *', false],
  ['*;q=0', false],
  ['not-gzip', false],
  ['gzip;q=much', false],
])('of “%s”, gzip is sent: %s', (header, accepted) => {
  expect(acceptsGzip(header)).toBe(accepted);
});
