import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { isRejection } from '@sotto/protocol/rejection';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Blobs } from '../src/blobs/blobs.ts';
import { createFileBlobs } from '../src/blobs/files.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { startCoordinator } from '../src/main.ts';
import { openDatabase } from '../src/store/database.ts';
import { createSqlStore } from '../src/store/sql-store.ts';
import type { Store } from '../src/store/store.ts';
import { Unavailable } from '../src/unavailable.ts';
import {
  createGuest,
  type Guest,
  type Hall,
  type HallOptions,
  newFolder,
  openHall,
  PARAMETERS,
  TASK,
  until,
} from './hall.ts';
import { createMockClock } from './mock-clock.ts';
import { cutConnections, describeOnPostgres, newDatabase } from './postgres.ts';
import { makeTasks } from './task-folder.ts';

/** Plays one round of three devices over a machine with faults, and lets time pass as it would. */
async function play(options: Omit<HallOptions, 'clock'>, during: (hall: Hall) => Promise<void> = async () => {}) {
  const clock = createMockClock();
  // Slower than deadlines come, faster than anybody would wait.
  const ticking = setInterval(() => clock.advance(50), 5);
  const hall = await openHall({ ...options, clock });
  const guests: Guest[] = [];
  try {
    for (const delta of [0.1, 0.2, 0.3]) {
      const guest = await createGuest(clock, { delta });
      guests.push(guest);
      guest.wire.connect(hall);
      await guest.participant.join();
    }
    await until('all are in', () => hall.sessions.present(TASK).length === 3);
    await until('the run begins', () => begin(hall));
    await during(hall);
    const summary = await until('the run is finished', () => {
      const [run] = hall.runs.list();
      return run?.state === 'finished' && run;
    });
    const stored = await until('the store can be read', () => hall.store.runs().catch(() => false as const));
    return { hall, guests, errors: [...hall.errors], summary, stored };
  } finally {
    clearInterval(ticking);
    for (const { participant } of guests) await participant.leave();
    await hall.crash();
  }
}

/** Time goes fast here; the machine is what is tried, not deadlines. */
const PATIENT = { keysMs: 300_000, checkMs: 300_000, voteMs: 300_000, openMs: 300_000 };

/** As an admin does who is told to try again; a run may have begun although the answer says otherwise. */
async function begin(hall: Hall): Promise<boolean> {
  const run = await hall.runs.create({ task: TASK, rounds: 1, durations: PATIENT }).catch((error: unknown) => {
    expect(error).toBeInstanceOf(Unavailable);
    return null;
  });
  return run !== null && (!isRejection(run) || run.rejected === 'run_running');
}

function expectExact({ hall, guests, errors, summary }: Awaited<ReturnType<typeof play>>, where: string): void {
  expect(errors, where).toEqual([]);
  expect(hall.runs.list(), where).toHaveLength(1);
  expect(summary.rounds, where).toMatchObject([{ kind: 'published', round: 1, contributors: 3 }]);
  const { planHash, levels } = hall.opened.at(-1)!;
  const expected = Float64Array.from({ length: PARAMETERS }, (_, i) =>
    guests.reduce((sum, guest) => sum + guest.sealed.get(planHash)![i]!, 0),
  );
  expect(levels, where).toEqual(expected);
}

/** The port, whose `nth` call of these does everything and yet fails, and whose next does nothing and fails. */
function failing<Port extends object>(
  port: Port,
  calls: readonly (keyof Port & string)[],
  nth: number,
  hit: () => void,
): Port {
  let count = 0;
  const guarded = calls.map((name) => {
    const call = port[name] as (...args: unknown[]) => Promise<unknown>;
    const failingCall = async (...args: unknown[]) => {
      count += 1;
      const own = count;
      if (own === nth + 1) throw new Unavailable('the disk is full');
      const answer = await call(...args);
      if (own !== nth) return answer;
      hit();
      throw new Unavailable('the answer was lost');
    };
    return [name, failingCall];
  });
  return { ...port, ...Object.fromEntries(guarded) };
}

const STORE = [
  'addRun',
  'setRunState',
  'addRound',
  'append',
  'conclude',
  'heard',
] as const satisfies readonly (keyof Store)[];
const BLOBS = ['write', 'append', 'remove', 'read', 'readRange', 'size'] as const satisfies readonly (keyof Blobs)[];

describe('a fault of the machine', () => {
  it('at any one write to the store, done or not, and at the next, costs the round time and nothing else', async () => {
    for (let nth = 1, fell = true; fell; nth++) {
      fell = false;
      const played = await play({ wrap: (store) => failing(store, STORE, nth, () => (fell = true)) });
      expectExact(played, `write ${nth}`);
      expect(played.stored, `write ${nth}`).toMatchObject([{ state: 'finished' }]);
    }
  });

  it('at a use of a blob, done or not, and at the next, costs the round time and nothing else', async () => {
    for (let nth = 1, fell = true; fell; nth += 4) {
      fell = false;
      expectExact(await play({ wrapBlobs: (blobs) => failing(blobs, BLOBS, nth, () => (fell = true)) }), `use ${nth}`);
    }
  });
});

