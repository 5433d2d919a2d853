import type { ModelQuery, ModelVersion } from '@sotto/protocol/admin/models';
import type { RunSummary } from '@sotto/protocol/run';

/**
 * The versions of a task's model, in the order in which they were made, each once: as the first run made it. A run that begins with a version
 * there was makes none until its first round is published.
 * @param runs  of one task, oldest first
 */
export function versionsOf(runs: readonly RunSummary[]): ModelVersion[] {
  const versions = new Map<string, ModelVersion>();
  const add = (version: ModelVersion) => {
    if (!versions.has(version.model)) versions.set(version.model, version);
  };
  for (const { run, startedAt, initial, rounds } of runs) {
    const { from: _, ...start } = initial;
    add({ ...start, run, round: 0, made: startedAt, before: null, contributors: 0, transcript: null });
    let before = initial.model;
    for (const outcome of rounds) {
      if (outcome.kind !== 'published') continue;
      const { round, model, endedAt: made, testAccuracy, testLoss, contributors, transcript } = outcome;
      add({ run, round, model, made, before, testAccuracy, testLoss, contributors, transcript });
      before = model;
    }
  }
  return [...versions.values()].sort((a, b) => a.made - b.made);
}

/** One page of them. @returns undefined when `after` is none of them */
export function pageOf(
  versions: readonly ModelVersion[],
  { run, order, most, after }: ModelQuery,
): { readonly total: number; readonly versions: ModelVersion[] } | undefined {
  const asked = versions.filter((version) => run === undefined || version.run === run).reverse();
  if (order === 'best') asked.sort(betterFirst);
  const from = after === undefined ? 0 : asked.findIndex(({ model }) => model === after) + 1;
  if (after !== undefined && from === 0) return undefined;
  return { total: asked.length, versions: asked.slice(from, from + most) };
}

function betterFirst(a: ModelVersion, b: ModelVersion): number {
  return b.testAccuracy - a.testAccuracy || a.testLoss - b.testLoss;
}

/** A version and those it was made from, each from the next, the latest first; empty when there is no such version. */
export function ancestryOf(versions: readonly ModelVersion[], model: string): ModelVersion[] {
  const byModel = new Map(versions.map((version) => [version.model, version]));
  const line: ModelVersion[] = [];
  let next = byModel.get(model);
  while (next) {
    line.push(next);
    // A run may arrive at a model that there was before; no line leads through one twice.
    byModel.delete(next.model);
    next = next.before === null ? undefined : byModel.get(next.before);
  }
  return line;
}
