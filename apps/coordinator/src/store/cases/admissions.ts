import { type Case, ensure, ensureEqual } from '../../conformance.ts';
import type { InviteRecord } from '../admissions.ts';
import type { Store } from '../store.ts';
import { hex, NOW } from './samples.ts';

const TASK = 'numbers';
const newcomer = (device: string, at = NOW) => ({ task: TASK, device, key: hex('d'), at });
const invite = (code: string, about: Partial<InviteRecord> = {}) => ({
  invite: code,
  task: TASK,
  label: 'class 7b',
  uses: 1,
  expiry: null,
  made: NOW,
  ...about,
});

const nobody = () => false;

export const admissionCases: readonly Case<Store>[] = [
  {
    promise: 'remembers how each task admits devices',
    async run(open) {
      const first = await open();
      ensureEqual(await first.admissionOf(TASK), undefined, 'nothing chosen');
      await first.setAdmission(TASK, 'approval');
      await first.setAdmission(TASK, 'invite');
      await first.close();
      const again = await open();
      ensureEqual(await again.admissionOf(TASK), 'invite', 'the last choice');
      ensureEqual(await again.admissionOf('other'), undefined, 'of another task');
      await again.close();
    },
  },
  {
    promise: 'lets a device that was let in by a code in again without using the code up twice',
    async run(open) {
      const store = await open();
      await store.addInvite(invite('code', { uses: 2 }));
      const again = () => store.redeem('code', newcomer(hex('a')));
      ensureEqual(await Promise.all([again(), again(), again()]), ['let-in', 'let-in', 'let-in'], 'one device');
      ensureEqual((await store.invites(TASK))[0]!.used, 1, 'uses');
      ensureEqual(await store.verdictOn(TASK, hex('a')), 'admitted', 'the verdict');
      await store.close();
    },
  },
  {
    promise: 'gives the last use of a code to one of the devices that race for it, and notes nothing of the others',
    async run(open) {
      const store = await open();
      await store.addInvite(invite('code', { uses: 2 }));
      const devices = ['1', '2', '3', '4', '5'].map(hex);
      const outcomes = await Promise.all(devices.map((device) => store.redeem('code', newcomer(device))));
      ensureEqual(outcomes.toSorted(), ['let-in', 'let-in', 'used-up', 'used-up', 'used-up'], 'outcomes');
      ensureEqual((await store.invites(TASK))[0]!.used, 2, 'uses');
      ensureEqual((await store.verdicts(TASK)).length, 2, 'verdicts');
      await store.close();
    },
  },
  {
    promise: 'says why a code lets nobody in: unknown, of another task, expired, revoked',
    async run(open) {
      const store = await open();
      await store.addInvite(invite('late', { expiry: NOW }));
      await store.addInvite(invite('foreign', { task: 'other' }));
      await store.addInvite(invite('revoked', { uses: 5 }));
      ensureEqual(await store.redeem('revoked', newcomer(hex('b'))), 'let-in', 'before');
      ensureEqual(await store.revokeInvite('revoked', NOW), { task: TASK, devices: [hex('b')] }, 'revoking');
      const outcomes = ['none', 'late', 'foreign', 'revoked'].map((code) => store.redeem(code, newcomer(hex('a'))));
      ensureEqual(await Promise.all(outcomes), ['unknown', 'expired', 'unknown', 'unknown'], 'outcomes');
      ensureEqual(await store.verdictOn(TASK, hex('a')), undefined, 'no verdict');
      ensureEqual(await store.revokeInvite('none', NOW), undefined, 'revoking what there is not');
      await store.close();
    },
  },
  {
    promise: 'shuts a device out of one task or of all, against any code, until it is admitted again',
    async run(open) {
      const store = await open();
      await store.addInvite(invite('code', { uses: 9 }));
      await store.revoke(TASK, hex('a'), NOW);
      ensureEqual(await store.redeem('code', newcomer(hex('a'), NOW + 5)), 'shut-out', 'of one task');
      ensureEqual(await store.verdictOn('other', hex('a')), undefined, 'of the other');
      await store.admit(TASK, hex('a'), NOW);
      ensureEqual(await store.verdictOn(TASK, hex('a')), 'admitted', 'again');
      await store.revoke(null, hex('a'), NOW);
      await store.wait(newcomer(hex('a'), NOW + 5), 9, nobody);
      ensureEqual(await store.verdictOn(TASK, hex('a')), 'revoked', 'here');
      ensureEqual(await store.verdictOn('other', hex('a')), 'revoked', 'elsewhere');
      ensureEqual(await store.redeem('code', newcomer(hex('a'), NOW + 9)), 'shut-out', 'of all');
      ensureEqual(
        (await store.verdicts('other')).map(({ task, verdict }) => [task, verdict]),
        [['other', 'revoked']],
        'listed elsewhere',
      );
      await store.admit(TASK, hex('a'), NOW - 5);
      ensureEqual(
        (await store.verdicts(TASK)).map(({ device, verdict }) => [device, verdict]),
        [[hex('a'), 'admitted']],
        'listed here',
      );
      ensureEqual(await store.verdictOn(TASK, hex('a')), 'admitted', 'here again');
      ensureEqual(await store.verdictOn('other', hex('a')), 'revoked', 'still elsewhere');
      await store.close();
    },
  },
  {
    promise: 'notes who waits, as many as it is told to, the latest of them',
    async run(open) {
      const store = await open();
      await store.admit(TASK, hex('a'), NOW);
      for (const [i, digit] of ['a', '1', '2', '3'].entries())
        await store.wait(newcomer(hex(digit), NOW + i), 2, nobody);
      await store.wait(newcomer(hex('2'), NOW + 9), 2, nobody);
      ensureEqual(
        (await store.verdicts(TASK)).map(({ device, verdict, key }) => [device, verdict, key]),
        [
          [hex('a'), 'admitted', null],
          [hex('2'), 'waiting', hex('d')],
          [hex('3'), 'waiting', hex('d')],
        ],
        'verdicts',
      );
      await store.admit(TASK, hex('2'), NOW + 10);
      const found = (await store.verdicts(TASK)).find(({ device }) => device === hex('2'));
      ensure(found?.verdict === 'admitted' && found.key === hex('d'), 'the key is lost with the approval');
      await store.close();
    },
  },
  {
    promise:
      'forgets none of those that wait and are to stay, and as soon as they need not whoever is beyond the number',
    async run(open) {
      const store = await open();
      let here = [hex('1'), hex('2')];
      const stays = (device: string) => here.includes(device);
      for (const [i, digit] of ['1', '2', '3', '4', '5'].entries())
        await store.wait(newcomer(hex(digit), NOW + i), 1, stays);
      const waiting = async () => (await store.verdicts(TASK)).map(({ device }) => device);
      ensureEqual(await waiting(), [hex('1'), hex('2'), hex('5')], 'while they are to stay');
      here = [hex('2')];
      await store.wait(newcomer(hex('6'), NOW + 9), 1, stays);
      ensureEqual(await waiting(), [hex('2'), hex('6')], 'afterwards');
      await store.close();
    },
  },
];
