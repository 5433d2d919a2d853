import { codingOf } from '../intake/coding.ts';
import { type Fault, fault } from '../intake/fault.ts';
import { createCsvReader } from './csv.ts';
import { sampleCsv } from './csv-sample.ts';
import type { BroughtFile, TableFile } from './file.ts';

/** The first letter beyond ASCII may come late. */
const CODING_BYTES = 1 << 23;
const SAMPLE_BYTES = 1 << 19;
/** Decoded and parsed in one go: some milliseconds. */
const PIECE_BYTES = 1 << 16;
const UNDECODABLE = '\ufffd';

/** A CSV file, read piece by piece. */
export async function openCsv({ name, blob }: BroughtFile): Promise<TableFile | Fault> {
  const bytes = new Uint8Array(await blob.slice(0, CODING_BYTES).arrayBuffer());
  const coding = codingOf(bytes, blob.size > CODING_BYTES);
  if (!coding) return fault('not_a_table', { file: name });
  const stream = blob.size > SAMPLE_BYTES;
  const sample = sampleCsv(new TextDecoder(coding).decode(bytes.subarray(0, SAMPLE_BYTES), { stream }), !stream);
  if (!sample) return fault('file_empty', { file: name });
  const { form, header, headerLine, rows, mark } = sample;
  return {
    format: 'csv',
    coding,
    header,
    headerLine,
    sample: rows,
    mark,
    async readRows(places, { onRow, onBadLine, onGarbledLine }, report) {
      const decoder = new TextDecoder(coding);
      const strict = new TextDecoder(coding, { fatal: true });
      let garbled = false;
      const reader = createCsvReader(form, {
        onRecord(cells, line) {
          if (line <= headerLine) return true;
          if (garbled && places.some((at) => isGarbled(cells[at] ?? ''))) onGarbledLine(line);
          else onRow({ line, cells });
          return true;
        },
        onBadLine,
      });
      for (let at = 0; at < blob.size; at += PIECE_BYTES) {
        const piece = await blob
          .slice(at, at + PIECE_BYTES)
          .arrayBuffer()
          .catch(() => null);
        if (!piece) return fault('file_unreadable', { file: name });
        garbled ||= !isCoded(strict, piece, true);
        reader.push(decoder.decode(piece, { stream: true }));
        await report(Math.min(at + PIECE_BYTES, blob.size), blob.size);
      }
      garbled ||= !isCoded(strict, new ArrayBuffer(), false);
      reader.push(decoder.decode());
      reader.end();
      return null;
    },
  };
}

/** Stands for what cannot be decoded, and may stand for itself. */
function isGarbled(text: string): boolean {
  return text.includes(UNDECODABLE);
}

/** Whether the next bytes are of the code. */
function isCoded(strict: TextDecoder, bytes: ArrayBuffer, stream: boolean): boolean {
  try {
    strict.decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}
