import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { FAILED, PASSED, type Tally } from './tally.ts';

export const ROOT = join(import.meta.dirname, '..');

/** One command whose success is one passed test. */
export interface Step {
  title: string;
  command: string;
  args: readonly string[];
}

const QUIET_TOOLS = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' };

/** The path of a tool that the workspace root depends on. */
export function tool(name: string): string {
  return join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}

/** A step that hangs must end a CI run with a name, not with the machine's own limit. */
const STEP_LIMIT_MS = 300_000;

/** Runs a command in the root with our own input and output; resolves to its exit code (1 for a signal). */
export function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  limitMs?: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...QUIET_TOOLS, ...env },
      shell: command.endsWith('.cmd'),
      stdio: 'inherit',
      timeout: limitMs,
    });
    const stop = (): void => {
      child.kill('SIGTERM');
    };
    process.once('SIGTERM', stop);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', stop);
      if (signal !== null)
        console.log(`ended by ${signal}${limitMs === undefined ? '' : ` (limit ${limitMs / 1000} s)`}`);
      resolve(code ?? 1);
    });
  });
}

export async function runStep({ title, command, args }: Step, env?: NodeJS.ProcessEnv): Promise<Tally> {
  return timed(title, async () => ((await runCommand(command, args, env, STEP_LIMIT_MS)) === 0 ? PASSED : FAILED));
}

/** Announces a part of the tests, and how it ended and how long it took. */
export async function timed(title: string, work: () => Promise<Tally>): Promise<Tally> {
  console.log(`\n── ${title}`);
  const began = performance.now();
  const tally = await work();
  console.log(
    `── ${title}: ${tally.failed === 0 ? 'ok' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  );
  return tally;
}
