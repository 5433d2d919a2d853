import { type Fault, fault } from '../intake/fault.ts';
import { messageOf } from '../training-error.ts';
import type { BroughtFile, TableFile } from './file.ts';

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
