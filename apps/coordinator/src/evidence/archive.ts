import { Zip, ZipPassThrough } from 'fflate';

export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** ZIP has no earlier time; the same entries make the same file whenever it is written. */
const WRITTEN = new Date(1980, 0, 1);

/**
 * A ZIP archive of the entries, as they come: no more than one of them is in memory. Nothing is compressed: signatures, digests and
 * ciphertexts are as short as they can be, and it would hold up the rounds. At most 65,535 entries, and 4 GiB.
 */
export async function* writeArchive(
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>,
): AsyncGenerator<Uint8Array> {
  let written: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    written.push(chunk);
  });
  for await (const { name, bytes } of entries) {
    const entry = new ZipPassThrough(name);
    entry.mtime = WRITTEN;
    zip.add(entry);
    entry.push(bytes, true);
    yield* written;
    written = [];
  }
  zip.end();
  yield* written;
}
