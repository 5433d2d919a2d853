import { OPEN_PINS } from '@sotto/protocol/invite';
import { describe, expect, it } from 'vitest';
import { describeProtection } from './protection-wording.ts';

const STUDY = { ...OPEN_PINS, studyKey: 'ab'.repeat(32) };
const limits = (statements: ReturnType<typeof describeProtection>) =>
  statements.filter(({ good }) => !good).map(({ text }) => text);

describe('what the page says of protection', () => {
  it('is, without a study key, that a coordinator that cheats is not held off', () => {
    expect(limits(describeProtection(OPEN_PINS, null)).join()).toContain('not against one that cheats');
  });

  it('is, with open admission, that contributors could be invented around a victim', () => {
    expect(limits(describeProtection(STUDY, null)).join()).toContain('invent all contributors but you');
    expect(limits(describeProtection({ ...STUDY, admission: 'certified' }, null)).join()).not.toContain('invent');
  });

  it('is, with a study key, that a cheating coordinator needs 2t − m members, and no more than that', () => {
    const committee = { members: Array.from({ length: 7 }), threshold: 5 } as never;
    const [, certified] = describeProtection(STUDY, committee);
    expect(certified!.text).toContain('would need 3 of its members as accomplices');
    expect(describeProtection(STUDY, null)[1]!.text).toContain('more than a third of its members');
  });

  it('promises that no update is opened on its own only while the coordinator follows the protocol', () => {
    for (const pins of [OPEN_PINS, STUDY])
      expect(describeProtection(pins, null)[0]!.text).toMatch(/While the coordinator follows the protocol, no update/);
  });

  it('always admits that the sum itself becomes known, without noise', () => {
    for (const pins of [OPEN_PINS, STUDY, { ...STUDY, admission: 'certified' as const }])
      expect(limits(describeProtection(pins, null)).join()).toContain('No noise');
  });

  it('names the committee and its threshold once there is a plan', () => {
    const committee = { members: Array.from({ length: 7 }), threshold: 5 } as never;
    expect(describeProtection(OPEN_PINS, committee)[0]!.text).toContain('committee of 7 devices');
    expect(describeProtection(OPEN_PINS, committee)[0]!.text).toContain('5 of them');
  });
});

describe('whoever serves the page’s code', () => {
  it('learns everything, and the page says so to everybody before they join', () => {
    for (const pins of [OPEN_PINS, STUDY, { ...STUDY, admission: 'certified' as const }])
      expect(limits(describeProtection(pins, null)).join()).toMatch(/Whoever serves it .* would see everything/);
  });
});