describe('a disk that is full', () => {
  it('refuses a value to SQLite as Unavailable and whole, and takes it when there is room again', async () => {
    const folder = newFolder();
    const db = await openDatabase({ url: null, path: join(folder, 'sotto.sqlite') });
    const store = createSqlStore(db);
    await sql`PRAGMA max_page_count = 1`.execute(db);
    const large = 'x'.repeat(1e6);
    await expect(store.remember('large', large)).rejects.toThrow(
      /sotto\.sqlite \(SQLITE_FULL\): No space .* free some/,
    );
    await expect(store.remember('large', large)).rejects.toThrow(Unavailable);
    expect(await store.recall('large')).toBeUndefined();
    await sql`PRAGMA max_page_count = 1000000`.execute(db);
    expect(await store.remember('large', large)).toBe(large);
    await store.close();
  });

  it('refuses a blob as Unavailable, and leaves nothing of it', async () => {
    const folder = newFolder();
    const blobs = createFileBlobs(folder, (step) => {
      // As the system says it; where it says so itself is below.
      if (String(step).endsWith('temporary')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    await expect(blobs.write('models/a', Uint8Array.of(1))).rejects.toThrow(/\(ENOSPC\): No space .* free some/);
    expect(readdirSync(join(folder, 'models'))).toEqual([]);
    // Whatever is written to this device finds no room.
    mkdirSync(join(folder, 'uploads'));
    symlinkSync('/dev/full', join(folder, 'uploads/b'));
    await expect(blobs.append('uploads/b', Uint8Array.of(1))).rejects.toThrow(Unavailable);
    rmSync(join(folder, 'uploads/b'));
    expect(await blobs.append('uploads/b', Uint8Array.of(1))).toBe(1);
  });

  it('of SQLite is refused for now in the middle of a round, which goes on when there is room again', async () => {
    let refused = 0;
    const wrap = (store: Store): Store => ({
      ...store,
      append: (entry) =>
        store.append(entry).catch((error: unknown) => {
          if (error instanceof Unavailable) refused += 1;
          throw error;
        }),
    });
    const played = await play({ wrap }, async ({ db }) => {
      await sql`PRAGMA max_page_count = 1`.execute(db);
      // SQLite goes no lower than what is used: filled up to the last page.
      await sql`CREATE TABLE ballast (bytes text)`.execute(db).catch(() => {});
      await until('an event finds no room', () => refused > 0);
      await sql`PRAGMA max_page_count = 1000000`.execute(db);
    });
    expect(refused).toBeGreaterThan(0);
    expectExact(played, 'full');
  });
});

describe('a folder that cannot be written', () => {
  it('is told to admins as 503, logged once, and forgotten when it can', async () => {
    const folder = join(newFolder(), 'data');
    const lines: { readonly level: number; readonly msg: string; readonly problem?: string }[] = [];
    const logger = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
    const config = readConfig({ SOTTO_DATA_DIR: folder, PORT: '0' });
    const coordinator = await startCoordinator(config, { tasksDirs: [makeTasks()], pages: newFolder(), logger });
    onTestFinished(() => coordinator.close());
    const post = (path: string, body: object, cookie = '') => {
      const headers = { 'content-type': 'application/json', origin: coordinator.url, cookie };
      return fetch(new URL(path, coordinator.localUrl), { method: 'POST', headers, body: JSON.stringify(body) });
    };
    const signedIn = await post('/api/admin/session', { token: coordinator.adminToken });
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    const [task] = coordinator.tasks.keys();
    // No permission stops whoever tests as root; a file in the place of a folder does.
    rmSync(join(folder, 'blobs'), { recursive: true, force: true });
    writeFileSync(join(folder, 'blobs'), 'in the way');
    for (let i = 0; i < 3; i++) {
      const refused = await post('/api/admin/runs', { task }, cookie);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await refused.json()).toMatchObject({ rejected: 'unavailable', retryAfterMs: expect.any(Number) });
    }
    const faults = lines.filter(({ msg }) => msg.startsWith('the data folder cannot be used'));
    expect(faults).toMatchObject([
      { level: 50, problem: expect.stringMatching(/blobs \(ENOTDIR\): The folder is gone/) },
    ]);
    rmSync(join(folder, 'blobs'));
    await until('it is over', () => lines.some(({ msg }) => msg === 'the data folder can be used again'));
    expect((await post('/api/admin/runs', { task }, cookie)).status).toBe(201);
  });
});

describeOnPostgres('a PostgreSQL server', () => {
  it('that ends the connection at every event of a round costs time and nothing else', async () => {
    const url = await newDatabase();
    let cuts = 0;
    const wrap = (store: Store): Store => ({
      ...store,
      async append(entry) {
        const cutting = cutConnections(url);
        try {
          await store.append(entry);
        } finally {
          cuts += await cutting;
        }
      },
    });
    const played = await play({ database: { url }, wrap });
    expect(cuts).toBeGreaterThan(10);
    expectExact(played, 'cut');
    expect(played.stored).toMatchObject([{ state: 'finished' }]);
  });

  it('that goes dark in the middle of a round and comes back costs time and nothing else', async () => {
    const url = new URL(await newDatabase());
    const proxy = await openProxy(Number(url.port || 5432), url.hostname);
    url.host = `127.0.0.1:${proxy.port}`;
    const played = await play({ database: { url: url.href, answerMs: 400 } }, async (hall) => {
      proxy.goDark();
      await until('a call is refused', () =>
        hall.store.runs().then(
          () => false,
          (error: unknown) => error instanceof Unavailable,
        ),
      );
      await until('the server is tried again', () => proxy.refusedInTheDark() > 1);
      proxy.comeBack();
    });
    expectExact(played, 'dark');
  });
});

/** TCP to a server that can go dark: it takes what is sent and connections too, and gives nothing back. */
async function openProxy(port: number, host: string) {
  let dark = false;
  let attempts = 0;
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    if (dark) attempts += 1;
    const far = connect(port, host);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (bytes) => void (dark || to.write(bytes)));
      from.on('error', () => {});
      from.on('close', () => void (dark || to.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    refusedInTheDark: () => attempts,
    goDark() {
      dark = true;
    },
    /** Connections from before stay silent for ever. */
    comeBack() {
      dark = false;
      pairs.clear();
    },
  };
}
