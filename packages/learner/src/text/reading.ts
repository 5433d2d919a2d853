import type { TextInput } from '@sotto/protocol/task';
import type { Dataset } from '../dataset.ts';
import { codingOf } from '../intake/coding.ts';
import { collectFaults, type Fault, type Faults, fault } from '../intake/fault.ts';
import { classesOfPaths } from '../intake/pictures/classes.ts';
import type { Report } from '../intake/report.ts';
import { TrainingError } from '../training-error.ts';
import { encodeText } from './features.ts';
import { readMail } from './mail.ts';
import { isMail, splitMailbox } from './mailbox.ts';

/** A text in a file of its own. */
export interface TextFile {
  /** With the folders it lay in. */
  readonly path: string;
  readonly file: Blob;
  /** What it is, where that is known; null: its path says. */
  readonly label: number | null;
}

export interface TextTask {
  readonly input: TextInput;
  readonly classes: readonly string[];
  /** What folders may be called besides, in the order of the classes. */
  readonly names?: readonly (readonly string[])[];
}

export interface TextReading {
  /** So many were left when it was stopped. */
  readonly unread: number;
  /** So many say in no way how their letters are coded, and were read as Windows-1252. */
  readonly guessed: number;
  /** Null where no text could be used. */
  readonly dataset: Dataset | null;
  /** How each text of the dataset begins, for people to recognise it. */
  readonly beginnings: readonly string[];
  readonly faults: Faults;
}

/** A longer file is hardly one text. */
const MOST_BYTES = 5_000_000;
/** A mailbox may hold years of mails. */
const MOST_MAILBOX_BYTES = 200_000_000;
/** See the examples of tables: so much fits into a small laptop. */
const MOST_INPUTS = 400_000_000;
const SHOWN = 160;

/**
 * Reads texts, each in a file of its own, and mails, also those of a mailbox: without their headers but the subject. What was read when it is
 * stopped is kept.
 */
export async function readTexts(
  files: readonly TextFile[],
  { input, classes, names }: TextTask,
  report: Report,
  room = Math.floor(MOST_INPUTS / input.buckets),
): Promise<TextReading> {
  const faults = collectFaults();
  const rows: Uint8Array[] = [];
  const labels: number[] = [];
  const beginnings: string[] = [];
  let guessed = 0;
  let unread = 0;
  const byPath = classesOfPaths(
    files.map(({ path }) => path),
    classes,
    names,
  );
  function take(text: FoundText | Fault, path: string, label: number | null): void {
    const row = new Uint8Array(input.buckets);
    if ('code' in text) faults.add(text);
    else if (encodeText(text.text, input, row) === 0) faults.add(fault('text_file_empty', { file: path }));
    else if (label === null) faults.add(fault('text_file_class', { file: path, classes: classes.join(', ') }));
    else if (rows.length >= room) faults.add(fault('file_too_large', { file: path, most: room }));
    else {
      rows.push(row);
      labels.push(label);
      beginnings.push(beginningOf(text.text));
      if (text.guessed) guessed += 1;
    }
  }
  try {
    for (const [i, { path, file, label }] of files.entries()) {
      unread = files.length - i - 1;
      let many = false;
      for await (const text of textsOf(path, file)) {
        // A mailbox takes its time.
        if (many) await report(i, files.length);
        many = true;
        take(text, path, label ?? byPath[i]!);
      }
      await report(i + 1, files.length);
    }
  } catch (error) {
    if (!isCancelled(error)) throw error;
  }
  const inputs = new Uint8Array(rows.length * input.buckets);
  for (const [i, row] of rows.entries()) inputs.set(row, i * input.buckets);
  const dataset = { inputs, shape: [input.buckets], scale: 1, labels: Int32Array.from(labels) };
  return { dataset: rows.length === 0 ? null : dataset, beginnings, guessed, unread, faults: faults.faults() };
}

interface FoundText {
  readonly text: string;
  readonly guessed: boolean;
}

/** What a file holds: one text, or the mails of a mailbox. */
async function* textsOf(path: string, file: Blob): AsyncGenerator<FoundText | Fault> {
  let bytes: Uint8Array;
  try {
    const begin = new Uint8Array(await file.slice(0, BEGINNING).arrayBuffer());
    const isLarge = file.size > (isMail(charactersOf(begin), false) ? MOST_MAILBOX_BYTES : MOST_BYTES);
    if (isLarge) return yield fault('text_file_large', { file: path, size: `${Math.round(file.size / 1e6)} MB` });
    bytes = withoutMark(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return yield fault('file_unreadable', { file: path });
  }
  const named = /\.(eml|mbox|mbx|msg)$/i.test(path);
  if (!isMail(charactersOf(bytes), named)) return yield textOf(path, bytes);
  for (const mail of splitMailbox(bytes)) yield await mailOf(path, mail);
}

function textOf(path: string, bytes: Uint8Array): FoundText | Fault {
  if (bytes.length === 0) return fault('text_file_empty', { file: path });
  const begin = charactersOf(bytes);
  if (TABLE.test(path) || begin.startsWith('PAR1')) return fault('text_file_table', { file: path });
  if (/^\s*({\\rtf|%PDF|<!doctype html|<html)/i.test(begin)) return fault('text_file_kind', { file: path });
  const coding = codingOf(bytes, false);
  if (!coding) return fault('text_file_kind', { file: path });
  const text = new TextDecoder(coding).decode(bytes);
  return isTabbed(text) ? fault('text_file_table', { file: path }) : { text, guessed: coding === 'windows-1252' };
}

const TABLE = /\.(csv|tsv|tab|parquet|xlsx?|ods)$/i;
const BEGINNING = 4096;

/** The first bytes, a character each. */
function charactersOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, BEGINNING));
}

/** Without the mark that says that it is UTF-8. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** A mail's subject and body: other headers give away where it came from. */
async function mailOf(path: string, bytes: Uint8Array): Promise<FoundText | Fault> {
  try {
    const { subject, body } = await readMail(bytes);
    return { text: `${subject}\n${body}`, guessed: false };
  } catch {
    return fault('mail_damaged', { file: path });
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof TrainingError && error.code === 'cancelled';
}

/** Line after line the same number of tabs: a table, whatever it is called. */
function isTabbed(text: string): boolean {
  const lines = text
    .slice(0, 1 << 14)
    .split(/\r?\n/)
    .slice(0, -1)
    .slice(0, 20);
  const tabs = new Set(lines.map((line) => line.split('\t').length - 1));
  return lines.length >= 5 && tabs.size === 1 && !tabs.has(0);
}

function beginningOf(text: string): string {
  const line = text
    .slice(0, 4 * SHOWN)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)} …` : line;
}
