import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';

const SOTTO = join(import.meta.dirname, '../../../apps/cli/src/main.ts');
/** Examples of each: they are done before the tab is. */
const EXAMPLES = '60';

/** Headless participants, each a process that gives way to every other. */
export function startNeighbours(count: number, url: string, task: string): { stop(): Promise<void> } {
  const processes: ChildProcess[] = [];
  for (let index = 1; index <= count; index++) {
    const args = ['join', '--url', url, '--task', task, '--shard', `${index}/20`, '--limit', EXAMPLES];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SOTTO, ...args], {
      stdio: 'ignore',
    });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    processes.push(child);
  }
  return {
    async stop() {
      for (const child of processes) child.kill('SIGTERM');
      await Promise.all(processes.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    },
  };
}
