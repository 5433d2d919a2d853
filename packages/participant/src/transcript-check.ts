import { sha256Hex } from '@sotto/protocol/digest';
import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import { verifySignature } from '@sotto/protocol/signature';
import {
  contributorsOf,
  partsOf,
  roundPlanOf,
  type Transcript,
  type TranscriptBody,
  transcriptHash,
  transcriptString,
} from '@sotto/protocol/transcript';
import { type Check, checkPart } from './transcript-part.ts';
import {
  checkChain,
  checkDecisions,
  checkGroups,
  checkModel,
  isGrouped,
  meanOf,
  stateBefore,
} from './transcript-result.ts';

export interface TranscriptReport {
  readonly hash: string;
  readonly round: number;
  /** In all sums of the round. */
  readonly contributors: number;
  readonly checks: readonly TranscriptCheck[];
  /** What could not be checked with what was at hand, for people: that much is still the coordinator's word. */
  readonly unchecked: readonly string[];
  /** What does not hold, for people; empty when everything does. */
  readonly problems: readonly string[];
}

/** One thing that was checked, and what of it does not hold. */
interface TranscriptCheck {
  readonly name: string;
  readonly problems: readonly string[];
}

interface Known {
  readonly pins?: Pins;
  /** Packed summed ciphertexts, of as many groups as the verifier holds: then these are opened again. */
  readonly sums?: readonly Uint8Array[];
  /** The record of the published round before this one. */
  readonly previous?: TranscriptBody;
  /** The model file the round started from; with the sums, the new model is computed again. */
  readonly model?: Uint8Array;
  /** What the strategy remembered before the round, as a file, where that is something. */
  readonly state?: Uint8Array;
}

/**
 * Checks a published round from its record alone, without the server: signatures, certificates, chain, and of each sum the check answers,
 * the choice of U, votes and openings; that groups share nobody, and were kept or left out by the rule. With the sums at hand, that the
 * openings really open them to the recorded metadata and means; with the previous model (and what the strategy remembered) as well, that
 * the published model is what strategy and rule make of these, bit for bit. The report says what of this was not checked.
 */
export async function verifyTranscript({ body, signature }: Transcript, known: Known = {}): Promise<TranscriptReport> {
  const { pins = OPEN_PINS, sums = [], previous } = known;
  const checks: TranscriptCheck[] = [];
  const check: Check = async (name, run) => {
    const problems: string[] = [];
    checks.push({ name, problems });
    return run((problem) => problems.push(problem));
  };
  const hash = transcriptHash(body);
  const parts = partsOf(body);
  const plan = roundPlanOf(body);
  await check('signature and chain', async (complain) => {
    if (!(await verifySignature(plan.coordinator, transcriptString(hash), signature)))
      complain('The transcript is not signed by the coordinator.');
    if (previous) checkChain(body, previous, complain);
  });
  if (isGrouped(body)) await check('groups', (complain) => checkGroups(body, complain));
  const held = new Map(sums.map((sum) => [sha256Hex(sum), sum]));
  const opened: (Float64Array | undefined)[] = [];
  for (const part of parts) {
    const { group } = part.plan.plan;
    const ofGroup: Check = (name, run) => check(isGrouped(body) ? `${name} of group ${group}` : name, run);
    opened.push(await checkPart(part, { pins, sum: held.get(part.sum) }, ofGroup));
  }
  if ([...held.keys()].some((digest) => parts.every(({ sum }) => sum !== digest)))
    await check('sums', (complain) => complain('A summed ciphertext at hand is none that the transcript names.'));
  if (body.version === 2) await check('gate and guard', (complain) => checkDecisions(body, complain));
  const mean = opened.some((sum) => sum !== undefined)
    ? await check('means', (complain) => meanOf(body, opened, complain))
    : undefined;
  const { model } = known;
  const state = known.state ?? null;
  const steps = mean !== undefined && model !== undefined && (stateBefore(body) === null || state !== null);
  if (steps) await check('model', (complain) => checkModel(body, { mean, model, state }, complain));
  const problems = checks.flatMap((each) => each.problems);
  const unchecked = [...uncheckedOf(body, known, opened.filter((sum) => sum !== undefined).length, steps)];
  return { hash, round: plan.round, contributors: contributorsOf(body).length, checks, unchecked, problems };
}

function* uncheckedOf(body: TranscriptBody, known: Known, opened: number, stepped: boolean): Generator<string> {
  const { pins, previous } = known;
  const plan = roundPlanOf(body);
  const sums = partsOf(body).length;
  if (!previous && plan.previous !== null) yield 'the chain: the transcript before this one is not at hand.';
  if (previous && previous.model !== plan.model)
    yield 'the start: it is another model than the previous round published.';
  if (!pins?.studyKey) yield 'the committee: without a study key to insist on, the coordinator could have invented it.';
  if (opened === 0)
    yield sums === 1
      ? 'the sum: it is not at hand, so that what is recorded of it was not opened again.'
      : 'the sums: they are not at hand, so that what is recorded of them was not opened again.';
  else if (opened < sums)
    yield `the sums: ${opened} of ${sums} are at hand; what is recorded of the others was not opened again.`;
  yield 'the addition: the updates themselves are not published, so that they were not added up again.';
  if (body.version === 2) yield 'the results on held-out examples: these are with the coordinator alone.';
  if (plan.noise) yield 'the budget: rounds that were opened, but not published, cost of it and are not in the chain.';
  const what = sums === 1 ? 'sum' : 'sums';
  if (!stepped && stateBefore(body) === null)
    yield `the model: it takes the opened ${what} and the model before to compute it again.`;
  else if (!stepped)
    yield `the model: it takes the opened ${what}, the model before and what the strategy remembered to compute it again.`;
}
