import type { Pins } from '@sotto/protocol/invite';
import { isRejection, type Rejection } from '@sotto/protocol/rejection';
import { fetchTranscript } from './public-documents.ts';
import { verifyTranscript } from './transcript-check.ts';
import type { Transport } from './transport.ts';

/** What the published record says about this device's update, checked by this device. */
export interface Receipt {
  readonly round: number;
  readonly transcript: string;
  readonly contributors: number;
  /** This device's update is in the sum. */
  readonly included: boolean;
  /** What does not hold in the transcript; empty in an honest round. */
  readonly problems: readonly string[];
}

/** Fetches the transcript with this hash and verifies it as a participant with these pins. */
export async function fetchReceipt(
  transport: Transport,
  hash: string,
  device: string,
  pins: Pins,
): Promise<Receipt | Rejection> {
  const transcript = await fetchTranscript(transport, hash);
  if (isRejection(transcript)) return transcript;
  const { body } = transcript;
  const report = await verifyTranscript(transcript, { pins });
  return {
    round: body.plan.plan.round,
    transcript: hash,
    contributors: body.contributors.length,
    included: body.contributors.includes(device),
    problems:
      report.hash === hash
        ? report.problems
        : [...report.problems, 'The transcript is not the one that was announced.'],
  };
}
