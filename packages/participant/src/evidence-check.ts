import { sha256Hex } from '@sotto/protocol/digest';
import {
  BEFORE_ENTRY,
  BLOB_KINDS,
  blobEntry,
  type EvidenceIndex,
  transcriptEntry,
} from '@sotto/protocol/evidence-file';
import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import { verifySignature } from '@sotto/protocol/signature';
import {
  partsOf,
  roundPlanOf,
  type TranscriptBody,
  transcriptHash,
  transcriptString,
} from '@sotto/protocol/transcript';
import { type EvidenceFile, openEvidence } from './evidence-file.ts';
import { type TranscriptReport, verifyTranscript } from './transcript-check.ts';

/** One record of the file, checked. */
export interface CheckedRecord {
  /** Its entry in the file. */
  readonly name: string;
  readonly body: TranscriptBody;
  readonly report: TranscriptReport;
}

export interface EvidenceReport {
  readonly index: EvidenceIndex;
  /** By round, ascending; those that could be read. */
  readonly records: readonly CheckedRecord[];
  /** What of the file itself does not hold, each with the entry it is about. */
  readonly problems: readonly string[];
  /** What no file of this kind could show, or this one does not. */
  readonly unchecked: readonly string[];
  /** Everything that was checked holds, in the file and in each of its records. */
  readonly holds: boolean;
}

