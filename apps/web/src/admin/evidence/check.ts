import { verifyEvidence } from '@sotto/participant/evidence-check';
import { looksLikeEvidence } from '@sotto/participant/evidence-file';
import { type TranscriptReport, verifyTranscript } from '@sotto/participant/transcript-check';
import { firstIssue, inWords } from '@sotto/protocol/in-words';
import type { Pins } from '@sotto/protocol/invite';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { roundPlanOf, Transcript, type TranscriptBody } from '@sotto/protocol/transcript';
import { decodeUtf8 } from '@sotto/protocol/utf8';

/** A record, and what came of checking it. */
export interface CheckedRecord {
  /** Its entry in the file, or what it is where it is the whole file. */
  readonly name: string;
  readonly body: TranscriptBody;
  readonly report: TranscriptReport;
}

/** What came of checking a file of evidence: of many rounds, or of a single one. */
export interface CheckedFile {
  readonly run: string;
  readonly task: string;
  readonly records: readonly CheckedRecord[];
  /** What of the file itself does not hold, each with where. */
  readonly problems: readonly string[];
  readonly unchecked: readonly string[];
  readonly holds: boolean;
}

/** Most of a file that is a single record: anything larger is none. */
const MOST_RECORD_BYTES = 1 << 28;

/** Checks an evidence file or a single transcript, by itself. */
export async function checkFile(
  bytes: Uint8Array,
  pins: Pins,
  onProgress: (done: number, of: number) => void,
): Promise<CheckedFile | Rejection> {
  if (looksLikeEvidence(bytes)) {
    const evidence = await verifyEvidence(bytes, { pins, onProgress });
    if (isRejection(evidence)) return evidence;
    const { index, ...rest } = evidence;
    return { ...rest, run: index.run, task: index.task };
  }
  const transcript = readTranscript(bytes);
  if (isRejection(transcript)) return transcript;
  const { body } = transcript;
  const { run, task } = roundPlanOf(body);
  const report = await verifyTranscript(transcript, { pins });
  const records = [{ name: 'transcript', body, report }];
  return { run, task, records, problems: [], unchecked: [], holds: report.problems.length === 0 };
}

function readTranscript(bytes: Uint8Array): Transcript | Rejection {
  const neither = (why: string) =>
    reject('bad_evidence', `This is neither an evidence file nor the transcript of a round: ${why}.`);
  if (bytes.length > MOST_RECORD_BYTES) return neither('it is too large');
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes));
  } catch {
    return neither('it is no ZIP archive and not JSON');
  }
  const parsed = Transcript.safeParse(json, { error: inWords });
  return parsed.success ? parsed.data : neither(firstIssue(parsed.error));
}
