import type { RunConfig, RunSummary } from '@sotto/protocol/run';
import type { SimulatedPublished, SimulatedRound } from './round.ts';
import type { SimulationSettings } from './settings.ts';

/** What a simulation leaves behind: with `--json` as a file. */
export interface SimulationResult {
  readonly task: string;
  readonly participants: number;
  readonly seed: number;
  readonly seal: 'on' | 'off';
  readonly partition: SimulationSettings['partition'];
  readonly drop: number;
  readonly attack: SimulationSettings['attack'];
  readonly config: RunConfig;
  /** Of the model; null when no sum was opened. */
  readonly parameters: number | null;
  /** Bytes of one ciphertext / parameters; in a plain simulation what they would be. Null when there was no round. */
  readonly bytesPerParameter: number | null;
  /** Every opened sum equals the sum of the quantised updates, level by level; null where nothing was opened. */
  readonly sumExact: boolean | null;
  readonly initial: { readonly model: string; readonly testAccuracy: number; readonly testLoss: number };
  /** The model that did best on held-out examples: that of a published round, or of round 0. */
  readonly best: RunSummary['best'];
  /** Whether the run came to its end; it may have been stopped, or have given up. */
  readonly finished: boolean;
  /** Why it ended before its last round; null when it did not. */
  readonly note: string | null;
  /** The published ones. */
  readonly rounds: readonly Omit<SimulatedPublished, 'kind'>[];
  readonly abandoned: readonly {
    readonly round: number;
    readonly reason: string;
    readonly caught: number;
    readonly tooLong: number;
  }[];
}

export function isPublished(round: SimulatedRound): round is SimulatedPublished {
  return round.kind === 'published';
}

/** What a table of the rounds holds, in its columns' order. */
const COLUMNS = [
  'round',
  'kind',
  'reason',
  'contributors',
  'caught',
  'tooLong',
  'testAccuracy',
  'testLoss',
  'trainAccuracy',
  'trainLoss',
  'norm',
  'saturated',
  'learningRate',
  'epsilon',
  'sealMs',
  'uploadBytes',
  'openMs',
  'model',
] as const;

/** One line a round, the initial model as round 0; a field is empty where there is nothing to say. */
export function formatCsv({ initial }: Pick<SimulationResult, 'initial'>, rounds: readonly SimulatedRound[]): string {
  const rows: Readonly<Record<string, unknown>>[] = [{ round: 0, kind: 'initial', ...initial }, ...rounds];
  const line = (row: Readonly<Record<string, unknown>>) => COLUMNS.map((column) => String(row[column] ?? '')).join(',');
  return [COLUMNS.join(','), ...rows.map(line), ''].join('\n');
}
