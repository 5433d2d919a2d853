import { advance } from '@sotto/fl-core/strategy/strategy';
import type { StrategyState } from '@sotto/protocol/state-file';
import { Strategy } from '@sotto/protocol/strategy';
import {
  type CaseResult,
  compare,
  compareNote,
  createFieldReader,
  FormatError,
  runCase,
  runCases,
} from './vector-file.ts';

/** Integers of the file are in units of this. */
const UNIT = 2 ** -16;
const MOST_UNITS = 2 ** 24;

/** Recomputes strategies.json: the weights and moments that each strategy makes, round for round, of the means given. */
export async function verifyStrategies(vector: unknown): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const file = await runCase('strategies', async () => {
    const reader = createFieldReader(vector);
    const note = reader.text('note');
    const listed = reader.list('cases');
    results.push(...(await runCases('strategies', listed, async (found) => compare(found, recompute(found)))));
    return [...compareNote(note, [2, 16, 32, 32, 0]), ...compare(vector, { note, cases: listed })];
  });
  return [file, ...results];
}

function recompute(found: unknown): unknown {
  const reader = createFieldReader(found);
  const parsed = Strategy.safeParse((found as { strategy?: unknown }).strategy);
  if (!parsed.success) throw new FormatError('strategy is none that is known');
  const strategy = parsed.data;
  const clip = reader.integer('clip', 1, MOST_UNITS);
  const start = reader.integers('start', MOST_UNITS);
  let weights = Float32Array.from(start, (units) => units * UNIT);
  let state: StrategyState | null = null;
  const rounds = reader.list('rounds').map((round, r) => {
    const mean = createFieldReader(round, `rounds[${r}]`).integers('mean', MOST_UNITS);
    if (mean.length !== start.length) throw new FormatError(`rounds[${r}].mean has another length than start`);
    const scaled = Float64Array.from(mean, (units) => units * UNIT);
    const made = advance({ strategy, weights, mean: scaled, state, clip: clip * UNIT });
    ({ weights, state } = made);
    return { mean, weights: bitsOf(weights), m: bitsOf(made.state?.m ?? null), v: bitsOf(made.state?.v ?? null) };
  });
  return { strategy, clip, start, rounds };
}

function bitsOf(values: Float32Array | null): string[] | null {
  if (values === null) return null;
  const view = new DataView(new ArrayBuffer(4));
  return Array.from(values, (value) => {
    view.setFloat32(0, value);
    return view.getUint32(0).toString(16).padStart(8, '0');
  });
}
