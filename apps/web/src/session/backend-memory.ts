import type { BackendName, PreparedBackend } from '@sotto/learner/backend';
import { keepChoice, recallChoice } from '../ui/choices.ts';

export const BACKENDS: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

const isBackend = (name: unknown): name is BackendName => BACKENDS.some((known) => known === name);

/** What to compute with: what the link asks for, else what the person chose here; null: whatever is fastest. */
export function wishedBackend(asked: string | null = null): BackendName | null {
  const wish = asked ?? recallChoice('backend');
  return isBackend(wish) ? wish : null;
}

export function keepWish(wish: BackendName | null): void {
  keepChoice('backend', wish);
}

/** What the test of the backends found here last time. */
export function recallBackends(): PreparedBackend | null {
  try {
    return readBackends(JSON.parse(recallChoice('backends') ?? 'null'));
  } catch {
    return null;
  }
}

export function keepBackends(found: PreparedBackend): void {
  keepChoice('backends', JSON.stringify(found));
}

/** Whatever lies in the storage, another version of this page may have written it. */
export function readBackends(kept: unknown): PreparedBackend | null {
  const { backend, machine, report } = (kept ?? {}) as Record<string, unknown>;
  const sound =
    isBackend(backend) &&
    typeof machine === 'string' &&
    Array.isArray(report) &&
    report.every((one) => isBackend(one?.name) && typeof one.finding === 'string');
  return sound ? (kept as PreparedBackend) : null;
}
