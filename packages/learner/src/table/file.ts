import { type Fault, fault } from '../intake/fault.ts';
import type { Report } from '../intake/report.ts';
import { messageOf } from '../training-error.ts';
import type { Cell } from './encoding.ts';
import type { DecimalMark } from './number.ts';

/** A file somebody brought: in a browser a File, with the folders it lay in. */
export interface BroughtFile {
  readonly name: string;
  readonly blob: Blob;
}

export interface Row {
  /** Counted from 1; in CSV files the header is a line, too. */
  readonly line: number;
  readonly cells: readonly Cell[];
}

interface RowEars {
  /** @returns false to be told no more */
  onRow(row: Row): boolean;
  onBadLine(line: number): void;
  /** A line with letters that could not be decoded. */
  onGarbledLine(line: number): void;
}

/** A table in a file, whatever its format. */
export interface TableFile {
  readonly format: 'csv' | 'parquet';
  readonly header: readonly string[];
  /** The first rows. */
  readonly sample: readonly Row[];
  /** Of numbers that are written as text. */
  readonly mark: DecimalMark;
  /** All rows from the first on. Only cells at these places need be filled in. @returns why it could not go on to the end, if so */
  readRows(places: readonly number[], ears: RowEars, report: Report): Promise<Fault | null>;
}

/** Rows by which a file is judged before it is read. */
export const SAMPLE_ROWS = 1000;

/** Opens a table by what is in it, not by what it is called. Its reader is loaded when it is needed. */
export async function openTableFile(file: BroughtFile): Promise<TableFile | Fault> {
  const { name, blob } = file;
  let beginning: Uint8Array;
  try {
    beginning = new Uint8Array(await blob.slice(0, 1024).arrayBuffer());
  } catch (error) {
    return fault('file_unreadable', { file: name, reason: messageOf(error) });
  }
  if (blob.size === 0) return fault('file_empty', { file: name });
  const begins = (...bytes: number[]) => bytes.every((byte, i) => beginning[i] === byte);
  // Office files are ZIP archives, or were compound files.
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0xd0, 0xcf, 0x11, 0xe0)) return fault('spreadsheet', { file: name });
  if (begins(0x50, 0x41, 0x52, 0x31)) return (await import('./parquet-file.ts')).openParquet(file);
  const utf16 = begins(0xff, 0xfe) ? 'utf-16le' : begins(0xfe, 0xff) ? 'utf-16be' : null;
  if (!utf16 && beginning.includes(0))
    return fault(beginning.filter((byte) => byte === 0).length * 3 > beginning.length ? 'not_utf8' : 'not_a_table', {
      file: name,
    });
  return (await import('./csv-file.ts')).openCsv(file, utf16 ?? 'utf-8');
}
