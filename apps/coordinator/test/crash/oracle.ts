import { readFileSync } from 'node:fs';
import { combineMeans } from '@sotto/fl-core/robust';
import { advance } from '@sotto/fl-core/strategy/strategy';
import { meanDelta } from '@sotto/fl-core/update-codec';
import { deviceIdOf } from '@sotto/protocol/ids';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { planHash } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { decodeStateFile, type StrategyState } from '@sotto/protocol/state-file';
import { contributorsOf, partsOf, type RoundEvidence, roundPlanOf, type Transcript } from '@sotto/protocol/transcript';
import { listedUpdate } from '@sotto/protocol/update-record';
import { modelBlob, stateBlob } from '../../src/aggregation/upload-layout.ts';
import type { Blobs } from '../../src/blobs/blobs.ts';
import type { RoundRecord } from '../../src/store/round-log.ts';
import type { RunRecord } from '../../src/store/run-records.ts';
import type { Store } from '../../src/store/store.ts';
import { EXAMPLES } from './device.ts';
import type { Acknowledged, Facts } from './facts.ts';
import type { Opened } from './orders.ts';

export interface Verdict {
  /** Acknowledged updates that are neither in a published sum nor in a round that was abandoned with a reason. */
  readonly lost: number;
  /** Updates that are in it twice or though they were taken back, and sums that are not what went in. */
  readonly doubled: number;
  /** In words, with whatever else is not as it must be. */
  readonly problems: readonly string[];
}

/** What came out, against what the devices know went in: everything in the clear, nothing of it through the coordinator's arithmetic. */
export async function judge(store: Store, blobs: Blobs, openedFile: string, facts: Facts): Promise<Verdict> {
  const problems: string[] = [...facts.offences];
  let lost = 0;
  let doubled = 0;
  const opened = readOpened(openedFile);
  const rounds: Told[] = [];
  for (const run of await store.runs())
    for (const record of await store.rounds(run.run)) rounds.push(await tell(store, run, record));

  for (const update of facts.acknowledged) {
    const count = timesCounted(update, rounds);
    if (count === 1) continue;
    if (count === 0) lost += 1;
    else doubled += 1;
    problems.push(`the update of ${update.device} for plan ${update.planHash} counts ${count} times`);
  }
  for (const update of facts.takenBack) {
    const published = rounds.filter(({ record }) => record.outcome?.kind === 'published');
    if (timesCounted(update, published) === 0) continue;
    doubled += 1;
    problems.push(`the update of ${update.device} for plan ${update.planHash} counts, though it was taken back`);
  }
  for (const round of rounds) {
    if (!round.transcript) continue;
    const wrong = await wrongSum(round.transcript, opened, facts, blobs);
    if (wrong === undefined) continue;
    doubled += 1;
    problems.push(`round ${round.record.round} of ${round.run.run}: ${wrong}`);
  }
  problems.push(...(await wrongCounts(store, rounds)), ...(await leftovers(blobs, rounds)));
  return { lost, doubled, problems };
}

interface Told {
  readonly run: RunRecord;
  readonly record: RoundRecord;
  readonly transcript: Transcript | undefined;
}

async function tell(store: Store, run: RunRecord, record: RoundRecord): Promise<Told> {
  const { outcome } = record;
  return {
    run,
    record,
    transcript: outcome?.kind === 'published' ? await store.transcript(outcome.transcript) : undefined,
  };
}

/** 1 as well where its round, or its group, was abandoned and says why: then it does not count, and everybody is asked anew. */
function timesCounted({ planHash: plan, device, digest }: Acknowledged, rounds: readonly Told[]): number {
  return rounds
    .filter(({ record }) => record.parts.some((part) => part.planHash === plan))
    .reduce((count, { record, transcript }) => {
      if (record.outcome?.kind === 'abandoned') return count + (record.outcome.reason === '' ? 0 : 1);
      if (!transcript) return count;
      const opened = partsOf(transcript.body).find((part) => planHash(part.plan.plan) === plan);
      if (!opened) return count + (isTold(transcript, plan) ? 1 : 0);
      const { candidates, contributors } = opened;
      const listed = candidates.filter((candidate) => listedUpdate(plan, candidate).digest === digest).length;
      return count + Math.min(listed, contributors.filter((contributor) => contributor === device).length);
    }, 0);
}

/** Whether the transcript says what a group that was not opened was abandoned for. */
function isTold({ body }: Transcript, plan: string): boolean {
  return body.version === 2 && body.unopened.some((part) => part.plan === plan && part.reason !== '');
}

