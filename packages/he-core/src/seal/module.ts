import './dispose.ts';
import SEAL, { type InitializeOptions, type MainModule } from 'node-seal/allows';
import { InvariantError } from '../invariant-error.ts';

// node-seal's own locateFile breaks bundling; without it Emscripten's `new URL(…, import.meta.url)` works in Node, in
// Vite's dev server and in its builds. `allows`, not `throws`: polynomials travel without their public halves, which
// the other build takes for transparent ciphertexts.
const options: Record<string, unknown> = { locateFile: undefined };
let loading: Promise<MainModule> | undefined;

/** The one SEAL instance of this thread. */
export function loadSeal(): Promise<MainModule> {
  loading ??= SEAL(options as InitializeOptions);
  return loading;
}

/** Runs SEAL code; whatever it throws (WASM exceptions are not Errors) becomes an InvariantError. */
export function guard<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new InvariantError(`SEAL failed to ${what}: ${describe(cause)}`, { cause });
  }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
