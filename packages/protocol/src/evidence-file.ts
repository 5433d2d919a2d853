import { z } from 'zod';
import { Hash, PublicKey, RoundNumber, Slug } from './ids.ts';

/**
 * What an evidence file says of itself. The file is a ZIP archive of the records of one run's published rounds, and of what they were made
 * of, where that was wanted. Nothing in it has to be believed: transcripts are signed and chained, everything else is named by its digest.
 * The keys are those that the file claims; whoever knows better insists on their own.
 */
export const EvidenceIndex = z.strictObject({
  format: z.literal('sotto-evidence-1'),
  coordinator: PublicKey,
  task: Slug,
  run: Slug,
  /** The transcript that the first round follows; null where that is the run's first. */
  before: Hash.nullable(),
  /** Ascending. */
  rounds: z
    .array(
      z.strictObject({
        round: RoundNumber,
        transcript: Hash,
        /** That vouched for the committee; null: none did. */
        studyKey: PublicKey.nullable(),
      }),
    )
    .min(1)
    .max(100_000)
    .refine((rounds) => rounds.every(({ round }, i) => i === 0 || round > rounds[i - 1]!.round), 'must ascend'),
});
export type EvidenceIndex = z.infer<typeof EvidenceIndex>;

/** Names of the entries of the archive. */
export const INDEX_ENTRY = 'evidence.json';
/** For people; no program reads it. */
export const README_ENTRY = 'README.txt';
export const BEFORE_ENTRY = 'transcripts/before.json';

export function transcriptEntry(round: number): string {
  return `transcripts/round-${round}.json`;
}

/** Model files, what strategies remember, and packed summed ciphertexts: each by the SHA-256 of its bytes. */
export const BLOB_KINDS = ['models', 'states', 'sums'] as const;
export type BlobKind = (typeof BLOB_KINDS)[number];

export function blobEntry(kind: BlobKind, hash: string): string {
  return `${kind}/${hash}`;
}

/** What an entry of such a name is; undefined where an evidence file has none of that name. */
export function entryKind(name: string): 'index' | 'readme' | 'transcript' | BlobKind | undefined {
  if (name === INDEX_ENTRY) return 'index';
  if (name === README_ENTRY) return 'readme';
  if (name === BEFORE_ENTRY || /^transcripts\/round-[1-9][0-9]{0,9}\.json$/.test(name)) return 'transcript';
  const [kind, hash, ...rest] = name.split('/');
  const found = BLOB_KINDS.find((each) => each === kind);
  return found && rest.length === 0 && Hash.safeParse(hash).success ? found : undefined;
}
