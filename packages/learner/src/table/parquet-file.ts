import { type FileMetaData, type ParquetScan, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type Fault, type FaultCode, fault } from '../intake/fault.ts';
import { messageOf } from '../training-error.ts';
import type { Cell } from './encoding.ts';
import { type BroughtFile, type Row, SAMPLE_ROWS, type TableFile } from './file.ts';

/** Values that are decoded at once: row groups of a million rows and thirty columns in one go. */
const MOST_VALUES = 1 << 25;
/** Of a table of thousands of columns, a few rows are a sample. */
const SAMPLE_VALUES = 1 << 20;
/** Between two looks whether to go on. */
const REPORTED_ROWS = 10_000;

/** A Parquet file, read row group by row group. */
export async function openParquet({ name, blob }: BroughtFile): Promise<TableFile | Fault> {
  const file = {
    byteLength: blob.size,
    slice: (start: number, end?: number) => blob.slice(start, end).arrayBuffer(),
  };
  const bad = (error: unknown) => fault(badnessOf(messageOf(error)), { file: name });

  try {
    const metadata = await parquetMetadataAsync(file);
    const header = parquetSchema(metadata).children.map(({ element }) => element.name);
    const total = rowCount(metadata);
    // What a scan has read last it keeps.
    const scan = () => parquetScan({ file, metadata, compressors });

    /** Rows from … to, which lie in one row group. */
    async function readStretch(
      { readColumn }: ParquetScan,
      places: readonly number[],
      rowStart: number,
      rowEnd: number,
    ) {
      const columns = new Map<number, ArrayLike<unknown>>();
      for (const place of places) {
        const column = await readColumn({ column: header[place]!, rowStart, rowEnd });
        if (column.length !== rowEnd - rowStart)
          throw new Error(`column "${header[place]}" holds ${column.length} of ${rowEnd - rowStart} rows`);
        columns.set(place, column);
      }
      return (at: number): Row => {
        const cells: Cell[] = Array(header.length).fill(null);
        for (const [place, column] of columns) cells[place] = cellOf(column[at - rowStart]);
        return { line: at + 1, cells };
      };
    }

    const every = [...header.keys()];
    const [first] = stretches(metadata, Math.min(SAMPLE_ROWS, Math.ceil(SAMPLE_VALUES / header.length)));
    const sampleRow = first && (await readStretch(await scan(), every, ...first));
    return {
      format: 'parquet',
      coding: 'utf-8',
      header,
      headerLine: 0,
      sample: first && sampleRow ? Array.from({ length: first[1] }, (_, at) => sampleRow(at)) : [],
      mark: 'point',
      async readRows(places, { onRow }, report) {
        const scanned = await scan();
        for (const [from, to] of stretches(metadata, Math.ceil(MOST_VALUES / places.length))) {
          const rowOf = await readStretch(scanned, places, from, to).catch(bad);
          if (typeof rowOf !== 'function') return rowOf;
          for (let at = from; at < to; at++) {
            onRow(rowOf(at));
            if ((at + 1) % REPORTED_ROWS === 0 || at + 1 === to) await report(at + 1, total);
          }
        }
        return null;
      },
    };
  } catch (error) {
    return bad(error);
  }
}

/** What hyparquet says of a file, which only programmers understand, as one of a few kinds. */
function badnessOf(message: string): FaultCode {
  if (/footer|too short|exceeds available/.test(message)) return 'parquet_cut';
  return /^parquet .*(un|not )supported/.test(message) ? 'parquet_kind' : 'parquet_bad';
}

/** @throws Error where the file contradicts itself */
function rowCount({ num_rows, row_groups }: FileMetaData): number {
  const counts = row_groups.map((group) => group.num_rows);
  const total = counts.reduce((sum, count) => sum + count, 0n);
  if (counts.some((count) => count < 0n) || total !== num_rows || total > BigInt(Number.MAX_SAFE_INTEGER))
    throw new Error(`${num_rows} rows are announced, ${total} in its row groups`);
  return Number(total);
}

/** Rows from … to, each within one row group and of at most so many rows: a group is read once, unless it is too large to be held. */
function* stretches({ row_groups }: FileMetaData, most: number): Generator<[number, number]> {
  let from = 0;
  for (const { num_rows } of row_groups) {
    const end = from + Number(num_rows);
    for (; from < end; from = Math.min(end, from + most)) yield [from, Math.min(end, from + most)];
  }
}

const UTF8 = new TextDecoder();

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return UTF8.decode(value);
  if (typeof value === 'object')
    return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
  return String(value);
}
