import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInvite, OPEN_PINS, parseInvite } from '../src/invite.ts';
import { isRejection } from '../src/rejection.ts';

const STUDY = 'ab'.repeat(32);
const key = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
const code = fc.stringMatching(/^[A-Za-z0-9_-]{22,86}$/);

describe('an invite link', () => {
  it('round-trips any pins', () => {
    const pins = fc
      .record({
        studyKey: fc.option(key),
        coordinator: fc.option(key),
        leastCommittee: fc.integer({ min: 3, max: 64 }),
        admission: fc.constantFrom('open' as const, 'certified' as const),
        invite: fc.option(code),
      })
      .filter(({ studyKey, admission }) => studyKey !== null || admission === 'open');
    fc.assert(
      fc.property(pins, (value) => {
        expect(parseInvite(formatInvite(value))).toEqual(value);
      }),
    );
  });

  it('without a fragment pins nothing', () => {
    expect(parseInvite('')).toEqual(OPEN_PINS);
    expect(parseInvite('#')).toEqual(OPEN_PINS);
  });

  it('never throws, and pins the study key whenever it names one that it accepts', () => {
    const pieces = fc.constantFrom(
      'study=',
      'coordinator=',
      'committee=',
      'admission=',
      STUDY,
      '5',
      '&',
      '=',
      '#',
      'open',
      'x',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const fragment = parts.join('');
        const pins = parseInvite(fragment);
        if (!isRejection(pins) && fragment.includes('study=')) expect(pins.studyKey).toBe(STUDY);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    'study=',
    'study',
    `study=${STUDY.slice(1)}`,
    `study=${STUDY.toUpperCase()}`,
    `study=${STUDY}&study=${STUDY}`,
    `study=${STUDY}=`,
    `Study=${STUDY}`,
    `study =${STUDY}`,
    `study=${STUDY}&unknown=1`,
    'committee=2',
    'committee=65',
    'committee=',
    'committee=0x5',
    'committee=5e0',
    'committee=05',
    'committee=5.0',
    'committee= 5',
    'committee=-5',
    'committee=NaN',
    'admission=',
    'admission=closed',
    'admission=certified',
  ])('is refused, never half obeyed: #%s', (fragment) => {
    expect(parseInvite(`#${fragment}`)).toMatchObject({ rejected: 'bad_invite' });
  });
});
