import { readFileSync } from 'node:fs';
import { verifyTranscript } from '@sotto/participant/transcript-check';
import { runKeyText } from '@sotto/protocol/ids';
import { Transcript } from '@sotto/protocol/transcript';
import { Failure, reasonOf } from './failure.ts';
import { readJson } from './json-file.ts';
import { readInvite } from './pins.ts';

export interface VerifyOptions {
  readonly invite?: string;
  readonly study?: string;
  readonly sum?: string;
  readonly model?: string;
}

/** Checks every transcript and that they follow one another. @throws Failure when anything does not hold */
export async function verifyFiles(
  files: readonly string[],
  { invite, study, sum, model }: VerifyOptions,
): Promise<void> {
  const invited = readInvite(invite);
  if (study !== undefined && invited.studyKey !== null && invited.studyKey !== study)
    throw new Failure('--study and --invite name different study keys.');
  const pins = { ...invited, studyKey: study ?? invited.studyKey };
  if (sum !== undefined && files.length > 1)
    throw new Failure('--sum goes with a single transcript: it is the sum of one.');
  if (model !== undefined && sum === undefined)
    throw new Failure('--model goes with --sum: the new model is the one before plus the opened mean.');
  const transcripts = files
    .map((file) => ({ file, transcript: readJson(file, 'a transcript', Transcript) }))
    .sort((a, b) => roundOf(a.transcript) - roundOf(b.transcript));
  const packed = sum === undefined ? undefined : readBytes(sum);
  const before = model === undefined ? undefined : readBytes(model);

  let failed = 0;
  let previous: { readonly hash: string; readonly run: string } | undefined;
  for (const { file, transcript } of transcripts) {
    const { plan } = transcript.body.plan;
    const run = runKeyText(plan);
    if (previous && previous.run !== run)
      throw new Failure(`${file} is of another run than the one before it. Verify one run at a time.`);
    const report = await verifyTranscript(transcript, {
      pins,
      ...(packed && { sum: packed }),
      ...(before && { model: before }),
      ...(previous && { previous: previous.hash }),
    });
    console.log(`${file}: round ${report.round} of ${plan.run}, ${report.contributors} contributors`);
    for (const { name, problems } of report.checks)
      console.log(problems.length === 0 ? `  ok    ${name}` : `  FAIL  ${name}: ${problems.join(' ')}`);
    for (const what of report.unchecked) console.log(`  --    not checked: ${what}`);
    if (report.problems.length > 0) failed += 1;
    previous = { hash: report.hash, run };
  }
  if (failed > 0) throw new Failure(`${failed} of ${files.length} transcripts do not hold.`);
  console.log('Everything that was checked holds.');
}

function roundOf({ body }: Transcript): number {
  return body.plan.plan.round;
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${reasonOf(error)}.`);
  }
}
