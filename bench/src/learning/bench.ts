import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findObstacle } from '../output-file.ts';
import { percent, tellGoals } from './goal.ts';
import { learn } from './learn.ts';
import { PARTS, type Part } from './parts.ts';
import { benchQuickly } from './quick.ts';
import { fileOf, readResults, writeResults } from './results.ts';
import type { LearnedRun } from './run.ts';

const RESULTS = join(import.meta.dirname, '../../results');
const UNFINISHED = join(import.meta.dirname, '../../unfinished');

/**
 * How well models are learned. `--quick` takes minutes and writes its figures where `--json` says. Otherwise all parts take hours, or the
 * one that `--part` names: each writes its runs into bench/results as they end, leaves out those that are there, and goes on with the one
 * that was interrupted.
 */
export async function benchLearning(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'string' }, quick: { type: 'boolean' }, part: { type: 'string' } },
  });
  const fault = faultOf(values) ?? (values.json === undefined ? null : findObstacle(values.json));
  if (fault !== null) {
    console.error(fault);
    return false;
  }
  if (values.quick) return benchQuickly(values.json ?? null);
  // Hours on somebody's machine: everything else there goes first.
  setPriority(constants.priority.PRIORITY_LOW);
  let met = true;
  for (const part of PARTS)
    if (values.part === undefined || values.part === part.name) met = (await playPart(part)) && met;
  return met;
}

function faultOf({ quick, part, json }: { quick?: boolean; part?: string; json?: string }): string | null {
  const names = PARTS.map(({ name }) => name).join(', ');
  if (part !== undefined && !PARTS.some(({ name }) => name === part))
    return `There is no part “${part}”. There are: ${names}.`;
  if (quick && part !== undefined) return '--quick has no parts. Leave out one of the two.';
  if (!quick && json !== undefined) return `--json goes with --quick: parts write their own files into ${RESULTS}.`;
  return null;
}

async function playPart(part: Part): Promise<boolean> {
  console.log(`${part.name}:`);
  const path = fileOf(RESULTS, part.name);
  const runs = readResults(path, part);
  for (const run of runs) tellRun(run);
  for (const run of part.runs) {
    if (runs.some(({ name }) => name === run.name)) continue;
    const folder = join(UNFINISHED, `${part.name}-${part.runs.indexOf(run)}`);
    const learned = await learn(run, folder, (rounds, accuracy) => {
      if (rounds % 10 === 0) console.error(`    round ${rounds}: ${percent(accuracy)}`);
    });
    runs.push(learned);
    writeResults(path, part.name, runs);
    tellRun(learned);
  }
  return tellGoals(part.goals(runs));
}

function tellRun({ name, target, roundsToTarget, best, accuracies, note }: LearnedRun): void {
  const reached = roundsToTarget === null ? '' : `, ${percent(target!)} after ${roundsToTarget}`;
  const why = note === null ? '' : ` (${note})`;
  console.log(`  ${name}: best ${percent(best)} of ${accuracies.length} rounds${reached}${why}`);
}
