// `npm run test:crash [-- --json FILE]`: kills coordinators at every failpoint until there are enough, and counts what was lost or doubled.
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FAILPOINTS } from '../../src/failpoints.ts';
import { readDeaths, writeDeaths } from './deaths.ts';
import { PLOTS } from './plots.ts';
import { drawFates, killAnywhere, killAtEach, randomOf } from './schedule.ts';
import type { Plot } from './script.ts';
import { type Case, type Played, play } from './stage.ts';

const USAGE = `npm run test:crash -- [--json FILE] [--seed 1] [--kills 200] [--plot NAME] [--database sqlite|postgres] [--only DEATHS]
  --json FILE     what came out, as { kills, failpoints, lost, doubled }
  --seed N        draws other kills
  --kills N       how many; fewer than there are failpoints leave some of them out
  --plot NAME     ${PLOTS.map(({ name }) => name).join(', ')}; default: all of them
  --database      default: SQLite and, where SOTTO_TEST_POSTGRES is the address of a server, PostgreSQL in every fourth case
  --only DEATHS   one case of these deaths, as a failed one prints them`;

const values = readArguments();
const wanted = values.only === undefined ? Number(values.kills) : 0;
if (!Number.isSafeInteger(wanted) || wanted < 0) refuse('--kills is a whole number.');
const random = randomOf(Number(values.seed));
const plots = PLOTS.filter(({ name }) => values.plot === undefined || name === values.plot);
if (plots.length === 0) refuse('There is no such plot.');
const postgres = process.env.SOTTO_TEST_POSTGRES ?? null;
if (values.database === 'postgres' && postgres === null)
  refuse('--database postgres needs SOTTO_TEST_POSTGRES, the address of a PostgreSQL server.');
// Now, not after a quarter of an hour, is the time to learn that it cannot be written.
if (values.json !== undefined) {
  try {
    accessSync(existsSync(values.json) ? values.json : dirname(resolve(values.json)), constants.W_OK);
  } catch {
    refuse(`${values.json} cannot be written.`);
  }
}

const totals = { kills: 0, lost: 0, doubled: 0, deaths: 0, resumed: 0 };
const hit = new Set<string>();
const failures: string[] = [];
let cases = 0;
const began = Date.now();

const seconds = () => ((Date.now() - began) / 1000).toFixed(0);

async function perform(plot: Plot, given: Pick<Case, 'kills' | 'fates'>, record = false): Promise<Played> {
  cases += 1;
  // A part of them on PostgreSQL, where there is one.
  const database = values.database ?? (postgres !== null && cases % 4 === 0 ? 'postgres' : 'sqlite');
  const played = await play({ plot, ...given, record, server: database === 'postgres' ? postgres : null });
  totals.kills += played.killed.length;
  for (const name of ['lost', 'doubled', 'deaths', 'resumed'] as const) totals[name] += played[name];
  for (const { failpoint } of played.killed) hit.add(failpoint);
  const deaths = writeDeaths(given);
  console.log(`${seconds()} s  ${totals.kills} kills at ${hit.size} failpoints  ${plot.name}, ${database}: ${deaths}`);
  if (played.problems.length > 0) {
    for (const problem of played.problems) console.log(`  FAILED: ${problem}`);
    const again = `npm run test:crash -- --plot ${plot.name} --database ${database} --only ${deaths}`;
    console.log(`  again: ${again}`);
    failures.push(again);
  }
  return played;
}

if (values.only === undefined) await killEverywhere();
else await perform(plots[0]!, readDeaths(values.only));

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean' },
        json: { type: 'string' },
        seed: { type: 'string', default: '1' },
        kills: { type: 'string', default: '200' },
        plot: { type: 'string' },
        only: { type: 'string' },
        database: { type: 'string' },
      },
    });
    if (!values.help) return values;
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
  console.log(USAGE);
  process.exit(0);
}

function refuse(what: string): never {
  console.error(`${what}\n${USAGE}`);
  process.exit(2);
}

async function killEverywhere(): Promise<void> {
  const ways = new Map<Plot, readonly string[]>();
  for (const plot of plots) ways.set(plot, (await perform(plot, { kills: [], fates: new Map() }, true)).passed);
  // Each failpoint once, in the first plot that comes by it.
  const seen = new Set<string>();
  for (const [plot, passed] of ways) {
    const fresh = new Set(passed.filter((name) => !seen.has(name)));
    for (const name of fresh) seen.add(name);
    for (const kills of killAtEach(fresh, passed, random)) {
      const left = kills.slice(0, wanted - totals.kills);
      if (left.length > 0) await perform(plot, { kills: left, fates: drawFates(plot.devices, random) });
    }
    // Restarts take other ways now and then; alone and at its first time each is come by.
    for (const failpoint of fresh)
      if (!hit.has(failpoint) && totals.kills < wanted)
        await perform(plot, { kills: [{ failpoint, nth: 1, lingerMs: 0 }], fates: new Map() });
  }
  while (totals.kills < wanted)
    for (const [plot, passed] of ways) {
      if (totals.kills >= wanted) break;
      await perform(plot, { kills: killAnywhere(passed, random), fates: drawFates(plot.devices, random) });
    }
  const all = values.plot === undefined ? new Set([...FAILPOINTS, ...seen]) : seen;
  const missed = [...all].filter((name) => !hit.has(name));
  if (wanted < all.size) console.log(`Partial: ${missed.length} of ${all.size} failpoints are left out.`);
  else for (const name of missed) failures.push(`no coordinator was killed at ${name}`);
}

for (const failure of failures) console.log(`FAILED  ${failure}`);
console.log(
  `${totals.kills} kills at ${hit.size} failpoints in ${seconds()} s, ${totals.deaths} deaths of devices, ${totals.resumed} uploads taken up in the middle: ${totals.lost} lost, ${totals.doubled} doubled`,
);
if (values.json !== undefined) {
  const { kills, lost, doubled } = totals;
  writeFileSync(values.json, `${JSON.stringify({ kills, failpoints: hit.size, lost, doubled })}\n`);
}
process.exit(failures.length === 0 && totals.kills >= wanted && totals.lost === 0 && totals.doubled === 0 ? 0 : 1);
