import { median } from '@sotto/coordinator/rounds/outcome';
import type { OpenedRound } from '@sotto/coordinator/rounds/round-ports';
import { parametersOf } from '@sotto/protocol/plan';
import type { PublishedRound } from '@sotto/protocol/run';
import type { RoundResult, RunResult } from '../result.ts';

interface Sealed {
  readonly ms: number;
  readonly bytes: number;
}

/** Phases between the freeze and the opened sum. */
const OPENING_PHASES = ['checking', 'judging', 'voting', 'opening'];

/**
 * Gathers a run's figures from both ends: what participants in this process sealed and sent, and what the coordinator opened.
 * Only here, in a simulation, do the plain levels of a participant leave its sealing worker.
 */
export function createMeasurements() {
  /** Levels by plan and device, until the plan's sum is opened. */
  const witnessed = new Map<string, Map<string, Int32Array>>();
  const seals = new Map<string, Sealed>();
  const rounds: RoundResult[] = [];
  const opened = new Map<number, readonly string[]>();
  let ciphertextBytes: number | null = null;
  let parameters: number | null = null;
  let exact = true;
  let unmeasured = false;

  return {
    sealed(device: string, sealed: Sealed): void {
      seals.set(device, sealed);
      ciphertextBytes = sealed.bytes;
    },
    witness(device: string, planHash: string, levels: Int32Array): void {
      const devices = witnessed.get(planHash) ?? new Map<string, Int32Array>();
      witnessed.set(planHash, devices.set(device, levels));
    },
    opened({ round, planHash, contributors, levels, encoding }: OpenedRound): void {
      const devices = witnessed.get(planHash);
      // Not a round of the participants that are measured.
      if (!devices) return;
      parameters = parametersOf(encoding);
      // Of somebody from elsewhere nobody here knows what it sealed.
      if (!contributors.every((device) => devices.has(device))) unmeasured = true;
      else exact &&= isSum(levels, contributors, devices);
      opened.set(round, [...(opened.get(round) ?? []), ...contributors]);
      witnessed.delete(planHash);
    },
    /** No sum of this round, or of one before it, will be opened any more. */
    over(): void {
      witnessed.clear();
    },
    /** @param sentBy bytes a device sent for this round */
    published({ round, testAccuracy, phases }: PublishedRound, sentBy: (device: string) => number): RoundResult {
      const contributors = opened.get(round) ?? [];
      const result = {
        round,
        contributors: contributors.length,
        testAccuracy,
        sealMs: median(contributors.flatMap((device) => seals.get(device)?.ms ?? [])),
        uploadBytes: median(contributors.map(sentBy)),
        openMs: OPENING_PHASES.reduce((total, phase) => total + (phases[phase] ?? 0), 0),
      };
      rounds.push(result);
      return result;
    },
    result: (task: string): RunResult => ({
      task,
      parameters,
      bytesPerParameter: ciphertextBytes === null || parameters === null ? null : ciphertextBytes / parameters,
      sumExact: !exact ? false : unmeasured || opened.size === 0 ? null : true,
      rounds,
    }),
  };
}

export type Measurements = ReturnType<typeof createMeasurements>;

/** Level by level. */
function isSum(
  opened: Float64Array,
  contributors: readonly string[],
  levels: ReadonlyMap<string, Int32Array>,
): boolean {
  const expected = new Float64Array(opened.length);
  for (const device of contributors) {
    const own = levels.get(device);
    if (own?.length !== opened.length) return false;
    for (let i = 0; i < own.length; i++) expected[i]! += own[i]!;
  }
  return expected.every((sum, i) => sum === opened[i]);
}
