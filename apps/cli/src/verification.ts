import { readFileSync } from 'node:fs';
import { verifyTranscript } from '@sotto/participant/transcript-check';
import { runKeyText } from '@sotto/protocol/ids';
import { roundPlanOf, Transcript, type TranscriptBody } from '@sotto/protocol/transcript';
import { Failure, reasonOf } from './failure.ts';
import { readJson } from './json-file.ts';
import { readInvite } from './pins.ts';

export interface VerifyOptions {
  readonly invite?: string;
  readonly study?: string;
  readonly sum?: readonly string[];
  readonly model?: string;
  readonly state?: string;
}

/** Checks every transcript and that they follow one another. @throws Failure when anything does not hold */
export async function verifyFiles(
  files: readonly string[],
  { invite, study, sum, model, state }: VerifyOptions,
): Promise<void> {
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
    console.log(`${file}: round ${report.round} of ${plan.run}, ${report.contributors} contributors`);
    for (const { name, problems } of report.checks)
      console.log(problems.length === 0 ? `  ok    ${name}` : `  FAIL  ${name}: ${problems.join(' ')}`);
    for (const what of report.unchecked) console.log(`  --    not checked: ${what}`);
    if (report.problems.length > 0) failed += 1;
    previous = transcript.body;
  }
  if (failed > 0) throw new Failure(`${failed} of ${files.length} transcripts do not hold.`);
  console.log('Everything that was checked holds.');
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
