import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SimulationResult } from '../src/simulation/figures.ts';
import { interrupted, sotto, temporaryFolder } from './command.ts';

const simulate = (args: string, json?: string) =>
  sotto(['simulate', ...args.split(' '), ...(json === undefined ? [] : ['--json', json])]);
/** The table's last column: what the models hash to. */
const modelsOf = (stdout: string) => stdout.match(/[0-9a-f]{12}$/gm);
const readResult = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as SimulationResult;
/** What a round was, without what only sealing it can tell. */
const roundsOf = ({ rounds }: SimulationResult) =>
  rounds.map(({ sealMs: _, uploadBytes: __, openMs: ___, ...round }) => round);

test('a seed fixes the models bit for bit, sealed or not, another seed gives others, and every opened sum is exact', async () => {
  using folder = temporaryFolder();
  const [json, plain] = [join(folder.path, 'out.json'), join(folder.path, 'plain.json')];
  const wanted = '--task breast-cancer --participants 4 --rounds 2';
  const first = await simulate(`${wanted} --seed 7`, json);
  const again = await simulate(`${wanted} --seed 7 --seal off`, plain);
  const other = await simulate(`${wanted} --seed 8 --seal off`);
  expect(first).toMatchObject({ code: 0 });
  expect(modelsOf(first.stdout)).toHaveLength(3);
  expect(modelsOf(again.stdout)).toEqual(modelsOf(first.stdout));
  expect(modelsOf(other.stdout)).not.toEqual(modelsOf(first.stdout));
  const result = readResult(json);
  expect(result).toMatchObject({ task: 'breast-cancer', seal: 'on', parameters: 530, sumExact: true, finished: true });
  expect(result.bytesPerParameter).toBeLessThan(3.3);
  expect(result.rounds).toMatchObject([1, 2].map((round) => ({ round, contributors: 4, caught: 0 })));
  for (const { sealMs, uploadBytes, openMs } of result.rounds)
    for (const measured of [sealMs, uploadBytes, openMs]) expect(measured).toBeGreaterThan(0);
  expect(readResult(plain)).toMatchObject({ seal: 'off', sumExact: null, bytesPerParameter: result.bytesPerParameter });
  expect(roundsOf(readResult(plain))).toEqual(roundsOf(result));
});

test('with groups, drop-outs, attackers and a strategy that remembers, plain integers give the models of sealed ones, round by round', async () => {
  using folder = temporaryFolder();
  const [sealed, plain] = [join(folder.path, 'sealed.json'), join(folder.path, 'plain.json')];
  const wanted =
    '--task breast-cancer --participants 18 --rounds 3 --seed 5 --partition dirichlet --drop 0.1 --fraction-fit 0.9 --groups 3 --least-groups 1 --robust median --attack nan --attackers 0.2 --strategy FedAdam --eta 0.05';
  const [first, again] = [await simulate(wanted, sealed), await simulate(`${wanted} --seal off`, plain)];
  expect([first.code, again.code]).toEqual([0, 0]);
  const result = readResult(sealed);
  expect(result).toMatchObject({ sumExact: true, finished: true });
  expect(result.rounds).toHaveLength(3);
  expect(result.rounds[0]!.groups).toHaveLength(3);
  expect(result.rounds.reduce((sum, { caught }) => sum + caught, 0)).toBeGreaterThan(3);
  expect(roundsOf(readResult(plain))).toEqual(roundsOf(result));
  expect(readResult(plain).abandoned).toEqual(result.abandoned);
});

test('stopped by Ctrl-C and gone on with, a sealed simulation comes to the models that it would have come to', async () => {
  using folder = temporaryFolder();
  const kept = join(folder.path, 'kept');
  const [csv, plot] = [join(folder.path, 'out.csv'), join(folder.path, 'out.svg')];
  const wanted = '--task breast-cancer --participants 4 --rounds 3 --seed 3 --strategy FedAvgM --server-momentum 0.5';
  const whole = await simulate(`${wanted} --seal off`);
  const stopped = await interrupted(['simulate', ...`${wanted} --keep ${kept}`.split(' ')], /^round 1: /m);
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain(`Go on with: sotto simulate --resume ${kept}`);
  expect(modelsOf(stopped.stdout)!.length).toBeLessThan(4);
  const resumed = await simulate(`--resume ${kept} --csv ${csv} --plot ${plot}`);
  expect(resumed).toMatchObject({ code: 0 });
  expect(modelsOf(resumed.stdout)).toEqual(modelsOf(whole.stdout));
  expect(readFileSync(csv, 'utf8').trimEnd().split('\n')).toHaveLength(5);
  expect(readFileSync(plot, 'utf8')).toContain('</svg>');
  expect(existsSync(join(kept, 'transcripts'))).toBe(true);
});

test('three devices learn to tell spam in one sealed round', async () => {
  using folder = temporaryFolder();
  const json = join(folder.path, 'out.json');
  const ended = await sotto(`simulate --task spam --participants 3 --rounds 1 --seed 1 --json ${json}`.split(' '));
  expect(ended).toMatchObject({ code: 0 });
  const { rounds, parameters, sumExact } = readResult(json);
  expect({ parameters, sumExact }).toEqual({ parameters: 8194, sumExact: true });
  // Calling nothing spam would be right for 0.80.
  expect(rounds[0]!.testAccuracy).toBeGreaterThan(0.94);
});

