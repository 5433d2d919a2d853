import { readFileSync } from 'node:fs';
import { verifyEvidence } from '@sotto/participant/evidence-check';
import { looksLikeEvidence } from '@sotto/participant/evidence-file';
import { type Inclusion, inclusionOf } from '@sotto/participant/inclusion';
import { type TranscriptReport, verifyTranscript } from '@sotto/participant/transcript-check';
import { runKeyText } from '@sotto/protocol/ids';
import type { Pins } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import { roundPlanOf, Transcript, type TranscriptBody } from '@sotto/protocol/transcript';
import { Failure, reasonOf } from './failure.ts';
import { readJson } from './json-file.ts';
import { readInvite } from './pins.ts';

export interface VerifyOptions {
  readonly invite?: string;
  readonly study?: string;
  readonly device?: string;
  readonly sum?: readonly string[];
  readonly model?: string;
  readonly state?: string;
}

const WHERE: Readonly<Record<Inclusion, string>> = {
  included: 'its update is in the sum',
  'left-out': 'its update is in the sum of a group that was left out',
  dropped: 'its update was a candidate and is in no sum',
  absent: 'it has no update in this round',
};

/** Checks an evidence file, or every one of the transcripts and that they follow one another. @throws Failure when anything does not hold */
export async function verifyFiles(files: readonly string[], options: VerifyOptions): Promise<void> {
  const { invite, study, sum, model, state } = options;
  const invited = readInvite(invite);
  if (study !== undefined && invited.studyKey !== null && invited.studyKey !== study)
    throw new Failure('--study and --invite name different study keys.');
  const pins = { ...invited, studyKey: study ?? invited.studyKey };
  if (sum !== undefined && files.length > 1)
    throw new Failure('--sum goes with a single transcript: it is of that round.');
  if (model !== undefined && sum === undefined)
    throw new Failure('--model goes with --sum: the new model is made of the one before and the opened mean.');
  if (state !== undefined && model === undefined)
    throw new Failure('--state goes with --model: both are what the round started from.');
  const [first] = files;
  const bytes = readBytes(first!);
  const archive = looksLikeEvidence(bytes);
  if (archive && files.length > 1)
    throw new Failure('Verify one evidence file at a time, and transcripts without any.');
  if (archive && sum !== undefined) throw new Failure('--sum goes with a transcript: an evidence file brings its own.');
  await (archive ? verifyArchive(first!, bytes, pins, options) : verifyTranscripts(files, pins, options));
  console.log('Everything that was checked holds.');
}

async function verifyArchive(path: string, bytes: Uint8Array, pins: Pins, { device }: VerifyOptions): Promise<void> {
  const evidence = await verifyEvidence(bytes, { pins });
  if (isRejection(evidence)) throw new Failure(`${path}: ${evidence.message}`);
  const { index, records, problems, unchecked, holds } = evidence;
  console.log(`${path}: ${index.rounds.length} rounds of ${index.run}, coordinator ${index.coordinator}`);
  for (const problem of problems) console.log(`  FAIL  ${problem}`);
  for (const what of unchecked) console.log(`  --    not checked: ${what}`);
  for (const { name, body, report } of records) tell(name, body, report, device);
  if (holds) return;
  const broken = records.filter(({ report }) => report.problems.length > 0).length;
  const what = [
    ...(problems.length > 0 ? ['the file itself'] : []),
    ...(broken > 0 ? [`${broken} of ${records.length} transcripts in it`] : []),
  ];
  throw new Failure(`${path} does not hold: ${what.join(', and ')}. See the lines with FAIL.`);
}

async function verifyTranscripts(
  files: readonly string[],
  pins: Pins,
  { sum, model, state, device }: VerifyOptions,
): Promise<void> {
  const transcripts = files
    .map((file) => ({ file, transcript: readJson(file, 'a transcript', Transcript) }))
    .sort((a, b) => roundOf(a.transcript) - roundOf(b.transcript));
  const atHand = {
    ...(sum && { sums: sum.map(readBytes) }),
    ...(model !== undefined && { model: readBytes(model) }),
    ...(state !== undefined && { state: readBytes(state) }),
  };

  let failed = 0;
  let previous: TranscriptBody | undefined;
  for (const { file, transcript } of transcripts) {
    const plan = roundPlanOf(transcript.body);
    if (previous && runKeyText(roundPlanOf(previous)) !== runKeyText(plan))
      throw new Failure(`${file} is of another run than the one before it. Verify one run at a time.`);
    const report = await verifyTranscript(transcript, { pins, ...atHand, ...(previous && { previous }) });
    tell(file, transcript.body, report, device);
    if (report.problems.length > 0) failed += 1;
    previous = transcript.body;
  }
  if (failed > 0) throw new Failure(`${failed} of ${files.length} transcripts do not hold.`);
}

function tell(name: string, body: TranscriptBody, report: TranscriptReport, device: string | undefined): void {
  console.log(`${name}: round ${report.round} of ${roundPlanOf(body).run}, ${report.contributors} contributors`);
  for (const { name: check, problems } of report.checks)
    console.log(problems.length === 0 ? `  ok    ${check}` : `  FAIL  ${check}: ${problems.join(' ')}`);
  for (const what of report.unchecked) console.log(`  --    not checked: ${what}`);
  if (device !== undefined) console.log(`  ->    device ${device.slice(0, 16)} …: ${WHERE[inclusionOf(body, device)]}`);
}

function roundOf({ body }: Transcript): number {
  return roundPlanOf(body).round;
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}.`);
  }
}
