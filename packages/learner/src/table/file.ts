import type { Coding } from '../intake/coding.ts';
import type { Fault } from '../intake/fault.ts';
import type { Report } from '../intake/report.ts';
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
  onRow(row: Row): void;
  onBadLine(line: number): void;
  /** A line with letters that could not be decoded. */
  onGarbledLine(line: number): void;
}

/** A table in a file, whatever its format. */
export interface TableFile {
  readonly format: 'csv' | 'parquet';
  readonly coding: Coding;
  readonly header: readonly string[];
  /** The line of the header; 0 where it is none. */
  readonly headerLine: number;
  /** The first rows. */
  readonly sample: readonly Row[];
  /** Of numbers that are written as text. */
  readonly mark: DecimalMark;
  /** All rows from the first on. Only cells at these places need be filled in. @returns why it could not go on to the end, if so */
  readRows(places: readonly number[], ears: RowEars, report: Report): Promise<Fault | null>;
}

/** Rows by which a file is judged before it is read. */
export const SAMPLE_ROWS = 1000;
