import { bestOf, isMadeWorse, keptGroups, type HeldOut as Result } from '@sotto/fl-core/gate';
import { combineMeans } from '@sotto/fl-core/robust';
import { advance } from '@sotto/fl-core/strategy/strategy';
import { applyMean, decodeSum, meanDelta } from '@sotto/fl-core/update-codec';
import { PROFILES } from '@sotto/he-core/params';
import { canonicalJson, sha256Hex } from '@sotto/protocol/digest';
import { deviceIdOf } from '@sotto/protocol/ids';
import { encodeMeanFile } from '@sotto/protocol/mean-file';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import type { Plan } from '@sotto/protocol/plan';
import { isRejection } from '@sotto/protocol/rejection';
import { decodeStateFile, encodeStateFile } from '@sotto/protocol/state-file';
import {
  type HeldOut,
  partsOf,
  type RoundBody,
  type RoundEvidence,
  roundPlanOf,
  type TranscriptBody,
  transcriptHash,
} from '@sotto/protocol/transcript';
import type { Complain } from './transcript-part.ts';

/** What was made of the opened sums of a round: that its parts belong together, which of them count, and the model that came of it. */

export function isGrouped(body: TranscriptBody): body is RoundBody {
  return (
    body.version === 2 &&
    (body.groups !== null || body.unopened.length > 0 || body.parts.length > 1 || roundPlanOf(body).group !== 0)
  );
}

/** SHA-256 of what the strategy remembered before the round. */
export function stateBefore(body: TranscriptBody): string | null {
  return body.version === 1 ? null : body.state.before;
}

/** That the round follows that one, by the same rules, and goes on from what was published and remembered there. */
export function checkChain(body: TranscriptBody, previous: TranscriptBody, complain: Complain): void {
  const plan = roundPlanOf(body);
  if (plan.previous !== transcriptHash(previous) || plan.round <= roundPlanOf(previous).round)
    complain('The transcript does not follow the previous one.');
  if (body.version === 1 || previous.version === 1) return;
  if (rulesOf(body) !== rulesOf(previous))
    complain('The strategy, or the rules about groups, are not those of the previous round.');
  if (plan.model !== previous.model) return;
  if (body.state.before !== previous.state.after)
    complain('The strategy went on from something else than the previous round left it.');
  if (canonicalJson(body.heldOut.before) !== canonicalJson(previous.heldOut.after))
    complain('The results of the model before are others than the previous round published of it.');
  const after = resultOf(previous.heldOut.after);
  const best = isFirst(previous) ? after : bestOf(resultOf(previous.heldOut.best), [after]);
  if (canonicalJson(resultOf(body.heldOut.best)) !== canonicalJson(best))
    complain('The results of the best model are not those that follow from the previous round.');
}

function isFirst(body: RoundBody): boolean {
  return roundPlanOf(body).previous === null;
}

function rulesOf({ strategy, groups, robust, guard }: RoundBody): string {
  return canonicalJson({ strategy, groups, robust, guard });
}

/** What all plans of one round agree on; of the noise, whom it protects how well. */
function sharedTerms({ coordinator, task, run, round, model, previous, training, encoding, noise }: Plan): string {
  const { clip } = encoding;
  const promise = noise && { contributors: noise.contributors, epsilon: noise.epsilon, delta: noise.delta };
  return canonicalJson({ coordinator, task, run, round, model, previous, training, clip, promise });
}

/** That the parts are groups of one round, which share nobody and no key. */
export function checkGroups({ parts, unopened, groups }: RoundBody, complain: Complain): void {
  const plans = parts.map(({ plan }) => plan.plan);
  if (plans.some((plan) => sharedTerms(plan) !== sharedTerms(plans[0]!)))
    complain('The groups were not asked for the same thing: their plans differ in more than who takes part.');
  const opened = plans.map(({ group }) => group);
  const forsaken = unopened.map(({ group }) => group);
  const all = [...opened, ...forsaken];
  if (!isAscending(opened) || !isAscending(forsaken) || new Set(all).size !== all.length)
    complain('The groups are not in ascending order, each once.');
  if (groups === null) complain('There are groups in a run that has none.');
  else if (all.some((group) => group < 1 || group > groups.count))
    complain(`The round has a group that is none of the run's ${groups.count}.`);
  if (repeats(parts.flatMap(({ candidates }) => candidates.map(({ key }) => deviceIdOf(key)))))
    complain('A device is in two groups.');
  if (repeats(plans.flatMap(({ committee }) => committee.members.map(({ oneTime }) => oneTime.key))))
    complain('A one-time key serves two groups.');
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);
}

function repeats(values: readonly string[]): boolean {
  return new Set(values).size !== values.length;
}

