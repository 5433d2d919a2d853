import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { LEAST_PASSPHRASE } from '@sotto/protocol/study-backup';
import { Failure, reasonOf } from './failure.ts';

/**
 * A passphrase from a file's first line, from the keyboard without showing it, or the first line of what is piped in. Never from an
 * argument: those stand in the list of processes.
 * @param isNew  it is about to be used for the first time: long enough, and typed twice
 */
export async function readPassphrase(file: string | undefined, isNew: boolean): Promise<string> {
  const passphrase = file === undefined ? await typed(isNew) : lineOf(file);
  if (isNew && passphrase.length < LEAST_PASSPHRASE)
    throw new Failure(`The passphrase is too short: ${LEAST_PASSPHRASE} characters or more.`);
  return passphrase;
}

function lineOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0]!;
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${reasonOf(error)}.`);
  }
}

async function typed(isNew: boolean): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    for await (const line of createInterface({ input: stdin })) return line;
    throw new Failure('There is no passphrase. Type it, or name a file that begins with it: --passphrase-file.');
  }
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const ask = async (question: string): Promise<string> => {
    stderr.write(question);
    const lines = createInterface({ input: stdin, output: nothing, terminal: true });
    try {
      return await lines.question('');
    } finally {
      lines.close();
      stderr.write('\n');
    }
  };
  const passphrase = await ask('Passphrase: ');
  if (isNew && (await ask('The same again: ')) !== passphrase)
    throw new Failure('The two are not the same. Begin again.');
  return passphrase;
}

/** A question to be answered with yes, by whoever sits there. */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
