import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { Failure, reasonOf } from './failure.ts';

/** Writes the file whole or not at all, so that whoever watches for it never reads a half. */
export function writeJson(path: string, value: unknown, mode = 0o644): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode, flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Failure(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}
