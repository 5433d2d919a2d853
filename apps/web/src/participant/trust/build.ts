import { toHex } from '@sotto/protocol/bytes';
import { hashJson, sha256Hex } from '@sotto/protocol/digest';
import { z } from 'zod';

/** `build.json`, which the build puts beside the pages: SHA-256 of each file they are made of. */
const Listed = z.object({
  version: z.string(),
  commit: z.string().nullable(),
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

export interface Build extends z.infer<typeof Listed> {
  /** SHA-256 of the list's canonical JSON: one number for all of the code. */
  readonly fingerprint: string;
}

export async function readBuild(): Promise<Build> {
  const answer = await fetch('/build.json');
  if (!answer.ok) throw new Error(`build.json: HTTP ${answer.status}`);
  const listed = Listed.parse(await answer.json());
  return { ...listed, fingerprint: toHex(hashJson(listed.files)) };
}

/**
 * Fetches every listed file as it would run here, and compares: out of what this browser keeps, else from the server. The page itself comes
 * from the server at each visit, and what is kept of it may well be of an earlier version.
 * @returns those that differ
 */
export async function compareFiles({ files }: Build, onProgress: (done: number) => void): Promise<string[]> {
  const differing: string[] = [];
  let done = 0;
  for (const [file, digest] of Object.entries(files)) {
    const answer = await (file === 'index.html' ? fetch('/', { cache: 'no-store' }) : fetch(`/${file}`));
    if (!answer.ok) throw new Error(`${file}: HTTP ${answer.status}`);
    if (sha256Hex(new Uint8Array(await answer.arrayBuffer())) !== digest) differing.push(file);
    done += 1;
    onProgress(done);
  }
  return differing;
}
