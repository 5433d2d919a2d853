// `npm run check`: the checks alone, without any test.
import { CHECKS } from './checks.ts';
import { runStep } from './command.ts';
import { addTallies, type Tally, tallyLine } from './tally.ts';

const tallies: Tally[] = [];
for (const check of CHECKS) tallies.push(await runStep(check));
const total = addTallies(tallies);
console.log(`\n${tallyLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
