import { codingOf } from '../intake/coding.ts';
import { type Fault, fault } from '../intake/fault.ts';
import { createCsvReader } from './csv.ts';
import { sampleCsv } from './csv-sample.ts';
import type { BroughtFile, TableFile } from './file.ts';
import type { IsNamed } from './header.ts';

/** The first letter beyond ASCII may come late. */
const CODING_BYTES = 1 << 23;
const SAMPLE_BYTES = 1 << 19;
/** Decoded and parsed in one go: some milliseconds. */
const PIECE_BYTES = 1 << 16;
const UNDECODABLE = '\ufffd';
/** What people take for tables because a program called it so. */
const OTHER_KINDS = [
  { kind: 'JSON', begins: /^\s*[[{]\s*["{[]/ },
  { kind: 'HTML', begins: /^\s*<(!doctype|html|head|body|table|meta|div)\b/i },
  { kind: 'XML', begins: /^\s*<\?xml\b/ },
  { kind: 'ARFF', begins: /^\s*(%.*\s+)*@relation\b/i },
] as const;

/** A CSV file, read piece by piece. */
export async function openCsv({ name, blob }: BroughtFile, isNamed: IsNamed): Promise<TableFile | Fault> {
  const bytes = new Uint8Array(await blob.slice(0, CODING_BYTES).arrayBuffer());
  const coding = codingOf(bytes, blob.size > CODING_BYTES);
  if (!coding) return fault('not_a_table', { file: name });
  const stream = blob.size > SAMPLE_BYTES;
  const beginning = new TextDecoder(coding).decode(bytes.subarray(0, SAMPLE_BYTES), { stream });
  const kind = OTHER_KINDS.find(({ begins }) => begins.test(beginning))?.kind;
  if (kind !== undefined) return fault('table_other_kind', { file: name, kind });
  const sample = sampleCsv(beginning, !stream, isNamed);
  if (!sample) return fault(beginning.trim() === '' ? 'file_empty' : 'not_a_table', { file: name });
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
