import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const HEARTBEAT_MS = 5_000;
const SILENCE_MS = 60_000;
const POLL_MS = 200;
const RELEASED = 'released';

/**
 * Runs `work` while no other process that shares `folder` does.
 *
 * The lock is the file with the highest number in `folder`. It is taken by creating the next number exclusively, and
 * only when the highest is released or stale; it is never given back by deleting it. So a slow contender that claims a
 * number long since cleared away sees a higher one and withdraws: however late it is, two never hold the lock.
 * Stale: its process is dead, or (other machine, reused process id) it has not been touched for a minute.
 * @template T
 * @param {string} folder
 * @param {(holder: string) => void} onWait called once, when somebody else holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, onWait, work) {
  mkdirSync(folder, { recursive: true });
  const file = await acquire(folder, onWait);
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    writeFileSync(file, RELEASED);
  }
}

/**
 * @param {string} folder
 * @param {(holder: string) => void} onWait
 * @returns {Promise<string>} the file that is now the lock
 */
async function acquire(folder, onWait) {
  let told = false;
  for (;;) {
    const highest = generations(folder).at(-1) ?? 0;
    const holder = highest === 0 ? null : holderOf(fileOf(folder, highest));
    if (holder === null) {
      const mine = highest + 1;
      if (claim(fileOf(folder, mine))) {
        const all = generations(folder);
        const stale = all.at(-1) === mine ? all.filter((generation) => generation < mine) : [mine];
        for (const generation of stale) clear(fileOf(folder, generation));
        if (stale[0] !== mine) return fileOf(folder, mine);
      }
    } else if (!told) {
      told = true;
      onWait(holder);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @param {string} folder @param {number} generation */
function fileOf(folder, generation) {
  return join(folder, `lock-${generation}`);
}

/** @param {string} folder @returns {number[]} ascending */
function generations(folder) {
  return readdirSync(folder)
    .flatMap((name) => {
      const number = /^lock-(\d+)$/.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    })
    .sort((a, b) => a - b);
}

/** @param {string} file */
function claim(file) {
  try {
    writeFileSync(file, `${process.pid} ${hostname()}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Who holds this lock; null when it is free. A file that vanishes or is still empty while we look counts as held: the
 * next look decides.
 * @param {string} file
 * @returns {string | null}
 */
function holderOf(file) {
  try {
    const content = readFileSync(file, 'utf8');
    if (content === RELEASED) return null;
    if (Date.now() - statSync(file).mtimeMs > SILENCE_MS) return null;
    const [pid, host] = content.split(' ');
    if (host === hostname() && !isAlive(Number(pid))) return null;
    return content;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'nobody for long';
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** @param {string} file */
function touch(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch (error) {
    // Somebody removed node_modules under us: the work itself will report it.
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** @param {string} file */
function clear(file) {
  try {
    unlinkSync(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
