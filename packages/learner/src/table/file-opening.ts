import { type Fault, fault } from '../intake/fault.ts';
import type { BroughtFile, TableFile } from './file.ts';
import type { IsNamed } from './header.ts';

/** Opens a table by what is in it, not by what it is called. Its reader is loaded when it is needed. */
export async function openTableFile(file: BroughtFile, isNamed: IsNamed): Promise<TableFile | Fault> {
  const { name, blob } = file;
  let beginning: Uint8Array;
  try {
    beginning = new Uint8Array(await blob.slice(0, 1024).arrayBuffer());
  } catch {
    return fault('file_unreadable', { file: name });
  }
  if (blob.size === 0) return fault('file_empty', { file: name });
  const begins = (...bytes: number[]) => bytes.every((byte, i) => beginning[i] === byte);
  // Office files are ZIP archives, or were compound files.
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0xd0, 0xcf, 0x11, 0xe0)) return fault('spreadsheet', { file: name });
  if (begins(0x50, 0x41, 0x52, 0x31)) return (await import('./parquet-file.ts')).openParquet(file);
  return (await import('./csv-file.ts')).openCsv(file, isNamed);
}