interface Options {
  /** What to insist on. Where no study key is named, that of the file is taken, and the report says so. */
  readonly pins?: Pins;
  /** A record has been checked: so many of so many. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Checks an evidence file by itself, without any server: that each of its records holds and follows the one before, with the sums, models and
 * states that the file has (as `verifyTranscript` says); that all of them are of one run of one coordinator, as its index lists them; and that
 * each blob has the digest it is named by, and is one that a record names.
 */
export async function verifyEvidence(
  bytes: Uint8Array,
  { pins = OPEN_PINS, onProgress }: Options = {},
): Promise<EvidenceReport | Rejection<'bad_evidence'>> {
  const file = openEvidence(bytes);
  if (isRejection(file)) return file;
  const { index } = file;
  const problems: string[] = [];
  const blobs = digestBlobs(file, problems);
  problems.push(...strayTranscripts(file));
  if (pins.coordinator !== null && pins.coordinator !== index.coordinator)
    problems.push('evidence.json: the file is of another coordinator than the one that is insisted on.');

  const before = await transcriptBefore(file, problems);
  let previous = before;
  const records: CheckedRecord[] = [];
  for (const [i, { round, transcript: hash, studyKey }] of index.rounds.entries()) {
    const name = transcriptEntry(round);
    const transcript = file.transcript(name);
    if (isRejection(transcript)) {
      problems.push(transcript.message);
      previous = undefined;
    } else {
      const { body } = transcript;
      const report = await verifyTranscript(transcript, {
        pins: { ...pins, coordinator: index.coordinator, studyKey: pins.studyKey ?? studyKey },
        ...blobsOf(file, body, blobs),
        ...(previous && { previous }),
      });
      if (report.hash !== hash) problems.push(`${name} is not the record that evidence.json lists (another digest).`);
      problems.push(...foreign(name, body, index, round));
      records.push({ name, body, report });
      previous = body;
    }
    onProgress?.(i + 1, index.rounds.length);
  }
  const bodies = [...(before ? [before] : []), ...records.map(({ body }) => body)];
  problems.push(...strayBlobs(file, bodies));
  return {
    index,
    records,
    problems,
    unchecked: [...uncheckedOf(index, pins)],
    holds: problems.length === 0 && records.every(({ report }) => report.problems.length === 0),
  };
}

/** Names of the blobs that have the digest they are named by; of the others it is said that they have not. */
function digestBlobs(file: EvidenceFile, problems: string[]): ReadonlySet<string> {
  const sound = new Set<string>();
  for (const kind of BLOB_KINDS)
    for (const name of file.names) {
      if (!name.startsWith(`${kind}/`)) continue;
      const hash = name.slice(kind.length + 1);
      if (sha256Hex(file.blob(kind, hash)!) === hash) sound.add(name);
      else problems.push(`${name} was changed: its bytes have another digest.`);
    }
  return sound;
}

function strayTranscripts({ index, names }: EvidenceFile): string[] {
  const listed = new Set(index.rounds.map(({ round }) => transcriptEntry(round)));
  if (index.before !== null) listed.add(BEFORE_ENTRY);
  return [...names]
    .filter((name) => name.startsWith('transcripts/') && !listed.has(name))
    .map((name) => `${name} is in the file, but evidence.json does not list it.`);
}

/** The record that the first of the file follows. It shows nothing but that there was one: it is signed, and of this run. */
async function transcriptBefore(file: EvidenceFile, problems: string[]): Promise<TranscriptBody | undefined> {
  const { index } = file;
  if (index.before === null) return undefined;
  const transcript = file.transcript(BEFORE_ENTRY);
  if (isRejection(transcript)) {
    problems.push(transcript.message);
    return undefined;
  }
  const { body, signature } = transcript;
  if (transcriptHash(body) !== index.before)
    problems.push(`${BEFORE_ENTRY} is not the record that evidence.json lists (another digest).`);
  problems.push(...foreign(BEFORE_ENTRY, body, index));
  if (!(await verifySignature(index.coordinator, transcriptString(transcriptHash(body)), signature)))
    problems.push(`${BEFORE_ENTRY} is not signed by the coordinator.`);
  return body;
}

function foreign(name: string, body: TranscriptBody, index: EvidenceIndex, round?: number): string[] {
  const plan = roundPlanOf(body);
  const problems: string[] = [];
  if (plan.coordinator !== index.coordinator)
    problems.push(`${name} is of another coordinator than evidence.json says.`);
  if (plan.task !== index.task || plan.run !== index.run)
    problems.push(`${name} is of run ${plan.run} of ${plan.task}, not ${index.run} of ${index.task}.`);
  if (round !== undefined && plan.round !== round) problems.push(`${name} is of round ${plan.round}.`);
  return problems;
}

/** What of the round the file has, and is what it says. */
function blobsOf(file: EvidenceFile, body: TranscriptBody, sound: ReadonlySet<string>) {
  const read = (kind: (typeof BLOB_KINDS)[number], hash: string) =>
    sound.has(blobEntry(kind, hash)) ? file.blob(kind, hash) : undefined;
  const sums = partsOf(body).flatMap(({ sum }) => read('sums', sum) ?? []);
  // Without a sum there is nothing to make a model of.
  if (sums.length === 0) return {};
  const model = read('models', roundPlanOf(body).model);
  const before = body.version === 1 ? null : body.state.before;
  const state = before === null ? undefined : read('states', before);
  return { sums, ...(model && { model }), ...(state && { state }) };
}

function strayBlobs({ names }: EvidenceFile, bodies: readonly TranscriptBody[]): string[] {
  const named = new Set(
    bodies.flatMap((body) => [
      ...partsOf(body).map(({ sum }) => blobEntry('sums', sum)),
      ...[roundPlanOf(body).model, body.model].map((hash) => blobEntry('models', hash)),
      ...(body.version === 1 ? [] : [body.state.before, body.state.after]).flatMap((hash) =>
        hash === null ? [] : blobEntry('states', hash),
      ),
    ]),
  );
  return [...names]
    .filter((name) => BLOB_KINDS.some((kind) => name.startsWith(`${kind}/`)) && !named.has(name))
    .map((name) => `${name} is in the file, but no record names it.`);
}

function* uncheckedOf({ coordinator, before, rounds }: EvidenceIndex, pins: Pins): Generator<string> {
  const studyKeys = new Set(rounds.flatMap(({ studyKey }) => studyKey ?? []));
  if (pins.coordinator === null)
    yield `the coordinator: its key (${coordinator}) is the one that the file names. Compare it with the one in the link you were given.`;
  if (pins.studyKey === null && studyKeys.size > 0)
    yield `the study: its key (${[...studyKeys].join(', then ')}) is the one that the file names. Compare it with the one in the link you were given.`;
  if (before !== null)
    yield `the rounds before round ${rounds[0]!.round}: of the one it follows, only the signature was checked.`;
  yield `what came after round ${rounds.at(-1)!.round}: a file cannot show that a run has no later rounds.`;
}
