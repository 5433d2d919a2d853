import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileBlobs } from '../../src/blobs/files.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createSqlStore } from '../../src/store/sql-store.ts';
import { createAdmin } from './admin.ts';
import { createCoordinatorProcess, type Whereabouts } from './coordinator-process.ts';
import { newDatabase } from './database.ts';
import { createDevice, type Fate, SEALING } from './device.ts';
import { createFacts } from './facts.ts';
import { judge, type Verdict } from './oracle.ts';
import type { Kill } from './orders.ts';
import type { Plot, Stage } from './script.ts';
import { makeTask } from './task.ts';

export interface Case {
  readonly plot: Plot;
  /** What each coordinator process dies of, one after the other. */
  readonly kills: readonly Kill[];
  /** What devices die of, by index. */
  readonly fates: ReadonlyMap<number, Fate>;
  /** URL of a PostgreSQL server's superuser; null: SQLite. */
  readonly server: string | null;
  /** Tell the way it went. */
  readonly record?: boolean;
  /** It has failed when it has not ended by then, however much goes on. */
  readonly limitMs?: number;
}

export interface Played extends Verdict {
  readonly killed: readonly Kill[];
  /** Devices that died. */
  readonly deaths: number;
  /** Uploads that went on in the middle. */
  readonly resumed: number;
  /** Failpoints in the order they were passed, when asked for. */
  readonly passed: readonly string[];
}

const LIMIT_MS = 600_000;
/** It has failed when nothing was heard for so long, of the coordinator or at any device: how slow a machine is matters less. */
const QUIET_MS = 60_000;
const LOOK_MS = 5000;

const sleep = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms));

/** Plays one case to the end of its runs, kills and all, and judges what came out. */
export async function play({ plot, kills, fates, server, record = false, limitMs = LIMIT_MS }: Case): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-crash-'));
  const paths = { data: join(folder, 'data'), opened: join(folder, 'opened.jsonl'), log: join(folder, 'log.jsonl') };
  writeFileSync(paths.opened, '');
  const facts = createFacts(() => quiet.refresh());
  const killed: Kill[] = [];
  const passed: string[] = [];
  const problems: string[] = [];
  let deaths = 0;
  let over = false;
  let at: Whereabouts | undefined;
  let states: Readonly<Record<string, string>> = {};
  const { promise: fallen, reject: fall } = Promise.withResolvers<never>();
  fallen.catch(() => {});
  const giveUp = (what: string) => fall(new Error(`${what}: ${JSON.stringify(states)}`));
  const quiet = setTimeout(giveUp, QUIET_MS, `nothing was heard for ${QUIET_MS} ms`);
  const limit = setTimeout(giveUp, limitMs, `it did not end in ${limitMs} ms`);

  const script = (await plot.script?.()) ?? {};
  const database = server === null ? null : await newDatabase(server);
  const devices = Array.from({ length: plot.devices }, (_, index) =>
    createDevice({
      folder: join(folder, `device-${index}`),
      index,
      facts,
      fate: fates.get(index),
      invite: () => script.invite?.(index) ?? null,
      beforeLearning: () => script.beforeLearning?.(index),
      sealing: script.sealing?.(index, SEALING) ?? SEALING,
      onDeath(device) {
        deaths += 1;
        device.revive().catch(fall);
      },
    }),
  );
  const coordinator = createCoordinatorProcess(
    {
      settings: {
        SOTTO_DATA_DIR: paths.data,
        PORT: '0',
        SOTTO_TASKS_DIR: makeTask(plot.task),
        ...(database && { SOTTO_DATABASE_URL: database.url }),
      },
      run: plot.run,
      opened: paths.opened,
      log: paths.log,
      record,
    },
    kills,
    {
      up(now) {
        quiet.refresh();
        at = now;
        for (const device of devices) device.connect(now.url);
      },
      killed(kill) {
        quiet.refresh();
        killed.push(kill);
      },
      passed: (failpoint) => passed.push(failpoint),
      runs(now) {
        quiet.refresh();
        states = now;
      },
      fell: (why) => fall(new Error(why)),
    },
  );

  async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
    for (;;) {
      // What a device that dies was asked for never comes.
      const given = Promise.resolve().then(look);
      const found = await Promise.race([given, sleep(LOOK_MS)]).catch(() => undefined);
      if (found) return found;
      if (over) throw new Error('the case is over');
      await sleep(10);
    }
  }

  async function joinAll(): Promise<void> {
    // Presence is in the order of coming, and the committee in that of presence.
    for (const [index, device] of devices.entries()) {
      await script.beforeJoining?.(index);
      // It may die on the way, and come to life again elsewhere.
      device.revive().catch(fall);
      await until(() => device.participant().state().connection === 'connected');
    }
  }

  const stage: Stage = {
    devices,
    admin: createAdmin(() => at!),
    at: () => at!,
    until,
    runs: () => states,
    acknowledged: () => facts.acknowledged.length,
    log: paths.log,
  };
  let verdict: Verdict = { lost: 0, doubled: 0, problems: [] };
  try {
    coordinator.start();
    const story = (async () => {
      await until(() => at);
      await Promise.all([joinAll(), script.act?.(stage)]);
      await until(() => {
        const now = Object.values(states);
        const ended = script.mayStop ? now.length > 0 : now.at(-1) === 'finished';
        return ended && now.every((state) => state === 'finished' || state === 'stopped');
      });
    })();
    await Promise.race([story, fallen]);
    story.catch(() => {});
    await coordinator.stop();
    const db = await openDatabase({ url: database?.url ?? null, path: join(paths.data, 'sotto.sqlite') });
    const store = createSqlStore(db);
    verdict = await judge(store, createFileBlobs(join(paths.data, 'blobs')), paths.opened, facts);
    problems.push(...((await script.examine?.(store)) ?? []), ...halfWritten(paths.data));
    await db.destroy();
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  } finally {
    over = true;
    clearTimeout(quiet);
    clearTimeout(limit);
    coordinator.abort();
    for (const device of devices) device.die();
    await database?.drop();
  }
  problems.push(...verdict.problems);
  // What failed can be looked at.
  if (problems.length === 0) rmSync(folder, { recursive: true });
  else problems.push(`its folder is ${folder}`);
  return { ...verdict, problems, killed, deaths, resumed: facts.resumed, passed };
}

/** A restart clears away what a write did not come to an end with. */
function halfWritten(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.tmp')).map((name) => `${name} was left behind`);
}
