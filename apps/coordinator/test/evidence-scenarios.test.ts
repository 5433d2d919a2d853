import { verifyEvidence } from '@sotto/participant/evidence-check';
import { openIdentity } from '@sotto/participant/identity';
import { toHex } from '@sotto/protocol/bytes';
import { issueCertificate } from '@sotto/protocol/certificate';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import type { RunSummary } from '@sotto/protocol/run';
import { signerOf } from '@sotto/protocol/signature';
import { afterEach, describe, expect, it } from 'vitest';
import { collectEvidence } from '../src/evidence/evidence.ts';
import type { RunRequest } from '../src/rounds/run-request.ts';
import { createGuest, type Guest, type Hall, openHall, seatGuest, TASK, until } from './hall.ts';
import { createMockClock } from './mock-clock.ts';

const halls: Hall[] = [];
const guests: Guest[] = [];
afterEach(async () => {
  for (const { participant } of guests.splice(0)) await participant.leave();
  for (const hall of halls.splice(0)) await hall.crash();
});

async function makeKey() {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  return signerOf(pair.privateKey, toHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))));
}

async function play(hall: Hall, request: Omit<RunRequest, 'task'>): Promise<RunSummary> {
  const run = await hall.runs.create({ task: TASK, seed: 3, ...request });
  if (isRejection(run)) throw new Error(run.message);
  return until('the run is finished', () => {
    const now = hall.runs.get(run.run)!;
    return now.state === 'finished' && now;
  });
}

async function evidenceOf(hall: Hall, { run }: RunSummary, studyKey: string | null = null): Promise<Uint8Array> {
  const ports = { ...hall, coordinator: hall.identity.publicKey, studyKey: () => studyKey };
  const archive = await collectEvidence(ports, run, { from: 1, to: 100, whole: true });
  if (archive === undefined || isRejection(archive)) throw new Error('no evidence');
  const parts: Uint8Array[] = [];
  for await (const part of archive) parts.push(part);
  return Buffer.concat(parts);
}

async function checked(bytes: Uint8Array, studyKey: string | null = null) {
  const report = await verifyEvidence(bytes, { pins: { ...OPEN_PINS, studyKey } });
  if (isRejection(report)) throw new Error(report.message);
  return report;
}

describe('the evidence of a run', () => {
  it('in groups has each group’s sum, from which the model of the last round is made again', async () => {
    const clock = createMockClock();
    const hall = await openHall({ clock });
    halls.push(hall);
    for (const delta of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) guests.push(await seatGuest(hall, clock, { delta }));
    const strategy = { name: 'FedAvgM', server_learning_rate: 1, server_momentum: 0.5 } as const;
    const run = await play(hall, { rounds: 2, groups: { count: 2, least: 2 }, cohort: { least: 6 }, strategy });
    const { holds, records } = await checked(await evidenceOf(hall, run));
    expect(holds).toBe(true);
    const names = records.at(-1)!.report.checks.map(({ name }) => name);
    for (const name of ['openings of group 1', 'openings of group 2', 'means', 'model']) expect(names).toContain(name);
    expect(records.at(-1)!.report.unchecked.join(' ')).not.toMatch(/the (sums|model):/);
  });

  it('names the study key that vouched for the committee, also when another has come since', async () => {
    const clock = createMockClock();
    const [study, later] = [await makeKey(), await makeKey()];
    const hall = await openHall({ clock, studyKey: study.publicKey });
    halls.push(hall);
    await hall.store.setStudyKey(study.publicKey, clock.now());
    for (const delta of [0.1, 0.2, 0.3]) {
      const guest = await createGuest(clock, { delta, pins: { studyKey: study.publicKey } });
      guests.push(guest);
      const { publicKey: key } = await openIdentity(guest.vault);
      const certificate = await issueCertificate(study, {
        key,
        task: TASK,
        role: 'member',
        expiry: clock.now() + 86_400_000,
      });
      await hall.store.keepCertificate(certificate, study.publicKey);
      guest.wire.connect(hall);
      await guest.participant.join();
    }
    const run = await play(hall, { rounds: 1, committee: 'named' });
    await hall.store.setStudyKey(later.publicKey, clock.now());
    const bytes = await evidenceOf(hall, run, later.publicKey);
    const told = await checked(bytes);
    expect(told.holds).toBe(true);
    expect(told.index.rounds[0]!.studyKey).toBe(study.publicKey);
    expect(told.unchecked.join(' ')).toContain(`the study: its key (${study.publicKey})`);
    expect((await checked(bytes, study.publicKey)).unchecked.join(' ')).not.toContain('the study:');
    const refused = await checked(bytes, later.publicKey);
    expect(refused.holds).toBe(false);
    expect(refused.records[0]!.report.problems.join(' ')).toContain("not signed by this study's key");
  });
});
