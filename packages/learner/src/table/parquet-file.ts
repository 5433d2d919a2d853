import { type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type Fault, fault } from '../intake/fault.ts';
import { messageOf } from '../training-error.ts';
import type { Cell } from './encoding.ts';
import { type BroughtFile, type Row, SAMPLE_ROWS, type TableFile } from './file.ts';

/** Rows that are decoded at once, of the columns that are needed. */
const MOST_ROWS = 100_000;

/** A Parquet file, read row group by row group. */
export async function openParquet({ name, blob }: BroughtFile): Promise<TableFile | Fault> {
  const file = {
    byteLength: blob.size,
    slice: (start: number, end?: number) => blob.slice(start, end).arrayBuffer(),
  };
  const bad = (error: unknown) => fault('parquet_bad', { file: name, reason: messageOf(error) });

  async function read(metadata: FileMetaData, columns: string[], rowStart: number, rowEnd: number) {
    return parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
  }

  try {
    const metadata = await parquetMetadataAsync(file);
    const header = parquetSchema(metadata).children.map(({ element }) => element.name);
    const rowsOf = (objects: Record<string, unknown>[], from: number, at: readonly number[]): Row[] =>
      objects.map((object, i) => {
        const cells: Cell[] = Array(header.length).fill(null);
        for (const j of at) cells[j] = cellOf(object[header[j]!]);
        return { line: from + i + 1, cells };
      });
    const total = Number(metadata.num_rows);
    const sample = await read(metadata, header, 0, Math.min(SAMPLE_ROWS, total));
    return {
      format: 'parquet',
      header,
      sample: rowsOf(sample, 0, [...header.keys()]),
      mark: 'point',
      async readRows(places, { onRow }, report) {
        const columns = places.map((at) => header[at]!);
        for (const [from, to] of stretches(metadata)) {
          const objects = await read(metadata, columns, from, to).catch(bad);
          if (!Array.isArray(objects)) return objects;
          for (const row of rowsOf(objects, from, places)) if (!onRow(row)) return null;
          await report(to, total);
        }
        return null;
      },
    };
  } catch (error) {
    return bad(error);
  }
}

/** Rows from … to, each within one row group. */
function* stretches({ row_groups }: FileMetaData): Generator<[number, number]> {
  let from = 0;
  for (const { num_rows } of row_groups) {
    const end = from + Number(num_rows);
    for (; from < end; from = Math.min(end, from + MOST_ROWS)) yield [from, Math.min(end, from + MOST_ROWS)];
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
