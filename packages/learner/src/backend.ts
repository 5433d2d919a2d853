import { messageOf, TrainingError } from './training-error.ts';

export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** One of the engines TF.js can compute with, as far as choosing needs to know it. */
export interface Backend {
  readonly name: BackendName;
  /** Why not to use it unless forced (`absent`, `software`); undefined when it looks real. */
  readonly fault: () => Promise<string | undefined>;
  /** Loads it and makes it the current one; also brings it back after its GPU was lost. */
  readonly activate: () => Promise<void>;
}

/** What the canary found on one backend. */
export interface BackendReport {
  readonly name: BackendName;
  readonly passed: boolean;
  readonly finding: 'right' | 'wrong' | 'absent' | 'software' | 'late' | 'unneeded' | 'failed';
  /** Time of the canary's timed steps; undefined when it did not get that far. */
  readonly ms: number | undefined;
  /** The finding in words, with what was found. */
  readonly reason: string;
}

export interface BackendChoice {
  readonly backend: BackendName;
  /** In the order tried. */
  readonly report: readonly BackendReport[];
}

export interface PreparedBackend extends BackendChoice {
  /** What the choice holds for: browser, GPU, version of TF.js. */
  readonly machine: string;
  /** Whether the report is of an earlier test on the same machine; then the backend itself was tried again, and nothing else. */
  readonly remembered: boolean;
}

export interface ChoicePorts {
  /** In the order they are tried: `webgpu`, `webgl`, `wasm`, `cpu`. */
  readonly available: readonly Backend[];
  /** Trains a tiny model on the current backend: the timed steps' duration, and what it computed wrongly, if anything. */
  readonly canary: () => Promise<{ ms: number; fault: string | undefined }>;
  /** Settles after so many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** A backend that needs longer than this to load and train the canary is as good as broken, … */
const CANARY_CAP_MS = 3000;
/** … unless somebody forced it, or it is the processor itself and nothing better is left: that may only be busy. */
const PATIENT_CAP_MS = 30_000;

/**
 * The fastest backend that trains a tiny model to known numbers, made current. Software GPUs are passed over unless forced, and plain
 * JavaScript, always the slowest, is tried only when nothing else passed. `force` tries that one alone.
 * @throws TrainingError `no_backend`
 */
export async function chooseBackend({ available, canary, sleep }: ChoicePorts, force?: string): Promise<BackendChoice> {
  const candidates = available.filter(({ name }) => force === undefined || name === force);
  if (candidates.length === 0)
    throw new TrainingError(
      'no_backend',
      `There is no backend called "${force}" here. Choose one of ${available.map(({ name }) => name).join(', ')}.`,
    );
  const report: BackendReport[] = [];
  for (const backend of candidates) {
    if (backend.name === 'cpu' && report.some(({ passed }) => passed))
      report.push({ name: 'cpu', passed: false, finding: 'unneeded', ms: undefined, reason: 'not needed' });
    else {
      const remains = ['wasm', 'cpu'].includes(backend.name) && !report.some(({ passed }) => passed);
      const capMs = force !== undefined || remains ? PATIENT_CAP_MS : CANARY_CAP_MS;
      report.push(await tryBackend(backend, { canary, sleep, forced: force !== undefined, capMs }));
    }
  }
  const [fastest] = report.filter(({ passed }) => passed).sort((a, b) => (a.ms ?? 0) - (b.ms ?? 0));
  if (fastest === undefined)
    throw new TrainingError(
      'no_backend',
      `Nothing here can train a model: ${report.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}. Try another browser or device.`,
    );
  await available.find(({ name }) => name === fastest.name)!.activate();
  return { backend: fastest.name, report };
}

async function tryBackend(
  { name, fault, activate }: Backend,
  { canary, sleep, forced, capMs }: Pick<ChoicePorts, 'canary' | 'sleep'> & { forced: boolean; capMs: number },
): Promise<BackendReport> {
  const failed = (finding: BackendReport['finding'], reason: string) => ({
    name,
    passed: false,
    finding,
    ms: undefined,
    reason,
  });
  const tooLate = failed('late', `did not answer within ${capMs / 1000} seconds`);
  let late = false;
  const trial = async () => {
    const reason = await fault();
    if (reason === 'absent') return failed('absent', 'not on this device');
    if (reason !== undefined && !forced)
      return failed('software', 'played by software, slower than the processor itself');
    // Whoever comes late must not take the place of the one chosen meanwhile.
    if (late) return tooLate;
    await activate();
    if (late) return tooLate;
    const { ms, fault: wrong } = await canary();
    if (wrong !== undefined) return { ...failed('wrong', wrong), ms };
    return { name, passed: true, finding: 'right' as const, ms, reason: 'computes the known numbers' };
  };
  const tooSlow = async () => {
    await sleep(capMs);
    late = true;
    return tooLate;
  };
  try {
    return await Promise.race([trial(), tooSlow()]);
  } catch (error) {
    return failed('failed', messageOf(error));
  }
}
