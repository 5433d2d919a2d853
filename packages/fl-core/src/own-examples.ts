import type { OpenedGroup } from './ranges.ts';

/** How the model before a round does on its contributors' own examples; null where that was not counted, or cannot be. */
export interface OwnExamples {
  /** Σ correct / Σ examples, 0 … 1. */
  readonly trainAccuracy: number | null;
  /** Mean cross entropy, nats: Σ lossMilli / 1000 / Σ examples. Each contributor's part of it ends at the plan's bound. */
  readonly trainLoss: number | null;
}

/**
 * Out of the opened metadata of all groups of a round. What contributors count by themselves nobody can check; but no sum of honest
 * counts has more correct answers than examples, less than none, or more loss than the bound of each contributor allows.
 */
export function ownExamples(groups: readonly OpenedGroup[]): OwnExamples {
  const examples = total(groups, 'examples');
  const correct = total(groups, 'correct');
  const loss = total(groups, 'lossMilli');
  if (examples === null || examples.sum <= 0) return { trainAccuracy: null, trainLoss: null };
  return {
    trainAccuracy: isWithin(correct, examples.sum) ? correct.sum / examples.sum : null,
    trainLoss: isWithin(loss, loss?.most ?? 0) ? loss.sum / 1000 / examples.sum : null,
  };
}

interface Total {
  readonly sum: number;
  /** Of so many contributors, by their plans. */
  readonly most: number;
}

/** Null where one of the groups does not count it. */
function total(groups: readonly OpenedGroup[], name: string): Total | null {
  let [sum, most] = [0, 0];
  for (const { encoding, contributors, metadata } of groups) {
    const at = encoding.metadata.findIndex((entry) => entry.name === name);
    if (at < 0) return null;
    sum += metadata[at]!;
    most += encoding.metadata[at]!.bound * contributors;
  }
  return { sum, most };
}

function isWithin(found: Total | null, most: number): found is Total {
  return found !== null && found.sum >= 0 && found.sum <= most;
}
