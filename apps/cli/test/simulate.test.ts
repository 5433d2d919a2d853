import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunResult } from '../src/result.ts';
import { sotto, temporaryFolder } from './command.ts';

const simulation = (seed: number, json: string) =>
  sotto(`simulate --task breast-cancer --participants 4 --rounds 2 --seed ${seed} --json ${json}`.split(' '));
/** The table's last column: what the models hash to. */
const modelsOf = (stdout: string) => stdout.match(/[0-9a-f]{12}$/gm);

test('a seed fixes the models bit for bit, another seed gives others, and every opened sum is exact', async () => {
  using folder = temporaryFolder();
  const json = join(folder.path, 'out.json');
  const first = await simulation(7, json);
  const { rounds, ...result } = JSON.parse(readFileSync(json, 'utf8')) as RunResult;
  const again = await simulation(7, json);
  const other = await simulation(8, json);
  expect(first).toMatchObject({ code: 0 });
  expect(modelsOf(first.stdout)).toHaveLength(3);
  expect(modelsOf(again.stdout)).toEqual(modelsOf(first.stdout));
  expect(modelsOf(other.stdout)).not.toEqual(modelsOf(first.stdout));
  expect(result).toEqual({
    task: 'breast-cancer',
    parameters: 530,
    bytesPerParameter: expect.any(Number),
    sumExact: true,
  });
  expect(result.bytesPerParameter).toBeLessThan(3.3);
  expect(rounds.map(({ round, contributors }) => ({ round, contributors }))).toEqual([
    { round: 1, contributors: 4 },
    { round: 2, contributors: 4 },
  ]);
  for (const round of rounds)
    expect(Object.keys(round).sort()).toEqual(
      ['contributors', 'openMs', 'round', 'sealMs', 'testAccuracy', 'uploadBytes'].sort(),
    );
});

test('three devices learn to tell spam in one sealed round', async () => {
  using folder = temporaryFolder();
  const json = join(folder.path, 'out.json');
  const ended = await sotto(`simulate --task spam --participants 3 --rounds 1 --seed 1 --json ${json}`.split(' '));
  expect(ended).toMatchObject({ code: 0 });
  const { rounds, parameters, sumExact } = JSON.parse(readFileSync(json, 'utf8')) as RunResult;
  expect({ parameters, sumExact }).toEqual({ parameters: 8194, sumExact: true });
  // Calling nothing spam would be right for 0.80.
  expect(rounds[0]!.testAccuracy).toBeGreaterThan(0.94);
});

test('participants that drop out are left out, come back, and change nothing about what a seed gives', async () => {
  const run = () =>
    sotto('simulate --task breast-cancer --participants 8 --rounds 2 --seed 5 --drop 0.5 --committee named'.split(' '));
  const first = await run();
  const again = await run();
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toMatch(/^ +1 .* 7 /m);
  expect(modelsOf(again.stdout)).toEqual(modelsOf(first.stdout));
});

test('a round that too few stay for ends the simulation at once, and progress counts rounds as outcomes do', async () => {
  const { code, stderr } = await sotto(
    'simulate --task breast-cancer --participants 4 --rounds 2 --seed 5 --drop 0.999'.split(' '),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^round 1, 0 of 2 published: /m);
  expect(stderr).toMatch(/^sotto: Round \d+ cannot be published: \d of 4 participants drop out before .* needs 3 .*$/m);
  expect(stderr).not.toContain('    at ');
});

test('a simulation says what is wrong with its arguments', async () => {
  using folder = temporaryFolder();
  const outcomes = await Promise.all([
    sotto(['simulate', '--task', 'breast-cancer', '--json', folder.path]),
    sotto(['simulate', '--task', 'nothing']),
    sotto(['simulate', '--task', 'breast-cancer', '--participants', '2']),
    sotto(['simulate', '--task', 'breast-cancer', '--json', '/nowhere/out.json']),
    sotto(['simulat']),
    sotto(['simulate', '--task', 'mnist', '--participant', '4']),
  ]);
  for (const { code } of outcomes) expect(code).toBe(1);
  expect(outcomes.map(({ stderr }) => stderr)).toEqual([
    `sotto: ${folder.path} cannot be written: it is a folder. Name a file in it.\n`,
    expect.stringContaining('There is no task nothing. Known tasks: breast-cancer, mnist, spam.'),
    expect.stringContaining('a whole number from 3 to 10000'),
    expect.stringContaining('/nowhere/out.json cannot be written'),
    expect.stringContaining('Did you mean simulate?'),
    expect.stringContaining('Did you mean --participants?'),
  ]);
});
