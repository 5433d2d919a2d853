import { type BlobKind, blobEntry, EvidenceIndex, entryKind, INDEX_ENTRY } from '@sotto/protocol/evidence-file';
import { firstIssue, inWords } from '@sotto/protocol/in-words';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { Transcript } from '@sotto/protocol/transcript';
import { decodeUtf8 } from '@sotto/protocol/utf8';
import { unzipSync } from 'fflate';
import type { z } from 'zod';

/** An evidence file, opened: its entries are unpacked one at a time, as a file may be larger than the memory for all of them. */
export interface EvidenceFile {
  readonly index: EvidenceIndex;
  /** Names of its entries. */
  readonly names: ReadonlySet<string>;
  /** Well-formed; whether it holds is for `verifyTranscript` to say. */
  transcript(name: string): Transcript | Rejection<'bad_evidence'>;
  /** Undefined where the file has none of this digest; whether the bytes have it is for the caller to say. */
  blob(kind: BlobKind, hash: string): Uint8Array | undefined;
}

type BadEvidence = Rejection<'bad_evidence'>;

/** Nothing that Sotto writes is larger; what claims to be would only fill the memory. */
const MOST_TEXT_BYTES = 1 << 28;
const MOST_BLOB_BYTES = 1 << 30;
const STORED = 0;
const DEFLATED = 8;

/** Whether these bytes begin like a ZIP archive, and so may be an evidence file. */
export function looksLikeEvidence(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Strict: an archive with any other entry, or with one twice, is refused; nothing is unpacked but the index. */
export function openEvidence(bytes: Uint8Array): EvidenceFile | BadEvidence {
  const names = new Set<string>();
  const problem = listEntries(bytes, names);
  if (problem !== undefined) return bad(problem);
  if (!names.has(INDEX_ENTRY)) return bad(`it has no ${INDEX_ENTRY}. Ask for the file again`);
  const index = readJson(INDEX_ENTRY, EvidenceIndex);
  if (isRejection(index)) return index;

  function readJson<T>(name: string, schema: z.ZodType<T>): T | BadEvidence {
    const found = unpack(bytes, name);
    if (typeof found === 'string') return bad(`${name} cannot be unpacked (${found})`);
    let json: unknown;
    try {
      json = JSON.parse(decodeUtf8(found));
    } catch {
      return bad(`${name} is not JSON`);
    }
    const parsed = schema.safeParse(json, { error: inWords });
    return parsed.success ? parsed.data : bad(`${name}: ${firstIssue(parsed.error)}`);
  }

  return {
    index,
    names,
    transcript: (name) => (names.has(name) ? readJson(name, Transcript) : bad(`${name} is missing`)),
    blob(kind, hash) {
      const name = blobEntry(kind, hash);
      if (!names.has(name)) return undefined;
      const found = unpack(bytes, name);
      // What cannot be unpacked has another digest than its name: the caller says so of no bytes as of any wrong ones.
      return typeof found === 'string' ? new Uint8Array(0) : found;
    },
  };
}

/** Puts all names into `names`. @returns what is wrong with the archive */
function listEntries(bytes: Uint8Array, names: Set<string>): string | undefined {
  let problem: string | undefined;
  try {
    unzipSync(bytes, {
      filter({ name, originalSize, compression }) {
        const kind = entryKind(name);
        const most = kind === 'models' || kind === 'states' || kind === 'sums' ? MOST_BLOB_BYTES : MOST_TEXT_BYTES;
        if (kind === undefined)
          problem ??= `it has an entry that does not belong there (${JSON.stringify(name.slice(0, 100))})`;
        else if (names.has(name)) problem ??= `it has ${name} twice`;
        else if (originalSize > most) problem ??= `${name} claims to be larger than anything Sotto writes`;
        else if (compression !== STORED && compression !== DEFLATED)
          problem ??= `${name} is packed in another way than Sotto packs`;
        names.add(name);
        return false;
      },
    });
  } catch {
    return 'it is not a whole ZIP archive. It may be cut short: get it again';
  }
  return problem;
}

/** The entry's bytes, or what is wrong with them. */
function unpack(bytes: Uint8Array, wanted: string): Uint8Array | string {
  try {
    const { [wanted]: found } = unzipSync(bytes, { filter: ({ name }) => name === wanted });
    return found ?? 'it is not there';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function bad(what: string): BadEvidence {
  return reject('bad_evidence', `Not a Sotto evidence file: ${what}.`);
}
