import './dispose.ts';
import SEAL, { type InitializeOptions, type MainModule } from 'node-seal/allows';
import { InvariantError } from '../invariant-error.ts';

// node-seal's own locateFile breaks bundling; without it Emscripten's `new URL(…, import.meta.url)` works in Node, in
// Vite's dev server and in its builds. `allows`, not `throws`: polynomials travel without their public halves, which
// the other build takes for transparent ciphertexts.
const options: Record<string, unknown> = { locateFile: undefined };
let loading: Promise<MainModule> | undefined;

/** Waits between attempts to fetch SEAL's WebAssembly: a server that restarts is back by then. */
const RETRY_MS = [500, 1000, 2000, 4000, 8000];

/** The one SEAL instance of this thread. What failed to load is loaded anew by the next call. */
export function loadSeal(): Promise<MainModule> {
  loading ??= load().catch((cause: unknown) => {
    loading = undefined;
    throw new Error(`SEAL could not be loaded: ${describe(cause)}`, { cause });
  });
  return loading;
}

async function load(): Promise<MainModule> {
  for (const wait of RETRY_MS) {
    try {
      return await SEAL(options as InitializeOptions);
    } catch (cause) {
      // An engine that cannot compile it never will; a network comes back.
      if (!/network|fetch|load failed/i.test(describe(cause))) throw cause;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return SEAL(options as InitializeOptions);
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
