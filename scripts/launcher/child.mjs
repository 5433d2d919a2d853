import { spawn } from 'node:child_process';

/** @typedef {{ code: number, signal: NodeJS.Signals | null, stdout: string, printed: string }} Ended */

const KEPT = 256 * 1024;

/** For npm and pnpm: without a network they would be silent for more than a minute between their retries. */
export const HASTE = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];

/**
 * Passes the signals that end a program on to the child while it lives. Ctrl-C on a terminal already reaches the whole
 * foreground group; a second one from here would look like an impatient user.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} stops passing them on
 */
function passSignals(child) {
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    if (signal !== 'SIGINT' || !terminal) child.kill(signal);
  };
  /** @type {readonly NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}

/**
 * npm tells nobody when it is killed: only its shell dies with it. A command that npm started ends with npm, or a port stays taken.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} stops watching
 */
function endWithNpm(child) {
  if (!process.env.npm_lifecycle_event || process.ppid === 1) return () => {};
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 1000);
  watch.unref();
  return () => clearInterval(watch);
}

/**
 * Ends this process as the child ended, so that shells and supervisors see the same exit code or signal.
 * @param {{ code: number, signal: NodeJS.Signals | null }} ended
 */
export function endLike({ code, signal }) {
  if (signal === null) process.exit(code);
  process.kill(process.pid, signal);
}

/**
 * Runs a tool for the launcher itself, silently. What it printed is kept (the last 256 KiB) to be shown and diagnosed
 * when it fails. A signal that ends the tool ends the launcher.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, shell?: boolean }} options
 * @returns {Promise<Ended>}
 */
export function run(command, args, { cwd, env, shell }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const stopPassing = passSignals(child);
    let stdout = '';
    let printed = '';
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      printed = (printed + chunk.toString()).slice(-KEPT);
    };
    child.stdout.on('data', (chunk) => {
      stdout += chunk.toString();
      keep(chunk);
    });
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      stopPassing();
      reject(error);
    });
    child.on('close', (code, signal) => {
      stopPassing();
      if (signal !== null) endLike({ code: 1, signal });
      resolve({ code: code ?? 1, signal, stdout, printed });
    });
  });
}

/**
 * Hands the terminal over to the command: its input, output, signals and exit are the launcher's own.
 * @param {string} command
 * @param {readonly string[]} args passed as they are; no shell sees them
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number, signal: NodeJS.Signals | null }>}
 */
export function handOver(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit' });
    const stopPassing = passSignals(child);
    const stopWatching = endWithNpm(child);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      stopPassing();
      stopWatching();
      resolve({ code: code ?? 1, signal });
    });
  });
}
