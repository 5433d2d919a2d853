// A whole coordinator in a process of its own, which ends itself where it is told to: no handler runs, nothing is flushed or closed.
import { appendFileSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { startCoordinator } from '../../src/main.ts';
import type { Opened, Orders, Word } from './orders.ts';

const { settings, run, kill, opened, log, record } = JSON.parse(process.argv[2]!) as Orders;
const hits = new Map<string, number>();

// Not through a stream: what was said before the end must have been said.
const say = (word: Word) => void writeSync(1, `${JSON.stringify(word)}\n`);

function failpoint(name: string): undefined | Promise<never> {
  const nth = (hits.get(name) ?? 0) + 1;
  hits.set(name, nth);
  if (record) say({ says: 'passed', failpoint: name });
  if (kill?.failpoint !== name || kill.nth !== nth) return undefined;
  const end = () => {
    say({ says: 'killed', failpoint: name });
    process.kill(process.pid, 'SIGKILL');
  };
  if (kill.lingerMs === 0) end();
  else setTimeout(end, kill.lingerMs);
  return new Promise(() => {});
}

// Ends with its parent, however that ends: the pipe closes.
process.stdin.once('close', () => process.kill(process.pid, 'SIGKILL')).resume();

const coordinator = await startCoordinator(readConfig(settings), {
  tasksDirs: [],
  logger: pino({ level: 'info' }, pino.destination({ dest: log, sync: true })),
  failpoint,
  onOpened: ({ planHash, contributors, levels }) =>
    appendFileSync(opened, `${JSON.stringify({ planHash, contributors, levels: [...levels] } satisfies Opened)}\n`),
});
const { runs } = coordinator;
const tell = () =>
  say({ says: 'runs', states: Object.fromEntries(runs.list().map((summary) => [summary.run, summary.state])) });
runs.onChange(tell);
process.once('SIGTERM', () => {
  void coordinator.close().then(() => process.exit(0));
});
say({ says: 'up', url: coordinator.localUrl, adminToken: coordinator.adminToken, pid: process.pid });
// Whoever is killed would not leave it to the next one.
flushCompileCache();
if (run && runs.list().length === 0) await runs.create(run);
tell();