/** That gate and guard decided by their rule, on the results that are recorded. */
export function checkDecisions(body: RoundBody, complain: Complain): void {
  const { parts, groups, robust, guard, heldOut, state } = body;
  const before = resultOf(heldOut.before);
  const alone = parts.flatMap((part) => (part.alone ? [resultOf(part.alone)] : []));
  const areTried = alone.length === parts.length;
  if (robust?.gate && !areTried) complain('A group was not tried by itself before it counted.');
  const kept = robust?.gate && areTried ? keptGroups(alone, before, robust) : parts.map(() => true);
  if (parts.some((part, i) => part.kept !== kept[i]))
    complain('The groups that count are not those the gate let pass.');
  const counting = parts.filter((part) => part.kept).length;
  const least = groups?.least ?? 1;
  if (counting < least) complain(`${counting} of the opened sums count; ${least} had to.`);
  if (isMadeWorse(resultOf(heldOut.best), resultOf(heldOut.after), guard, isFirst(body)))
    complain('The round made the model so much worse that the guard had to refuse it.');
  if (!isFirst(body)) return;
  if (canonicalJson(heldOut.best) !== canonicalJson(heldOut.before))
    complain('The first round of a run knows of a better model than that it began with.');
  if (state.before !== null) complain('The first round of a run went on from something that a strategy remembered.');
}

/** A loss that is no number has no place in JSON. */
function resultOf({ accuracy, loss }: HeldOut): Result {
  return { accuracy, loss: loss ?? Number.NaN };
}

/**
 * The mean of the round, of the coefficients of its opened sums in the order of its parts.
 * @returns undefined where the sum of a part that counts was not opened, or gives no mean
 */
export function meanOf(
  body: TranscriptBody,
  opened: readonly (Float64Array | undefined)[],
  complain: Complain,
): Float64Array | undefined {
  const sums = partsOf(body).map((part, i) => {
    const coefficients = opened[i];
    const sum = coefficients && openedSum(part, coefficients);
    if (!isRejection(sum)) return sum;
    complain(sum.message);
    return undefined;
  });
  if (body.version === 1) return sums[0]?.mean;
  for (const [i, part] of body.parts.entries())
    if (sums[i] && sha256Hex(encodeMeanFile(sums[i].mean)) !== part.mean)
      complain(`The mean that is recorded of ${nameOf(part)} is not that of its sum.`);
  const kept = sums.filter((_, i) => body.parts[i]!.kept);
  const counting = kept.filter((sum) => sum !== undefined);
  const means = counting.map(({ mean }) => mean);
  if (means.length === 0 || means.length < kept.length) return undefined;
  if (means.some(({ length }) => length !== means[0]!.length)) {
    complain('The groups are not of one model.');
    return undefined;
  }
  const { clip } = roundPlanOf(body).encoding;
  const weights = counting.map(({ weight }) => weight);
  const combined = combineMeans(means, weights, body.robust, clip);
  if (sha256Hex(encodeMeanFile(combined)) !== body.mean)
    complain('The mean of the round is not what the rule makes of the means of its groups.');
  return combined;
}

function nameOf({ plan: { plan } }: RoundEvidence): string {
  return plan.group === 0 ? 'the round' : `group ${plan.group}`;
}

/** The mean of a part, and what it weighs: its examples, where they are counted, otherwise its contributors. */
function openedSum({ plan: { plan }, contributors }: RoundEvidence, coefficients: Float64Array) {
  const { encoding } = plan;
  const sum = decodeSum(coefficients, encoding, PROFILES[encoding.profile]);
  const mean = meanDelta(sum, encoding, contributors.length);
  if (isRejection(mean)) return mean;
  const examples = sum.metadata[encoding.metadata.findIndex(({ name }) => name === 'examples')];
  return { mean, weight: examples ?? contributors.length };
}

/** Model and state after the round = what the strategy makes of those before and the mean, to the last bit. */
export function checkModel(
  body: TranscriptBody,
  {
    mean,
    model,
    state,
  }: { readonly mean: Float64Array; readonly model: Uint8Array; readonly state: Uint8Array | null },
  complain: Complain,
): void {
  const plan = roundPlanOf(body);
  const before = decodeModelFile(model);
  if (sha256Hex(model) !== plan.model || isRejection(before)) {
    complain('The model at hand is not the one the round started from.');
    return;
  }
  const { weights } = before;
  if (weights.length !== mean.length) {
    complain('The plan is for a model of another size than the one the round started from.');
    return;
  }
  const hashOf = (after: Float32Array) => sha256Hex(encodeModelFile({ ...before, weights: after }));
  if (body.version === 1) {
    if (hashOf(applyMean(weights, mean)) !== body.model)
      complain('The published model is not the one before plus the opened mean.');
    return;
  }
  const { strategy } = body;
  const remembered = body.state.before === null || state === null ? null : decodeStateFile(state);
  const fits =
    remembered === null ||
    (!isRejection(remembered) &&
      remembered.strategy === strategy.name &&
      [remembered.m, remembered.v].every((moment) => !moment || moment.length === weights.length));
  if (!fits || (remembered !== null && sha256Hex(state!) !== body.state.before)) {
    complain('What is at hand is not what the strategy remembered before the round.');
    return;
  }
  const made = advance({ strategy, weights, mean, state: remembered, clip: plan.encoding.clip });
  if (hashOf(made.weights) !== body.model)
    complain(`The published model is not what ${strategy.name} makes of the one before and the mean of the round.`);
  if ((made.state && sha256Hex(encodeStateFile(made.state))) !== body.state.after)
    complain('What the strategy remembers after the round is not what this round makes of it.');
}
