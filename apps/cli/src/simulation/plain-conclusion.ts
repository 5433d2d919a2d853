import { whyTooFew } from '@sotto/coordinator/rounds/conclusion';
import { l2Norm } from '@sotto/fl-core/clip';
import { type HeldOut, isMadeWorse, keptGroups } from '@sotto/fl-core/gate';
import { ownExamples } from '@sotto/fl-core/own-examples';
import { peaksOf, updatesOf } from '@sotto/fl-core/ranges';
import { combineMeans } from '@sotto/fl-core/robust';
import { advance } from '@sotto/fl-core/strategy/strategy';
import { sha256Hex } from '@sotto/protocol/digest';
import { encodeModelFile, type ModelFile } from '@sotto/protocol/model-file';
import type { Encoding } from '@sotto/protocol/plan';
import { invariant, isRejection } from '@sotto/protocol/rejection';
import type { GroupOutcome, PublishedRound, RoundOutcome, RunConfig } from '@sotto/protocol/run';
import { sizeOf } from '@sotto/protocol/safetensors';
import { decodeStateFile, encodeStateFile } from '@sotto/protocol/state-file';
import type { OpenedSum } from './plain-part.ts';

/** One part of a round that is over: its sum, or why there is none. */
export interface EndedPart {
  readonly group: number;
  readonly encoding: Encoding;
  readonly contributors: number;
  readonly opened: OpenedSum | string;
}

/** What the next round begins from, as files. */
export interface Standing {
  readonly model: Uint8Array;
  /** What the strategy remembers; null where it keeps nothing. */
  readonly memory: Uint8Array | null;
}

type Told<Outcome> = Omit<Outcome, 'round' | 'startedAt' | 'endedAt'>;
type Abandoned = Told<Extract<RoundOutcome, { kind: 'abandoned' }>>;
type Published = Told<Omit<PublishedRound, 'transcript' | 'phases' | 'uploadBytes' | 'learningRate'>>;

export type PlainConclusion =
  | { readonly told: Abandoned; readonly next: null }
  | { readonly told: Published; readonly next: Standing };

interface OpenPart extends EndedPart {
  readonly opened: OpenedSum;
}

/** What a round found. */
interface Before {
  readonly memory: Uint8Array | null;
  /** On the held-out examples: the model, and the one that the guard compares with. */
  readonly tested: HeldOut;
  readonly best: HeldOut;
  /** Nothing was published before. */
  readonly isFirst: boolean;
}

/**
 * As a coordinator concludes a round (rounds/conclusion.ts there), with numbers for files: too few parts, the gate, the combination, the
 * strategy's step, and the guard, in this order and by the same functions.
 */
export async function concludePlain(
  config: RunConfig,
  model: ModelFile,
  { memory, tested, best, isFirst }: Before,
  parts: readonly EndedPart[],
  evaluate: (model: Uint8Array) => Promise<HeldOut>,
): Promise<PlainConclusion> {
  const least = config.groups?.least ?? 1;
  const open = parts.filter((part): part is OpenPart => typeof part.opened !== 'string');
  let trials: readonly Trial[] = [];
  const abandoned = (reason: string): PlainConclusion => ({
    told: { kind: 'abandoned', reason, opened: open.length > 0, ...groupsOf(parts, trials, false) },
    next: null,
  });
  if (open.length < least)
    return abandoned(whyTooFew(parts.map(({ opened }) => (typeof opened === 'string' ? opened : null))));
  const { encoding } = open[0]!;
  if (config.robust?.gate) trials = await tryEach(open);
  const kept = open.filter(({ group }) => trials.find((trial) => trial.group === group)?.kept ?? true);
  if (kept.length < least) return abandoned('made_worse');
  const mean = combineMeans(
    kept.map(({ opened }) => opened.mean),
    kept.map(weightOf),
    config.robust,
    encoding.clip,
  );
  const next = stepBy(config.strategy, mean, memory);
  const { accuracy, loss } = await evaluate(next.model);
  if (isMadeWorse(best, { accuracy, loss }, config.guard, isFirst)) return abandoned('made_worse');
  const groups = open.map(({ opened, ...part }) => ({ ...part, metadata: opened.metadata }));
  const told: Published = {
    kind: 'published',
    contributors: open.reduce((sum, { contributors }) => sum + contributors, 0),
    testAccuracy: accuracy,
    testLoss: loss,
    ...ownExamples(groups),
    model: sha256Hex(next.model),
    state: next.memory && sha256Hex(next.memory),
    norm: l2Norm(mean),
    ...updatesOf(
      groups,
      peaksOf(
        mean,
        model.tensors.map(({ shape }) => sizeOf(shape)),
      ),
    ),
    ...groupsOf(parts, trials, true),
  };
  return { told, next };

  /** Each group alone, on the held-out examples. */
  async function tryEach(groups: readonly OpenPart[]): Promise<Trial[]> {
    invariant(config.robust, 'only a robust rule tries groups');
    const evaluations: HeldOut[] = [];
    for (const { opened } of groups)
      evaluations.push(await evaluate(stepBy({ name: 'FedAvg' }, opened.mean, null).model));
    const stays = keptGroups(evaluations, tested, config.robust);
    return groups.map(({ group }, i) => ({ group, accuracy: evaluations[i]!.accuracy, kept: stays[i]! }));
  }

  function stepBy(strategy: RunConfig['strategy'], mean: Float64Array, memory: Uint8Array | null): Standing {
    const state = memory && decodeStateFile(memory);
    invariant(!isRejection(state), 'what a simulation’s strategy remembers is its own');
    const made = advance({ strategy, weights: model.weights, mean, state, clip: encoding.clip });
    return {
      model: encodeModelFile({ ...model, weights: made.weights }),
      memory: made.state && encodeStateFile(made.state),
    };
  }
}

interface Trial {
  readonly group: number;
  readonly accuracy: number;
  readonly kept: boolean;
}

/** Nothing, of a round that is opened whole. */
function groupsOf(
  parts: readonly EndedPart[],
  trials: readonly Trial[],
  published: boolean,
): { readonly groups?: GroupOutcome[] } {
  if (parts.every(({ group }) => group === 0)) return {};
  const groups = parts.map(({ group, contributors, opened }): GroupOutcome => {
    if (typeof opened === 'string') return { group, contributors: 0, kept: false, reason: opened };
    const trial = trials.find((other) => other.group === group);
    return {
      group,
      contributors,
      kept: published && (trial?.kept ?? true),
      ...(trial?.kept === false && { reason: 'gate' }),
      ...(trial && { accuracy: trial.accuracy }),
    };
  });
  return { groups };
}

/** Its examples; where noise leaves them uncounted, its contributors. */
function weightOf(part: OpenPart): number {
  return countOf(part, 'examples') || part.contributors;
}

function countOf({ encoding, opened }: OpenPart, name: string): number {
  return opened.metadata[encoding.metadata.findIndex((entry) => entry.name === name)] ?? 0;
}