test('a round that too few stay for ends the simulation at once, and progress counts rounds as outcomes do', async () => {
  const { code, stderr } = await sotto(
    'simulate --task breast-cancer --participants 4 --rounds 2 --seed 1 --drop 0.999'.split(' '),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^round 1, 0 of 2 published: /m);
  expect(stderr).toMatch(/^sotto: Round \d+ cannot be published: \d of 4 participants drop out before .* needs 3 .*$/m);
  expect(stderr).not.toContain('    at ');
});

test('rounds under noise say what they spend, and end when another would spend too much', async () => {
  using folder = temporaryFolder();
  const json = join(folder.path, 'out.json');
  const ended = await simulate(
    '--task breast-cancer --participants 12 --rounds 50 --seed 1 --seal off --dp-epsilon 30 --noise-multiplier 1 --dp-delta 1e-3 --dp-contributors 9',
    json,
  );
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('privacy budget is spent') });
  const { rounds, finished } = readResult(json);
  const spent = rounds.map(({ epsilon }) => epsilon!);
  expect(finished).toBe(true);
  expect(spent.length).toBeGreaterThan(1);
  expect(spent.length).toBeLessThan(50);
  expect(spent).toEqual(spent.toSorted((a, b) => a - b));
  expect(spent.at(-1)).toBeLessThanOrEqual(30);
});

test.each(['on', 'off'])(
  'what does not fit together is told by the names of the options, sealed or not: --seal %s',
  async (seal) => {
    const { stderr } = await simulate(
      `--task breast-cancer --participants 10 --seal ${seal} --groups 4 --dp-epsilon 2 --dp-contributors 5`,
    );
    expect(stderr).toContain(
      'sotto: --participants: 10 devices are too few, because a round needs 20: --groups (4) times --dp-contributors (5). Raise --participants, or lower --groups, or lower --dp-contributors.',
    );
  },
);

test('killed before its first round, a sealed simulation is gone on with', async () => {
  using folder = temporaryFolder();
  const kept = join(folder.path, 'kept');
  const wanted = `--task breast-cancer --participants 4 --rounds 1 --seed 3 --keep ${kept}`;
  await interrupted(['simulate', ...wanted.split(' ')], /^the participants join$/m, 'SIGKILL');
  expect(await simulate(`--resume ${kept}`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ +1 /m) });
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
    sotto(['simulate']),
    sotto(['simulate', '--task', 'mnist', '--eta', '1']),
    sotto(['simulate', '--resume', folder.path]),
    sotto(['simulate', '--task', 'breast-cancer', '--participants', '400', '--seal', 'off', '--partition', 'shards']),
    sotto(['simulate', '--task', 'breast-cancer', '--participants', '500', '--seal', 'off']),
  ]);
  for (const { code } of outcomes) expect(code).toBe(1);
  expect(outcomes.map(({ stderr }) => stderr)).toEqual([
    `sotto: ${folder.path} cannot be written: it is a folder. Name a file in it.\n`,
    expect.stringContaining('There is no task nothing. Known tasks: breast-cancer, mnist, spam.'),
    expect.stringContaining('a whole number from 3 to 10000'),
    expect.stringContaining('/nowhere/out.json cannot be written'),
    expect.stringContaining('Did you mean simulate?'),
    expect.stringContaining('Did you mean --participants?'),
    'sotto: Which task? Give --task, such as --task mnist.\n',
    'sotto: FedAvg takes no --eta. Leave it out, or choose another --strategy.\n',
    `sotto: ${folder.path} holds no simulation: there is no simulation.json. Begin one with --keep.\n`,
    expect.stringContaining('456 examples cannot be dealt into 800 pieces'),
    expect.stringContaining('There are 456 examples and 500 participants: each needs at least one.'),
  ]);
});

test.each([
  ['--dp-clip 1', '--dp-clip says nothing without --dp-epsilon or --noise-multiplier'],
  ['--attackers 0.5', '--attackers says nothing without --attack'],
  ['--shards-per-client 3', '--shards-per-client says nothing without --partition shards'],
  ['--by iid --shards-per-client 3', '--shards-per-client says nothing without --partition shards'],
  ['--by label --partition dirichlet', '--by label and --partition dirichlet spread the data in two ways'],
  ['--by label --partition iid', '--by label and --partition iid spread the data in two ways'],
  ['--attack scale --attackers 0.04', '--attackers: 0.04 of 10 participants are 0 attackers. Give at least 0.1, or'],
  ['--json same.out --csv ./same.out', '--json and --csv would both write ./same.out'],
  ['--robust median --groups 2 --trim 0.1', '--trim says nothing without --robust trimmed-mean'],
  ['--strategy FedProx', 'FedProx needs --proximal-mu'],
  ['--strategy FedAvgM --beta-1 0.5', 'FedAvgM takes no --beta-1. Leave it out'],
  ['--schedule step --schedule-factor 0.5', '--schedule step needs --schedule-every'],
  ['--schedule cosine --schedule-every 2', '--schedule cosine takes no --schedule-every'],
  ['--fraction-fit 0', 'It must be a number from 1e-9 to 1'],
  ['--beta-1 1', 'It must be a number from 0 up to, but not including, 1'],
  ['--plot curve.png', '--plot draws SVG: give it a name that ends in .svg, not curve.png'],
])('nothing that was asked for is left out in silence: %s', async (options, message) => {
  const { code, stderr } = await sotto(['simulate', '--task', 'breast-cancer', ...options.split(' ')]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
});
