import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Kill, Orders, Word } from './orders.ts';

/** Start after start, the same modules. */
const COMPILED = join(tmpdir(), 'sotto-crash-compiled');

export interface Whereabouts {
  readonly url: string;
  readonly adminToken: string;
  readonly pid: number;
}

export interface ProcessEvents {
  /** It listens, there and for the first or another time. */
  readonly up: (at: Whereabouts) => void;
  readonly killed: (kill: Kill) => void;
  readonly passed: (failpoint: string) => void;
  readonly runs: (states: Readonly<Record<string, string>>) => void;
  /** It ended though nobody killed it. */
  readonly fell: (why: string) => void;
}

/** A coordinator that is started again each time it is killed, with the next of `kills` to die of, and in the end with none. */
export function createCoordinatorProcess(
  orders: Omit<Orders, 'kill'>,
  kills: readonly Kill[],
  events: ProcessEvents,
): { start(): void; stop(): Promise<void>; abort(): void } {
  const left = [...kills];
  let child: ChildProcess | undefined;
  let stopping = false;

  function start(): void {
    const kill = left.shift() ?? null;
    const given: Orders = { ...orders, kill };
    const args = [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'child.ts'),
      JSON.stringify(given),
    ];
    const own = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    });
    child = own;
    let ended: string | undefined;
    let errors = '';
    own.stderr.on('data', (chunk: Buffer) => {
      errors = `${errors}${chunk}`.slice(-4000);
    });
    createInterface({ input: own.stdout }).on('line', (line) => {
      const word = JSON.parse(line) as Word;
      if (word.says === 'up') events.up(word);
      else if (word.says === 'passed') events.passed(word.failpoint);
      else if (word.says === 'runs') events.runs(word.states);
      else ended = word.failpoint;
    });
    // `close` comes when everything it said has been read.
    own.on('close', (code, signal) => {
      if (stopping) return;
      if (kill && ended !== undefined && signal === 'SIGKILL') {
        events.killed(kill);
        start();
      } else {
        events.fell(`the coordinator ended with ${signal ?? code}: ${errors.trim()}`);
      }
    });
  }

  return {
    start,
    /** As an operator ends it. */
    async stop() {
      stopping = true;
      const own = child;
      if (!own || own.exitCode !== null || own.signalCode !== null) return;
      const closed = new Promise((resolve) => own.on('close', resolve));
      own.kill('SIGTERM');
      const impatience = setTimeout(() => own.kill('SIGKILL'), 10_000);
      await closed;
      clearTimeout(impatience);
    },
    abort() {
      stopping = true;
      child?.kill('SIGKILL');
    },
  };
}
