import { type Rejection, reject } from '@sotto/protocol/rejection';

/**
 * The machine cannot do it for now: a disk is full, a folder may not be written, the database is away. No message of a device and no
 * round is at fault, so nothing is refused for good and nothing abandoned: it is tried again. Adapters throw it at their border; what
 * they were asked to do may have happened or not, so it must be looked up or be good to repeat.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** By name: an error that comes from a worker thread has left its class behind. */
export function isUnavailable(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Unavailable';
}

/** What whoever asked is told: strangers have no business with the names of folders and hosts. */
export const UNAVAILABLE: Rejection<'unavailable'> = {
  ...reject(
    'unavailable',
    "The coordinator's disk or database cannot be used for now; its log says why. Try again soon.",
  ),
  retryAfterMs: 2_000,
};

const FULL = 'No space is left on its disk: free some.';
const FORBIDDEN = 'It may not be written: check its owner and permissions, and that its disk is not mounted read-only.';
const GONE = 'The folder is gone, or something else is in its place: put it back.';
const BROKEN = 'Its disk fails to read or write: check the disk and the system log.';

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: FORBIDDEN,
  EIO: BROKEN,
  ENOENT: GONE,
  ENOTDIR: GONE,
  EEXIST: GONE,
  EMFILE: 'The process has too many files open: raise its limit (ulimit -n).',
  ENFILE: 'The system has too many files open: raise its limit.',
};

/** What a failed file operation under `folder` is to us: Unavailable when the machine is to blame, else the same error. */
export function fileFault(folder: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const advice = FILE_FAULTS[code];
  return advice === undefined ? error : new Unavailable(`${folder} (${code}): ${advice}`, { cause: error });
}

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html. */
const SQLITE_FAULTS: Readonly<Record<number, readonly [name: string, advice: string]>> = {
  8: ['SQLITE_READONLY', FORBIDDEN],
  10: ['SQLITE_IOERR', BROKEN],
  13: ['SQLITE_FULL', FULL],
  14: ['SQLITE_CANTOPEN', FORBIDDEN],
};

/** The same for a statement on the SQLite file at `path`. */
export function sqliteFault(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  const fault = SQLITE_FAULTS[code];
  return fault === undefined ? error : new Unavailable(`${path} (${fault[0]}): ${fault[1]}`, { cause: error });
}
