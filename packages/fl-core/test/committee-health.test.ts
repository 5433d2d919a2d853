import { expect, it } from 'vitest';
import { committeeSizes, committeeWarnings, type Seat } from '../src/committee-health.ts';

const NOW = 1_800_000_000_000;
const DAY = 24 * 3_600_000;

function seat(device: number, change: Partial<Seat> = {}): Seat {
  const own = { device: `${device}`, owner: `owner ${device}`, network: `network ${device}` };
  return { ...own, connected: true, lastSeen: NOW, expiry: NOW + 5 * DAY, revoked: false, ...change };
}
const seats = (count: number, change: (device: number) => Partial<Seat> = () => ({})) =>
  Array.from({ length: count }, (_, i) => seat(i, change(i)));
const codes = (list: readonly Seat[]) => committeeWarnings(list, NOW).map(({ code }) => code);

it('says with how many of how many a sum can be opened, as plans will have it', () => {
  expect(committeeSizes(seats(7), NOW)).toEqual({ members: 7, least: { m: 5, t: 4 }, most: { m: 7, t: 5 }, here: 7 });
  expect(committeeSizes(seats(3), NOW)).toMatchObject({ least: { m: 3, t: 3 }, most: { m: 3, t: 3 } });
  expect(committeeSizes(seats(2), NOW)).toEqual({ members: 2, least: null, most: null, here: 2 });
  // A plan has room for 64.
  expect(committeeSizes(seats(100), NOW)).toMatchObject({ members: 100, least: { m: 43 }, most: { m: 64, t: 43 } });
});

it('has nothing against members of many owners and networks that are there', () => {
  expect(codes(seats(7))).toEqual([]);
  expect(codes([])).toEqual([]);
});

it('warns when an owner has as many devices as open a sum of the smallest committee, however the name is spelt', () => {
  const own = (count: number) => seats(7, (i) => (i < count ? { owner: i % 2 ? 'Ada' : 'ADA' } : {}));
  expect(codes(own(3))).toEqual([]);
  expect(committeeWarnings(own(4), NOW)).toEqual([{ code: 'one_owner', owner: 'ADA', devices: 4, t: 4 }]);
});

it('warns when so many are in one network', () => {
  const near = (count: number) => seats(7, (i) => (i < count ? { network: 'same' } : {}));
  expect(codes(near(3))).toEqual([]);
  expect(codes(near(4))).toEqual(['one_network']);
});

it('cannot tell where nobody said whose a device is', () => {
  expect(
    committeeWarnings(
      seats(7, (i) => (i < 2 ? { owner: '' } : {})),
      NOW,
    ),
  ).toEqual([{ code: 'owner_unknown', devices: 2 }]);
});

it('warns before a round waits: too few members, too few here, none to spare', () => {
  expect(committeeWarnings(seats(1), NOW)).toEqual([{ code: 'too_few', missing: 2 }]);
  expect(codes(seats(3))).toEqual(['none_to_spare']);
  const gone = seats(7, (i) => (i < 3 ? { connected: false, network: null } : {}));
  expect(committeeWarnings(gone, NOW)).toEqual([{ code: 'too_few_here', here: 4, m: 5 }]);
});

it('names members that are long gone, shut out, or whose certificates run out, and counts none that cannot be seated', () => {
  const list = [
    ...seats(5),
    seat(5, { expiry: NOW }),
    seat(6, { expiry: NOW + DAY }),
    seat(7, { connected: false, network: null, lastSeen: NOW - 2 * DAY }),
    seat(8, { revoked: true }),
  ];
  expect(committeeWarnings(list, NOW)).toEqual([
    { code: 'lapsed', devices: ['5'] },
    { code: 'lapsing', devices: ['6'] },
    { code: 'long_gone', devices: ['7'] },
    { code: 'revoked', devices: ['8'] },
  ]);
  expect(committeeSizes(list, NOW).members).toBe(7);
});
