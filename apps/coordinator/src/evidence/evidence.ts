import { certificateString } from '@sotto/protocol/certificate';
import {
  BEFORE_ENTRY,
  type BlobKind,
  blobEntry,
  type EvidenceIndex,
  INDEX_ENTRY,
  README_ENTRY,
  transcriptEntry,
} from '@sotto/protocol/evidence-file';
import { planHash } from '@sotto/protocol/plan';
import { invariant, type Rejection, reject } from '@sotto/protocol/rejection';
import type { PublishedRound } from '@sotto/protocol/run';
import { verifySignature } from '@sotto/protocol/signature';
import { partsOf, roundPlanOf, type Transcript } from '@sotto/protocol/transcript';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { modelBlob, stateBlob, sumBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Runs } from '../rounds/runs.ts';
import type { Store } from '../store/store.ts';
import { type ArchiveEntry, writeArchive } from './archive.ts';

export interface EvidencePorts {
  readonly runs: Pick<Runs, 'get'>;
  readonly store: Pick<Store, 'transcript' | 'studyKeys'>;
  readonly blobs: Pick<Blobs, 'read' | 'size'>;
  readonly coordinator: string;
  readonly studyKey: () => string | null;
}

/** Which rounds of a run; `whole`: with the models they began and ended with, and the sums and states that are still kept. */
export interface Extent {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

/** What a ZIP archive without extensions holds, with room for names and the rest. */
const MOST_ROUNDS = 10_000;
const MOST_BYTES = 3e9;

/**
 * The evidence file of a run's published rounds, as a stream; the same rounds give the same bytes, as long as the same sums are kept.
 * @returns undefined when there is no such run
 */
export async function collectEvidence(
  ports: EvidencePorts,
  name: string,
  { from, to, whole }: Extent,
): Promise<AsyncGenerator<Uint8Array> | Rejection<'nothing_published' | 'too_many_rounds'> | undefined> {
  const run = ports.runs.get(name);
  if (!run) return undefined;
  const published = run.rounds.filter((outcome) => outcome.kind === 'published');
  const rounds = published.filter(({ round }) => round >= from && round <= to);
  if (rounds.length === 0)
    return reject(
      'nothing_published',
      published.length === 0
        ? `Run ${name} has published no round yet, so there is nothing to show.`
        : `Run ${name} published none of these rounds; it published ${published[0]!.round} to ${published.at(-1)!.round}.`,
    );
  const models = whole ? new Set(rounds.map(({ model }) => model)) : [];
  let bytes = 0;
  for (const model of models) bytes += (await ports.blobs.size(modelBlob(model))) ?? 0;
  if (rounds.length > MOST_ROUNDS || bytes > MOST_BYTES)
    return reject(
      'too_many_rounds',
      'These are too many rounds for one file. Ask for fewer at a time, with “from” and “to”.',
    );
  return writeArchive(entriesOf(ports, run, rounds, whole));
}

async function* entriesOf(
  { store, blobs, coordinator, studyKey }: EvidencePorts,
  { run, task }: { readonly run: string; readonly task: string },
  rounds: readonly PublishedRound[],
  whole: boolean,
): AsyncGenerator<ArchiveEntry> {
  const read = async (hash: string) => {
    const transcript = await store.transcript(hash);
    invariant(transcript, `the transcript ${hash} of a published round is not in the store`);
    return transcript;
  };
  const keys = new Set([studyKey(), ...(await store.studyKeys()).map(({ key }) => key)]);
  const listed: EvidenceIndex['rounds'] = [];
  const written = new Set<string>();
  let before: string | null = null;
  for (const { round, transcript: hash } of rounds) {
    const transcript = await read(hash);
    const { previous } = roundPlanOf(transcript.body);
    if (listed.length === 0 && previous !== null) {
      before = previous;
      yield { name: BEFORE_ENTRY, bytes: jsonOf(await read(previous)) };
    }
    yield { name: transcriptEntry(round), bytes: jsonOf(transcript) };
    listed.push({ round, transcript: hash, studyKey: await studyKeyOf(transcript, keys) });
    for (const [kind, digest, blob] of whole ? blobsOf(transcript) : []) {
      const name = blobEntry(kind, digest);
      const bytes = written.has(name) ? undefined : await blobs.read(blob);
      if (bytes === undefined) continue;
      written.add(name);
      yield { name, bytes };
    }
  }
  const index: EvidenceIndex = { format: 'sotto-evidence-1', coordinator, task, run, before, rounds: listed };
  yield { name: INDEX_ENTRY, bytes: jsonOf(index) };
  yield { name: README_ENTRY, bytes: encodeUtf8(readme(index)) };
}

/** The digest of each blob that the record names, and what it is called here; one may be there no more. */
function* blobsOf({ body }: Transcript): Generator<readonly [kind: BlobKind, digest: string, blob: string]> {
  const models = [roundPlanOf(body).model, body.model];
  for (const model of models) yield ['models', model, modelBlob(model)];
  for (const state of body.version === 1 ? [] : [body.state.before, body.state.after])
    if (state !== null) yield ['states', state, stateBlob(state)];
  for (const { sum, plan } of partsOf(body)) yield ['sums', sum, sumBlob(planHash(plan.plan))];
}

/** Of the keys there were, the one that vouched for the committee of this record. */
async function studyKeyOf({ body }: Transcript, keys: ReadonlySet<string | null>): Promise<string | null> {
  const certificate = roundPlanOf(body).committee.members[0]?.certificate ?? null;
  if (certificate === null) return null;
  for (const key of keys)
    if (key !== null && (await verifySignature(key, certificateString(certificate), certificate.signature))) return key;
  return null;
}

function jsonOf(value: unknown): Uint8Array {
  return encodeUtf8(`${JSON.stringify(value)}\n`);
}

function readme({ coordinator, task, run, rounds }: EvidenceIndex): string {
  return `Evidence of ${run}, a run of the task ${task}: rounds ${rounds[0]!.round} to ${rounds.at(-1)!.round}.

To check it, without any server, unpacked or not at all:

    sotto verify THIS-FILE

evidence.json    what the file is about: the coordinator's key (${coordinator}) and the rounds.
transcripts/     the signed record of each round: its plan, who was on the committee and their certificates, whose updates were summed,
                 what the committee answered and voted, and how the sum was opened. before.json is the record that the first one follows.
models/          model files (safetensors), by the SHA-256 of their bytes.
sums/            summed ciphertexts that the openings in the records open again, likewise.
states/          what the strategy remembered between rounds, likewise.

Nothing here is anybody's data, and no update of a single device.
`;
}
