import { expect, it } from 'vitest';
import { linkTo } from '../src/admin/link.ts';
import { parseInvite } from '../src/invite.ts';

const [coordinator, studyKey] = ['ab'.repeat(32), 'cd'.repeat(32)];
const parts = { publicUrl: 'https://learn.test', task: 'mnist', coordinator, studyKey, code: null };
const pinsOf = (link: string) => parseInvite(link.slice(link.indexOf('#')));

it('a link says after its # whom its devices trust, and before it which task it is', () => {
  expect(linkTo({ ...parts, studyKey: null })).toBe(`https://learn.test/t/mnist#coordinator=${coordinator}`);
  expect(pinsOf(linkTo(parts))).toMatchObject({ coordinator, studyKey, admission: 'open', invite: null });
  expect(pinsOf(linkTo(parts, 'coordinator'))).toMatchObject({ studyKey: null });
  expect(pinsOf(linkTo({ ...parts, code: 'A'.repeat(32) }, 'certified'))).toMatchObject({
    studyKey,
    admission: 'certified',
    invite: 'A'.repeat(32),
  });
});

it('without a study key there is nobody else to trust than the coordinator', () => {
  expect(pinsOf(linkTo({ ...parts, studyKey: null }, 'certified'))).toMatchObject({
    studyKey: null,
    admission: 'open',
  });
});
