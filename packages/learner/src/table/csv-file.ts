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
  const beginning = new TextDecoder(encoding).decode(await blob.slice(0, SAMPLE_BYTES).arrayBuffer(), {
    stream: blob.size > SAMPLE_BYTES,
  });
  if (beginning.includes(UNDECODABLE)) return fault('not_utf8', { file: name });
  const sample = sampleCsv(beginning, blob.size <= SAMPLE_BYTES);
  if (!sample) return fault('file_empty', { file: name });
  const { form, header, rows, mark } = sample;
  return {
    format: 'csv',
    header,
    sample: rows,
    mark,
    async readRows(_, { onRow, onBadLine, onGarbledLine }, report) {
      const decoder = new TextDecoder(encoding);
      let headerSeen = false;
      let garbled = false;
      const reader = createCsvReader(form, {
        onRecord(cells, line) {
          if (!headerSeen) headerSeen = true;
          else if (garbled && cells.some((cell) => cell.includes(UNDECODABLE))) onGarbledLine(line);
          else onRow({ line, cells });
          return true;
        },
        onBadLine,
      });
      const take = (text: string) => {
        garbled = text.includes(UNDECODABLE) || garbled;
        reader.push(text);
      };
      for (let at = 0; at < blob.size; at += PIECE_BYTES) {
        const piece = await blob
          .slice(at, at + PIECE_BYTES)
          .arrayBuffer()
          .catch(messageOf);
        if (typeof piece === 'string') return fault('file_unreadable', { file: name, reason: piece });
        take(decoder.decode(piece, { stream: true }));
        await report(Math.min(at + PIECE_BYTES, blob.size), blob.size);
      }
      take(decoder.decode());
      reader.end();
      return null;
    },
  };
}
