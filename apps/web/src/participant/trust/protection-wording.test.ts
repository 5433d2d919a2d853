import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import english from '../../words/en/index.ts';
import { describeFurtherLimits, describeProtection } from './protection-wording.ts';

const i18n = createInstance();
await i18n.init({ lng: 'en', resources: { en: english }, interpolation: { escapeValue: false } });
const t = i18n.getFixedT('en', 'trust');

const STUDY = { ...OPEN_PINS, studyKey: 'ab'.repeat(32) };
const limits = (statements: ReturnType<typeof describeProtection>) =>
  statements.filter(({ good }) => !good).map(({ text }) => text);

describe('what the page says of protection', () => {
  it('is, without a study key, that a coordinator that cheats is not held off', () => {
    expect(limits(describeProtection(t, OPEN_PINS, null, 'none')).join()).toContain('not against one that cheats');
  });

  it('is, with open admission, that contributors could be invented around a victim', () => {
    expect(limits(describeProtection(t, STUDY, null, 'none')).join()).toContain('invent all contributors but you');
    expect(limits(describeProtection(t, { ...STUDY, admission: 'certified' }, null, 'none')).join()).not.toContain(
      'invent',
    );
  });

  it('is, with a study key, that a cheating coordinator needs 2t − m members, and no more than that', () => {
    const committee = { members: Array.from({ length: 7 }), threshold: 5 } as never;
    const [, certified] = describeProtection(t, STUDY, committee, 'none');
    expect(certified!.text).toContain('would need 3 of its members as accomplices');
    expect(describeProtection(t, STUDY, null, 'none')[1]!.text).toContain('more than a third of its members');
  });

  it('promises that no update is opened on its own only while the coordinator follows the protocol', () => {
    for (const pins of [OPEN_PINS, STUDY])
      expect(describeProtection(t, pins, null, 'none')[0]!.text).toMatch(
        /While the coordinator follows the protocol, no update/,
      );
  });

  it('always admits that the sum itself becomes known, without noise', () => {
    for (const pins of [OPEN_PINS, STUDY, { ...STUDY, admission: 'certified' as const }])
      expect(limits(describeProtection(t, pins, null, 'none')).join()).toContain('No noise');
  });

  it('names the committee and its threshold once there is a plan', () => {
    const committee = { members: Array.from({ length: 7 }), threshold: 5 } as never;
    expect(describeProtection(t, OPEN_PINS, committee, 'none')[0]!.text).toContain('committee of 7 devices');
    expect(describeProtection(t, OPEN_PINS, committee, 'none')[0]!.text).toContain('5 of them');
  });
});

describe('whoever serves the page’s code', () => {
  it('learns everything, and the page says so to everybody before they join', () => {
    for (const pins of [OPEN_PINS, STUDY, { ...STUDY, admission: 'certified' as const }])
      expect(limits(describeProtection(t, pins, null, 'none')).join()).toMatch(
        /Whoever serves it .* would see everything/,
      );
  });
});

const CERTIFIED: Pins = { ...STUDY, admission: 'certified' };
const COMMITTEE = { members: Array.from({ length: 7 }), threshold: 5 } as never;

/** All that the page says of protection to whoever has such a link. */
function saidTo(pins: Pins): string {
  const statements = describeProtection(t, pins, COMMITTEE, 'none').map(({ text }) => text);
  return [...statements, ...describeFurtherLimits(t, 'none'), t('leaves.meaning')].join('\n');
}

const EVERYBODY = [OPEN_PINS, STUDY, CERTIFIED];

/** Where the page says each row of the table, and to whom: by the row’s first words. */
const ROWS: readonly (readonly [row: string, to: readonly Pins[], says: readonly RegExp[]])[] = [
  [
    'a coordinator that follows the protocol, and',
    EVERYBODY,
    [
      /Fewer of its members than must agree learn nothing of a single device/,
      /learns the sum of each round, and with it counts/,
      /Whoever compares rounds sees what changed/,
      /No noise hides/,
    ],
  ],
  [
    'a coordinator that lies, roster certified by a study key',
    [STUDY, CERTIFIED],
    [/would need 3 of its members/, /can leave devices out, and can make rounds fail/],
  ],
  ['a coordinator that lies, with 2t − m', [STUDY, CERTIFIED], [/To see your update it would need 3 of its members/]],
  [
    'a coordinator that lies, roster not certified',
    [OPEN_PINS],
    [/invent the committee’s members.* open every update/],
  ],
  ['t members together', EVERYBODY, [/As many committee members as must agree could .* open every update/s]],
  [
    'a coordinator that invents participants',
    [OPEN_PINS, STUDY],
    [/invent .*(the others who contribute|all contributors)/],
  ],
  [
    'every participant',
    EVERYBODY,
    [/gets the model, and so the mean.* all who contribute but one .* that one’s update/],
  ],
  [
    'a malicious participant',
    EVERYBODY,
    [/cannot read the others’ updates.* bend the model, no further than one round may change it, or make a round fail/],
  ],
  ['whoever asks for two plans', EVERYBODY, [/refuse a second plan and a second list.*fewer updates than agreed/]],
  [
    'whoever serves the page’s code',
    EVERYBODY,
    [/Whoever serves it could serve other code, and that would see everything/],
  ],
];

describe('the page and the table of docs/THREAT-MODEL.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../../docs/THREAT-MODEL.md'), 'utf8');
  const [, table] = /\| who \| learns \| shown by \|\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(page)!;
  const rows = table!.trimEnd().split('\n');

  it.each(rows)('each row is said in plain words: %s', (row) => {
    const said = ROWS.filter(([start]) => row.startsWith(`| ${start}`));
    expect(said).toHaveLength(1);
    const [, to, says] = said[0]!;
    for (const pins of to) for (const words of says) expect(saidTo(pins)).toMatch(words);
  });

  it('so is what stands beside the table', () => {
    for (const pins of EVERYBODY)
      for (const words of [
        /open link cannot prove that different devices are different people/,
        /which internet address, and how large its upload is/,
        /copied.* could vote twice/,
        /measured by the coordinator/,
        /quantum computers/,
        /no formal proof.* audited/,
      ])
        expect(saidTo(pins)).toMatch(words);
  });
});

describe('what the page says leaves the device', () => {
  const ledger = i18n.getFixedT('en', 'ledger');

  it('names every kind of message there is, and the invite code', () => {
    expect(t('leaves.rest')).toMatch(
      /signatures, public keys and certificates.* rounds.* committee member.* invite code/,
    );
    expect(ledger('meaning.hello')).toContain('invite code');
    expect(ledger('natureMeaning.signature')).toContain('invite code');
  });

  it('never claims that nobody at all could open an update: enough members together can', () => {
    for (const text of [ledger('promise'), ledger('meaning.part'), t('leaves.meaning')])
      expect(text).not.toMatch(/anybody could read|Only a sum|can only tell|nothing else/);
  });
});
