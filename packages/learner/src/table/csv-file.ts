import { type Fault, fault } from '../intake/fault.ts';
import { messageOf } from '../training-error.ts';
import { createCsvReader } from './csv.ts';
import { sampleCsv } from './csv-sample.ts';
import type { BroughtFile, TableFile } from './file.ts';

const SAMPLE_BYTES = 1 << 19;
/** Decoded and parsed in one go: some milliseconds. */
const PIECE_BYTES = 1 << 16;
const UNDECODABLE = '\ufffd';

/** A CSV file, read piece by piece. */
export async function openCsv({ name, blob }: BroughtFile, encoding: string): Promise<TableFile | Fault> {
  const stream = blob.size > SAMPLE_BYTES;
  const bytes = await blob.slice(0, SAMPLE_BYTES).arrayBuffer();
  const beginning = new TextDecoder(encoding).decode(bytes, { stream });
  const sample = sampleCsv(beginning, blob.size <= SAMPLE_BYTES);
  if (!sample) return fault('file_empty', { file: name });
  const { form, header, rows, mark } = sample;
  if (!isCoded(new TextDecoder(encoding, { fatal: true }), bytes, stream) && header.some(isGarbled))
    return fault('not_utf8', { file: name });
  return {
    format: 'csv',
    header,
    sample: rows,
    mark,
    async readRows(places, { onRow, onBadLine, onGarbledLine }, report) {
      const decoder = new TextDecoder(encoding);
      const strict = new TextDecoder(encoding, { fatal: true });
      let headerSeen = false;
      let garbled = false;
      const reader = createCsvReader(form, {
        onRecord(cells, line) {
          if (!headerSeen) headerSeen = true;
          else if (garbled && places.some((at) => isGarbled(cells[at] ?? ''))) onGarbledLine(line);
          else onRow({ line, cells });
          return true;
        },
        onBadLine,
      });
      for (let at = 0; at < blob.size; at += PIECE_BYTES) {
        const piece = await blob
          .slice(at, at + PIECE_BYTES)
          .arrayBuffer()
          .catch(messageOf);
        if (typeof piece === 'string') return fault('file_unreadable', { file: name, reason: piece });
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