/** What is wrong with the published sums or the model made of them. */
async function wrongSum(
  { body }: Transcript,
  opened: ReadonlyMap<string, readonly Opened[]>,
  { sealed }: Facts,
  blobs: Blobs,
): Promise<string | undefined> {
  const everybody = contributorsOf(body);
  if (new Set(everybody).size !== everybody.length) return 'a contributor is in two groups';
  const means: Float64Array[] = [];
  const weights: number[] = [];
  for (const part of partsOf(body)) {
    const levels = sumOf(part, opened, sealed);
    if (typeof levels === 'string') return levels;
    const mean = meanDelta({ levels, metadata: [...part.metadata] }, part.plan.plan.encoding, part.contributors.length);
    if (isRejection(mean)) return mean.message;
    means.push(mean);
    weights.push(part.metadata[0]!);
  }
  if (body.version === 1) return 'it is recorded as rounds of old were';
  const { model, encoding } = roundPlanOf(body);
  const { clip } = encoding;
  const mean = combineMeans(means, weights, body.robust, clip);
  const [before, after] = await Promise.all([weightsOf(blobs, model), weightsOf(blobs, body.model)]);
  if (!before || !after) return 'a model is missing';
  const state = body.state.before === null ? null : await stateOf(blobs, body.state.before);
  if (state === undefined) return 'what the strategy remembered is missing';
  const expected = advance({ strategy: body.strategy, weights: before, mean, state, clip }).weights;
  return after.every((weight, i) => weight === expected[i]) ? undefined : 'the model is not what its sums give';
}

/** Levels over the contributors to one sum, or what is wrong with it. */
function sumOf(
  { contributors, candidates, metadata, plan: { plan } }: RoundEvidence,
  opened: ReadonlyMap<string, readonly Opened[]>,
  sealed: Facts['sealed'],
): Float64Array | string {
  const hash = planHash(plan);
  if (new Set(contributors).size !== contributors.length) return 'a contributor is listed twice';
  if (contributors.some((device) => !candidates.some(({ key }) => deviceIdOf(key) === device)))
    return 'a contributor is no candidate';
  const vectors = contributors.map((device) => sealed.get(hash)?.get(device));
  if (vectors.some((levels) => levels === undefined)) return 'somebody is counted who sealed nothing';
  const levels = Float64Array.from(vectors[0]!, (_, i) => vectors.reduce((sum, vector) => sum + vector![i]!, 0));
  const openings = opened.get(hash) ?? [];
  if (openings.length === 0) return 'its sum was never opened';
  for (const opening of openings) {
    if (opening.contributors.join() !== contributors.join()) return 'the opened sum is of other contributors';
    if (opening.levels.some((level, i) => level !== levels[i])) return 'the opened sum is not that of its contributors';
  }
  if (metadata[0] !== EXAMPLES * contributors.length) return `${metadata[0]} examples came out`;
  return levels;
}

async function weightsOf(blobs: Blobs, hash: string): Promise<Float32Array | undefined> {
  const file = await blobs.read(modelBlob(hash));
  const model = file && decodeModelFile(file);
  return !model || isRejection(model) ? undefined : model.weights;
}

async function stateOf(blobs: Blobs, hash: string): Promise<StrategyState | undefined> {
  const file = await blobs.read(stateBlob(hash));
  const state = file && decodeStateFile(file);
  return !state || isRejection(state) ? undefined : state;
}

/** How often each device was asked and counted is kept beside the rounds, and must say the same as they. */
async function wrongCounts(store: Store, rounds: readonly Told[]): Promise<string[]> {
  const devices = await store.devices();
  return devices.flatMap(({ device, asked, contributed }) => {
    const cohorts = rounds
      .flatMap(({ record }) => record.parts)
      .filter(({ setup }) => setup.cohort.includes(device)).length;
    const sums = rounds.filter(
      ({ transcript }) => transcript && contributorsOf(transcript.body).includes(device),
    ).length;
    return asked === cohorts && contributed === sums
      ? []
      : `${device} was asked ${cohorts} times and counted ${sums} times, the store says ${asked} and ${contributed}`;
  });
}

/** Ciphertexts of rounds that are long over. */
async function leftovers(blobs: Blobs, rounds: readonly Told[]): Promise<string[]> {
  const kept = new Set<string>();
  for (const { run } of rounds) {
    const published = rounds.filter((round) => round.run.run === run.run && round.transcript);
    for (const { record } of published.slice(Math.max(0, published.length - run.config.keepCiphertexts)))
      for (const { planHash: plan } of record.parts) if (plan !== null) kept.add(plan);
  }
  const uploads = await blobs.list('uploads');
  return uploads.filter((name) => !kept.has(name.split('/')[1]!)).map((name) => `${name} is still there`);
}

function readOpened(file: string): ReadonlyMap<string, readonly Opened[]> {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return Map.groupBy(
    lines.map((line) => JSON.parse(line) as Opened),
    (one) => one.planHash,
  );
}
