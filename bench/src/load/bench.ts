import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findObstacle } from '../output-file.ts';
import { type MeasuredRound, measureRound } from './measured-round.ts';

/** What the larger round is compared with. */
const FEW = 100;
const FEWEST = 3;
const MOST_RSS_MB = 600;
/** Of an update's bytes, how much the coordinator's memory may grow by a participant: sockets and records are far below, updates that pile up above. */
const MOST_GROWTH = 0.5;

/**
 * Whole rounds of live participants: real sockets, updates of 100,202 parameters really sealed, a committee that checks, votes and opens.
 * Only learning is left out: every participant has a fixed update. Measured is the coordinator, alone in its process.
 */
export async function benchLoad(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'string' }, participants: { type: 'string', default: '1000' } },
  });
  const participants = Number(values.participants);
  const obstacle =
    Number.isSafeInteger(participants) && participants >= FEWEST
      ? values.json === undefined
        ? null
        : findObstacle(values.json)
      : `--participants ${values.participants} cannot be used: it must be a whole number from ${FEWEST} on.`;
  if (obstacle !== null) {
    console.error(obstacle);
    return false;
  }

  console.log('One round over real sockets, 100,202 parameters sealed; the coordinator alone:');
  const runs: MeasuredRound[] = [];
  for (const count of new Set([Math.min(FEW, participants), participants])) {
    const measured = await measureRound(count);
    runs.push(measured);
    print(measured);
  }
  const few = runs[0]!;
  const most = runs.at(-1)!;
  // Between rounds of nearly the same size, what garbage happens to lie about says more than the participants do.
  const bytesAParticipant =
    participants >= 5 * FEW
      ? Math.max(0, Math.round(((most.rssPeakMB - few.rssPeakMB) * 1e6) / (most.participants - few.participants)))
      : null;
  const mostBytes = MOST_GROWTH * most.uploadBytes;
  if (bytesAParticipant !== null)
    console.log(
      `  ${bytesAParticipant.toLocaleString('en')} bytes of memory a participant (at most ${mostBytes.toLocaleString('en')} are allowed, half an update).`,
    );
  const { participants: _, wallMs, rssPeakMB, loopLagP99Ms } = most;
  const result = { bench: 'load', participants, wallMs, rssPeakMB, loopLagP99Ms, bytesAParticipant, runs };
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  return (
    runs.every((run) => run.rssPeakMB <= MOST_RSS_MB) && (bytesAParticipant === null || bytesAParticipant <= mostBytes)
  );
}

function print({ participants, wallMs, rssPeakMB, loopLagP99Ms, phases }: MeasuredRound): void {
  console.log(
    `  ${participants} participants: ${(wallMs / 1000).toFixed(1)} s, at most ${rssPeakMB} MB (${MOST_RSS_MB} are allowed), 99% of timers less than ${loopLagP99Ms} ms late`,
  );
  for (const { phase, ms, rssMB, loopLagP99Ms: lag } of phases)
    console.log(
      `    ${phase.padEnd(12)}${(ms / 1000).toFixed(1).padStart(7)} s${String(rssMB).padStart(6)} MB${String(lag).padStart(6)} ms`,
    );
}
