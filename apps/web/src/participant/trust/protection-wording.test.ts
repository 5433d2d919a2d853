import { OPEN_PINS } from '@sotto/protocol/invite';
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import english from '../../words/en/index.ts';
import { describeProtection } from './protection-wording.ts';

const i18n = createInstance();
await i18n.init({ lng: 'en', resources: { en: english }, interpolation: { escapeValue: false } });
const t = i18n.getFixedT('en', 'trust');

const STUDY = { ...OPEN_PINS, studyKey: 'ab'.repeat(32) };
const limits = (statements: ReturnType<typeof describeProtection>) =>
  statements.filter(({ good }) => !good).map(({ text }) => text);

describe('what the page says of protection', () => {
  it('is, without a study key, that a coordinator that cheats is not held off', () => {
    expect(limits(describeProtection(t, OPEN_PINS, null)).join()).toContain('not against one that cheats');
  });

  it('is, with open admission, that contributors could be invented around a victim', () => {
    expect(limits(describeProtection(t, STUDY, null)).join()).toContain('invent all contributors but you');
    expect(limits(describeProtection(t, { ...STUDY, admission: 'certified' }, null)).join()).not.toContain('invent');
  });

  it('is, with a study key, that a cheating coordinator needs 2t − m members, and no more than that', () => {
    const committee = { members: Array.from({ length: 7 }), threshold: 5 } as never;
    const [, certified] = describeProtection(t, STUDY, committee);
    expect(certified!.text).toContain('would need 3 of its members as accomplices');
    expect(describeProtection(t, STUDY, null)[1]!.text).toContain('more than a third of its members');
  });

  it('promises that no update is opened on its own only while the coordinator follows the protocol', () => {
    for (const pins of [OPEN_PINS, STUDY])
      expect(describeProtection(t, pins, null)[0]!.text).toMatch(
        /While the coordinator follows the protocol, no update/,
      );
  });

  it('always admits that the sum itself becomes known, without noise', () => {
    for (const pins of [OPEN_PINS, STUDY, { ...STUDY, admission: 'certified' as const }])
      expect(limits(describeProtection(t, pins, null)).join()).toContain('No noise');
  });

  it('names the committee and its threshold once there is a plan', () => {
    const committee = { members: Array.from({ length: 7 }), threshold: 5 } as never;
    expect(describeProtection(t, OPEN_PINS, committee)[0]!.text).toContain('committee of 7 devices');
    expect(describeProtection(t, OPEN_PINS, committee)[0]!.text).toContain('5 of them');
  });
});

describe('whoever serves the page’s code', () => {
  it('learns everything, and the page says so to everybody before they join', () => {
    for (const pins of [OPEN_PINS, STUDY, { ...STUDY, admission: 'certified' as const }])
      expect(limits(describeProtection(t, pins, null)).join()).toMatch(/Whoever serves it .* would see everything/);
  });
});
