import { accessSync, constants, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { firstIssue, inWords } from '@sotto/protocol/in-words';
import type { z } from 'zod';
import { Failure, reasonOf } from './failure.ts';

/** Before hours of work, not after. @throws Failure when no file can be made there */
export function expectWritable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new Failure(`${path} cannot be written: ${reasonOf(error)}.`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure(`${path} cannot be written: it is a folder. Name a file in it.`);
}

/** Writes the file whole or not at all, so that whoever watches for it never reads a half. */
export function writeJson(path: string, value: unknown): void {
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes the file whole or not at all. @param mode who may read it @throws Failure when it cannot be written */
export function writeWhole(path: string, content: string | Uint8Array, mode = 0o666): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { flush: true, mode });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Failure(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}

/** The file's value, if it is what it should be. @throws Failure naming the file, and the field that is wrong */
export function readJson<T>(path: string, what: string, schema: z.ZodType<T>): T {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The engine's message quotes the text, which may be a key or anything else.
    throw new Failure(`${path} is not ${what}: it is not JSON.`);
  }
  const parsed = schema.safeParse(json, { error: inWords });
  if (parsed.success) return parsed.data;
  throw new Failure(`${path} is not ${what}: ${firstIssue(parsed.error)}.`);
}
