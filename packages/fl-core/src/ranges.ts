import { type Encoding, type Metadatum, parametersOf } from '@sotto/protocol/plan';
import type { UpdateScale } from '@sotto/protocol/run';
import { l2Norm } from './clip.ts';

type Peak = NonNullable<UpdateScale['peaks']>[number];

/** What was opened of one group of a round. */
export interface OpenedGroup {
  readonly encoding: Encoding;
  readonly contributors: number;
  /** Sums over the contributors, in plan order. */
  readonly metadata: readonly number[];
}

export interface RangeWishes {
  readonly parameters: number;
  readonly rotated: boolean;
  readonly lambda: number;
  readonly clip: number;
  /** c before anything is known, of an update that is not rotated. */
  readonly first: number;
  /** Of the last opened round; null before it, and where ranges shall stay what they are. */
  readonly scale: UpdateScale | null;
}

/** Rotated coordinates are nearly normal: within six deviations lies all of an update of mean length, within three 99.7 % of a double one. */
const DEVIATIONS = 6;
/** Before lengths are known. Of an update as long as the clip and of full weight 5 % is cut off, of one half as long next to nothing. */
const FIRST_DEVIATIONS = 2;
/** Of a tensor's largest coordinate in the mean. One contributor's may be larger; where all are cut off at c, the next c is four times that. */
const PEAKS = 4;
/** Levels that are finer than this part of a coordinate's size add nothing: where there are more, they make the range wider. */
const FINEST = 1 / 64;
/** Where more than this share was cut off: twice the range; less than this: no more range than is enough. */
const CUT_OFF = { much: 1e-2, nothing: 1e-5 };
const MOST_HEADROOM = 256;
/** Of the numbers in plans and outcomes: people read them. */
const DIGITS = 4;

/**
 * The ranges of a plan, one after a rotation, else one a tensor. They follow how large updates were when they were last opened:
 * c = headroom · ‖x‖/√d after a rotation, else four times the largest coordinate of the tensor. Never wider than the clip, which no
 * coordinate can exceed.
 */
export function chooseRanges(wishes: RangeWishes): Encoding['ranges'] {
  const { parameters, rotated, lambda, clip, first, scale } = wishes;
  const plenty = FINEST * lambda;
  const deviation = 1 / Math.sqrt(parameters);
  const rounded = (range: number) => Number(Math.min(clip, range).toPrecision(DIGITS));
  // Enough for the headroom; beyond it as wide as levels are plenty for, but no wider than it began.
  const fitting = (size: number, headroom: number, begin: number) =>
    rounded(Math.max(headroom * size, Math.min(begin, plenty * size)));
  if (rotated) {
    const begin = clip * deviation * Math.max(FIRST_DEVIATIONS, plenty);
    return [
      { size: parameters, range: scale ? fitting(scale.norm * deviation, scale.headroom, begin) : rounded(begin) },
    ];
  }
  const peaks = scale?.peaks;
  if (!peaks) return [{ size: parameters, range: rounded(first) }];
  return peaks.map(({ size, peak }) => ({
    size,
    range: fitting(scale.norm * Math.max(deviation, peak), PEAKS, first),
  }));
}

/** Of each tensor of an opened mean. */
export function peaksOf(mean: Float64Array, tensors: readonly number[]): Peak[] {
  const norm = l2Norm(mean);
  let at = 0;
  return tensors
    .map((size) => {
      let largest = 0;
      for (const end = at + size; at < end; at++) largest = Math.max(largest, Math.abs(mean[at]!));
      return { size, peak: norm > 0 ? Number((largest / norm).toPrecision(DIGITS)) : 0 };
    })
    .filter(({ size }) => size > 0);
}

/** What an outcome tells of its updates, and the next round's ranges follow. */
export function updatesOf(
  groups: readonly OpenedGroup[],
  peaks: readonly Peak[],
): { saturated?: number; scale?: UpdateScale } {
  const saturated = saturatedShare(groups);
  const scale = scaleOf(groups, peaks);
  return { ...(saturated !== null && { saturated }), ...(scale && { scale }) };
}

/** What a round's groups, all of one run's plans, tell of the size of updates; null when they do not count it. */
function scaleOf(groups: readonly OpenedGroup[], peaks: readonly Peak[]): UpdateScale | null {
  let contributors = 0;
  let norms = 0;
  for (const group of groups) {
    const counted = counts(group, 'norm');
    if (!counted) return null;
    contributors += group.contributors;
    norms += (counted.total / counted.bound) * group.encoding.clip;
  }
  if (norms <= 0) return null;
  const norm = norms / contributors;
  const [{ encoding }] = groups as [OpenedGroup];
  if (!encoding.rotation) return { norm, headroom: DEVIATIONS, peaks: [...peaks] };
  const before = (encoding.ranges[0]!.range * Math.sqrt(parametersOf(encoding))) / norm;
  return { norm, headroom: headroomAfter(saturatedShare(groups) ?? 0, before), peaks: null };
}

function headroomAfter(cutOff: number, before: number): number {
  if (cutOff < CUT_OFF.nothing) return DEVIATIONS;
  const wanted = cutOff > CUT_OFF.much ? 2 * before : before;
  return Number(Math.min(MOST_HEADROOM, Math.max(DEVIATIONS, wanted)).toPrecision(DIGITS));
}

/** The share of all coordinates that were cut off at ±c; null where they are not counted. */
function saturatedShare(groups: readonly OpenedGroup[]): number | null {
  let cut = 0;
  let all = 0;
  for (const group of groups) {
    const counted = counts(group, 'saturated');
    if (!counted) return null;
    cut += counted.total;
    all += group.contributors * parametersOf(group.encoding);
  }
  return all > 0 ? cut / all : null;
}

/** A sum over the group's contributors and the bound of each of them; more than they could honestly have counts as the most that they could. */
function counts(
  { encoding, contributors, metadata }: OpenedGroup,
  name: Metadatum['name'],
): { readonly total: number; readonly bound: number } | null {
  const at = encoding.metadata.findIndex((entry) => entry.name === name);
  if (at < 0) return null;
  const { bound } = encoding.metadata[at]!;
  return { total: Math.min(bound * contributors, Math.max(0, metadata[at]!)), bound };
}
