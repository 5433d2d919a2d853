import { canonicalJson, sha256Hex } from '@sotto/protocol/digest';
import { BEFORE_ENTRY, blobEntry, INDEX_ENTRY, transcriptEntry } from '@sotto/protocol/evidence-file';
import { OPEN_PINS } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import type { TranscriptBody } from '@sotto/protocol/transcript';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyEvidence } from '../src/evidence-check.ts';
import { inclusionOf } from '../src/inclusion.ts';
import { publishGroups, publishTranscript } from './published.ts';
import { createRoom, type Device } from './room.ts';

type Entries = Record<string, Uint8Array>;

const json = (value: unknown) => encodeUtf8(canonicalJson(value));
const FOREIGN = 'f'.repeat(64);

describe('an evidence file', () => {
  let room: Awaited<ReturnType<typeof createRoom>>;
  let devices: Device[];
  let entries: Entries;
  let bodies: TranscriptBody[];
  let index: Record<string, unknown>;

  beforeAll(async () => {
    room = await createRoom();
    devices = await Promise.all([0.1, 0.2, 0.3].map((delta) => room.device({ delta })));
    const rules = { strategy: { name: 'FedAvgM', server_learning_rate: 1, server_momentum: 0.5 } } as const;
    const first = await publishGroups(room, [devices], { rules });
    const second = await publishGroups(room, [devices], {
      rules,
      round: 2,
      previous: first.hash,
      model: first.after,
      state: first.stateAfter,
    });
    const [{ plan }] = first.body.parts as [(typeof first.body.parts)[0]];
    const { coordinator, task, run } = plan.plan;
    bodies = [first.body, second.body];
    const rounds = [first, second].map(({ hash }, i) => ({ round: i + 1, transcript: hash, studyKey: null }));
    index = { format: 'sotto-evidence-1', coordinator, task, run, before: null, rounds };
    entries = { [INDEX_ENTRY]: json(index) };
    for (const [i, each] of [first, second].entries()) {
      entries[transcriptEntry(i + 1)] = json(each.transcript);
      for (const sum of each.sums) entries[blobEntry('sums', sha256Hex(sum))] = sum;
      for (const model of [each.before, each.after]) entries[blobEntry('models', sha256Hex(model))] = model;
      entries[blobEntry('states', sha256Hex(each.stateAfter!))] = each.stateAfter!;
    }
  });

  async function check(change: (entries: Entries) => Entries = (same) => same, pins = OPEN_PINS) {
    const report = await verifyEvidence(zipSync(change({ ...entries })), { pins });
    if (isRejection(report)) throw new Error(report.message);
    return report;
  }
  const without =
    (...names: string[]) =>
    (all: Entries) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
  const blobNames = (kind: string) => Object.keys(entries).filter((name) => name.startsWith(`${kind}/`));

  it('holds with sums, models and states to the last bit, and says whose word its keys are', async () => {
    const seen: number[] = [];
    const report = await verifyEvidence(zipSync(entries), { onProgress: (done, of) => seen.push(done, of) });
    if (isRejection(report)) throw new Error(report.message);
    expect(report).toMatchObject({ holds: true, problems: [] });
    expect(seen).toEqual([1, 2, 2, 2]);
    for (const { report: each } of report.records) expect(each.checks.map(({ name }) => name)).toContain('model');
    expect(report.records.flatMap(({ report: each }) => each.unchecked).join(' ')).not.toMatch(
      /the (sum|model|chain):/,
    );
    expect(report.unchecked.map((text) => text.split(':')[0])).toEqual(['the coordinator', 'what came after round 2']);
    const pinned = await check(undefined, { ...OPEN_PINS, coordinator: room.coordinator.publicKey });
    expect(pinned.unchecked.map((text) => text.split(':')[0])).toEqual(['what came after round 2']);
  });

  it('holds of one round alone, with the record before it for the chain', async () => {
    const [first, second] = index.rounds as { transcript: string }[];
    const alone = await check((all) => ({
      ...without(transcriptEntry(1), ...blobNames('sums'), ...blobNames('models'), ...blobNames('states'))(all),
      [INDEX_ENTRY]: json({ ...index, before: first!.transcript, rounds: [second] }),
      [BEFORE_ENTRY]: all[transcriptEntry(1)]!,
    }));
    expect(alone).toMatchObject({ holds: true, problems: [] });
    expect(alone.records[0]!.report.unchecked.join(' ')).not.toContain('the chain');
    expect(alone.unchecked.join(' ')).toContain('the rounds before round 2');
  });

  it.each([
    [
      'a changed model',
      (all: Entries) => {
        const name = blobNames('models')[0]!;
        return { ...all, [name]: all[name]!.with(-1, 1) };
      },
      /models\/[0-9a-f]{64} was changed/,
    ],
    [
      'a blob that no record names',
      (all: Entries) => ({ ...all, [blobEntry('sums', sha256Hex(new Uint8Array(3)))]: new Uint8Array(3) }),
      /no record names it/,
    ],
    ['a missing record', without(transcriptEntry(1)), /transcripts\/round-1\.json is missing/],
    [
      'a record that is not listed',
      (all: Entries) => ({ ...all, [transcriptEntry(3)]: all[transcriptEntry(2)]! }),
      /round-3\.json is in the file, but evidence\.json does not list it/,
    ],
    [
      'records in one another’s place',
      (all: Entries) => ({ ...all, [transcriptEntry(1)]: all[transcriptEntry(2)]! }),
      /round-1\.json is not the record that evidence\.json lists.*round-1\.json is of round 2/s,
    ],
    [
      'a record that is no record',
      (all: Entries) => ({ ...all, [transcriptEntry(1)]: json({ body: 1 }) }),
      /round-1\.json: /,
    ],
    [
      'an index of another coordinator',
      (all: Entries) => ({ ...all, [INDEX_ENTRY]: json({ ...index, coordinator: FOREIGN }) }),
      /round-1\.json is of another coordinator/,
    ],
    [
      'an index of another run',
      (all: Entries) => ({ ...all, [INDEX_ENTRY]: json({ ...index, run: 'other' }) }),
      /round-1\.json is of run .* not other/,
    ],
  ])('is refused for %s, and says where it is', async (_what, change, problem) => {
    const report = await check(change);
    expect(report.holds).toBe(false);
    expect(report.problems.join('\n')).toMatch(problem);
  });

  it('is refused for a record that was changed and signed by nobody, or by the coordinator for other contributors', async () => {
    const [body] = bodies as [Extract<TranscriptBody, { version: 2 }>];
    const [part] = body.parts as [(typeof body.parts)[0]];
    const changed = { ...body, parts: [{ ...part, contributors: part.contributors.slice(1) }] };
    const { hash, transcript } = await publishTranscript(room, changed);
    const rounds = [{ round: 1, transcript: hash, studyKey: null }, (index.rounds as object[])[1]];
    const resigned = await check((all) => ({
      ...all,
      [INDEX_ENTRY]: json({ ...index, rounds }),
      [transcriptEntry(1)]: json(transcript),
    }));
    expect(resigned.holds).toBe(false);
    expect(resigned.records[0]!.report.problems.join(' ')).toContain('The contributors are not the candidates');
    expect(resigned.records[1]!.report.problems.join(' ')).toContain('does not follow the previous one');
    const unsigned = await check((all) => ({
      ...all,
      [transcriptEntry(1)]: json({ ...transcript, signature: '0'.repeat(128) }),
    }));
    expect(unsigned.records[0]!.report.problems.join(' ')).toContain('not signed by the coordinator');
  });

  it('insists on keys that whoever checks it was given', async () => {
    const other = await check(undefined, { ...OPEN_PINS, coordinator: FOREIGN });
    expect(other.problems).toEqual([
      'evidence.json: the file is of another coordinator than the one that is insisted on.',
    ]);
    const study = await check(undefined, { ...OPEN_PINS, studyKey: FOREIGN });
    expect(study.holds).toBe(false);
    expect(study.records[0]!.report.problems.join(' ')).toContain("not signed by this study's key");
  });

  it.each([
    ['text', encodeUtf8('a letter'), 'not a whole ZIP archive'],
    ['an archive without an index', zipSync({ 'README.txt': encodeUtf8('hello') }), 'it has no evidence.json'],
    [
      'a stranger’s archive',
      zipSync({ 'photo.jpg': new Uint8Array(1) }),
      'an entry that does not belong there ("photo.jpg")',
    ],
    ['a path out of the archive', zipSync({ '../models/x': new Uint8Array(1) }), 'does not belong there'],
    [
      'an index of another format',
      zipSync({ [INDEX_ENTRY]: json({ format: 'sotto-evidence-2' }) }),
      'evidence.json: format: must be',
    ],
  ])('is not taken for one: %s', async (_what, bytes, why) => {
    expect(await verifyEvidence(bytes)).toMatchObject({
      rejected: 'bad_evidence',
      message: expect.stringContaining(why),
    });
  });

  it('is refused wherever it is cut short, and never throws', async () => {
    const whole = zipSync(entries);
    for (const length of [0, 10, 1000, whole.length >> 1, whole.length - 1])
      expect(await verifyEvidence(whole.slice(0, length))).toMatchObject({ rejected: 'bad_evidence' });
  });

  it('is not unpacked beyond what Sotto ever writes, whatever it claims', async () => {
    const bytes = zipSync({ [INDEX_ENTRY]: json(index) });
    const view = new DataView(bytes.buffer);
    // Uncompressed size in the central directory, of the last entry.
    view.setUint32(view.getUint32(bytes.length - 6, true) + 24, 0xffff_fff0, true);
    expect(await verifyEvidence(bytes)).toMatchObject({ message: expect.stringContaining('claims to be larger') });
  });

  it('tells where the update of a device is', () => {
    const [body] = bodies as [Extract<TranscriptBody, { version: 2 }>];
    const [part] = body.parts as [(typeof body.parts)[0]];
    const [device] = part.contributors as [string];
    expect(inclusionOf(body, device)).toBe('included');
    expect(inclusionOf(body, FOREIGN)).toBe('absent');
    expect(inclusionOf({ ...body, parts: [{ ...part, kept: false }] }, device)).toBe('left-out');
    expect(inclusionOf({ ...body, parts: [{ ...part, contributors: [] }] }, device)).toBe('dropped');
  });
});
