import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'string' },
  },
});
const wanted = Number(values.inputs);
const seed = Number(values.seed);
if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run test:fuzz -- [--inputs 100000] [--seed N] [--json FILE]');
  process.exit(2);
}
const began = performance.now();
let shown = 0;
const { inputs, crashes, timeouts, doubled, published, memory, problems } = await fuzz({
  inputs: wanted,
  seed,
  silent: Math.ceil(wanted / 10),
  onProgress(done, rounds) {
    const line = `${done} of ${wanted} inputs, ${rounds} honest rounds published`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
    else if (done - shown >= wanted / 10) {
      shown = done;
      console.error(line);
    }
  },
});
if (process.stderr.isTTY) process.stderr.write('\n');
const seconds = Math.round((performance.now() - began) / 1000);
console.log(
  `${inputs} inputs in ${seconds} s: ${crashes} crashes, ${timeouts} timeouts, ${doubled} doubled, ${published} honest rounds published, memory ${memory.before} to at most ${memory.most} MB`,
);
for (const problem of problems) console.error(problem);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ inputs, crashes, doubled })}\n`);
if (inputs < wanted || crashes > 0 || timeouts > 0 || doubled > 0) {
  console.error(`To repeat it: npm run test:fuzz -- --inputs ${wanted} --seed ${seed}`);
  process.exitCode = 1;
} else process.exitCode = 0;
