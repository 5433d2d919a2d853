import type { TextInput } from '@sotto/protocol/task';
import type { Dataset } from '../dataset.ts';
import { codingOf } from '../intake/coding.ts';
import { collectFaults, type Fault, type Faults, fault } from '../intake/fault.ts';
import { classesOfPaths } from '../intake/pictures/classes.ts';
import type { Report } from '../intake/report.ts';
import { TrainingError } from '../training-error.ts';
import { encodeText } from './features.ts';
import { readMail } from './mail.ts';

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
/** See the examples of tables: so much fits into a small laptop. */
const MOST_INPUTS = 400_000_000;
const SHOWN = 160;

/** Reads texts, each in a file of its own; those of mails without their headers but the subject. What was read when it is stopped is kept. */
export async function readTexts(
  files: readonly TextFile[],
  { input, classes }: TextTask,
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
  );
  for (const [i, { path, file, label }] of files.entries()) {
    const known = label ?? byPath[i]!;
    const text =
      known === null ? fault('text_file_class', { file: path, classes: classes.join(', ') }) : await textOf(path, file);
    const row = new Uint8Array(input.buckets);
    if ('code' in text) faults.add(text);
    else if (encodeText(text.text, input, row) === 0) faults.add(fault('text_file_empty', { file: path }));
    else if (rows.length >= room) faults.add(fault('file_too_large', { file: path, most: room }));
    else {
      rows.push(row);
      labels.push(known!);
      beginnings.push(beginningOf(text.text));
      if (text.guessed) guessed += 1;
    }
    try {
      await report(i + 1, files.length);
    } catch (error) {
      if (!isCancelled(error)) throw error;
      unread = files.length - i - 1;
      break;
    }
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

async function textOf(path: string, file: Blob): Promise<FoundText | Fault> {
  if (file.size > MOST_BYTES)
    return fault('text_file_large', { file: path, size: `${Math.round(file.size / 1e6)} MB` });
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return fault('file_unreadable', { file: path });
  }
  if (bytes.length === 0) return fault('text_file_empty', { file: path });
  const begin = String.fromCharCode(...bytes.subarray(0, 1024));
  if (TABLE.test(path) || begin.startsWith('PAR1')) return fault('text_file_table', { file: path });
  if (/^\s*({\\rtf|%PDF|<!doctype html|<html)/i.test(begin)) return fault('text_file_kind', { file: path });
  const coding = codingOf(bytes, false);
  if (!coding) return fault('text_file_kind', { file: path });
  if (/\.eml$/i.test(path) && HEADERS.test(begin)) return mailOf(path, bytes);
  const text = new TextDecoder(coding).decode(bytes);
  return isTabbed(text) ? fault('text_file_table', { file: path }) : { text, guessed: coding === 'windows-1252' };
}

const TABLE = /\.(csv|tsv|tab|parquet|xlsx?|ods)$/i;
/** A mail begins with headers, in front of which a mailbox file has a line of its own. */
const HEADERS = /^(From .*\r?\n)?[\w-]+:/;

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
