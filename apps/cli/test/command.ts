import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
export const VECTORS = fileURLToPath(new URL('../../../test-vectors', import.meta.url));

export interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `sotto` as a process of its own, to its end. */
export function sotto(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  engine: readonly string[] = [],
): Promise<Ended> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', ...engine, MAIN, ...args],
      { env },
      (error, stdout, stderr) => resolve({ code: error ? (error.code ?? null) : 0, stdout, stderr }),
    );
  });
}

/** Runs `sotto` until it says something, on stderr, then presses Ctrl-C, or kills it, and waits for its end. */
export async function interrupted(
  args: readonly string[],
  said: RegExp,
  signal: 'SIGINT' | 'SIGKILL' = 'SIGINT',
): Promise<Ended> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args]);
  const told = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      const before = said.test(told.stderr);
      told[stream] += text;
      if (!before && said.test(told.stderr)) child.kill(signal);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...told };
}

/** A folder that is gone with the scope. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'sotto-cli-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
