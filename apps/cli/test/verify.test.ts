import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { startCoordinator } from '@sotto/coordinator/main';
import { makeSignInToken } from '@sotto/coordinator/sign-in/tokens';
import { contributorsOf, roundPlanOf, type Transcript } from '@sotto/protocol/transcript';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { logIn } from '../src/admin-session.ts';
import { sotto, temporaryFolder } from './command.ts';

/** The same record with one contributor less. */
function withoutOne(body: Transcript['body']): Transcript['body'] {
  if (body.version === 1) return { ...body, contributors: body.contributors.slice(1) };
  const [first, ...others] = body.parts;
  return { ...body, parts: [{ ...first!, contributors: first!.contributors.slice(1) }, ...others] };
}

type Changed = { -readonly [K in keyof Transcript]: Transcript[K] };

describe('verify', () => {
  const folder = temporaryFolder();
  const written = join(folder.path, 'tampered.json');
  let files: string[] = [];

  beforeAll(async () => {
    const keep = join(folder.path, 'data');
    const { code, stdout } = await sotto([
      ...'simulate --task breast-cancer --participants 4 --rounds 2 --strategy FedAdam --keep'.split(' '),
      keep,
    ]);
    expect(code).toBe(0);
    const transcripts = /^transcripts in (.+)$/m.exec(stdout)![1]!;
    files = readdirSync(transcripts).map((name) => join(transcripts, name));
  });
  afterAll(() => folder[Symbol.dispose]());

  const read = (at: number) => JSON.parse(readFileSync(files[at]!, 'utf8')) as Changed;
  async function verifyChanged(change: (body: Transcript['body']) => Transcript['body'], at = 0) {
    const transcript = read(at);
    writeFileSync(written, JSON.stringify({ ...transcript, body: change(transcript.body) }));
    return sotto(['verify', written]);
  }

  test('passes on a run, in whatever order its files are given, a line a check', async () => {
    expect(files).toHaveLength(2);
    const { code, stdout } = await sotto(['verify', ...files.toReversed()]);
    expect(code).toBe(0);
    for (const check of ['signature and chain', 'plan and committee', 'updates', 'check answers', 'votes', 'openings'])
      expect(stdout.match(new RegExp(`^ {2}ok {4}${check}$`, 'gm'))).toHaveLength(2);
    expect(stdout).not.toContain('FAIL');
    expect(stdout).toContain('not checked: the sum');
    expect(stdout).toContain('not checked: the model');
  });

  test('opens the sum again where it is at hand, and refuses another', async () => {
    const uploads = join(folder.path, 'data/blobs/uploads');
    const sum = join(uploads, readdirSync(uploads).at(-1)!, 'sum');
    const { body } = read(1);
    if (body.version === 1) throw new Error('an old record');
    const model = join(folder.path, 'data/blobs/models', roundPlanOf(body).model);
    const state = join(folder.path, 'data/blobs/states', body.state.before!);
    const stateless = await sotto(['verify', files[1]!, '--sum', sum, '--model', model]);
    expect(stateless.stdout).toContain('not checked: the model: it takes the opened sum, the model before and what');
    const whole = await sotto(['verify', files[1]!, '--sum', sum, '--model', model, '--state', state]);
    expect(whole.code).toBe(0);
    expect(whole.stdout).toContain('  ok    model');
    expect(whole.stdout).not.toMatch(/not checked: the (sum|model)/);
    const otherModel = await sotto(['verify', files[1]!, '--sum', sum, '--model', sum, '--state', state]);
    expect(otherModel.stdout).toContain('FAIL  model: The model at hand is not the one the round started from.');
    const bytes = readFileSync(sum);
    bytes[0]! ^= 1;
    writeFileSync(written, bytes);
    const refused = await sotto(['verify', files[1]!, '--sum', written]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('FAIL  sums: A summed ciphertext at hand is none that the transcript names.');
  });

  test('fails on a transcript that names another model, or leaves a contributor out', async () => {
    const model = await verifyChanged((body) => ({ ...body, model: '0'.repeat(64) }));
    const fewer = await verifyChanged(withoutOne);
    expect([model.code, fewer.code]).toEqual([1, 1]);
    expect(model.stdout).toContain('FAIL  signature and chain: The transcript is not signed by the coordinator.');
    expect(fewer.stdout).toContain('FAIL  check answers: The contributors are not the candidates');
    expect(fewer.stdout).toContain('FAIL  votes');
  });

  test('fails on a gap in the chain, on two rounds that are one, and on what is no transcript', async () => {
    const twice = await sotto(['verify', files[0]!, files[0]!]);
    expect(twice.code).toBe(1);
    expect(twice.stdout).toContain('does not follow the previous one');
    writeFileSync(written, '{"body": 1}');
    const outcomes = await Promise.all([
      sotto(['verify', written]),
      sotto(['verify', join(folder.path, 'nowhere.json')]),
      sotto(['verify', files[0]!, '--study', '1'.repeat(64)]),
      sotto(['verify', files[0]!, '--invite', '#colour=blue']),
    ]);
    for (const { code } of outcomes) expect(code).toBe(1);
    expect(outcomes[0]!.stderr).toContain('is not a transcript: body');
    writeFileSync(written, 'a secret of somebody');
    const foreign = await sotto(['verify', written]);
    expect(foreign).toMatchObject({ code: 1, stderr: `sotto: ${written} is not a transcript: it is not JSON.\n` });
    expect(outcomes[1]!.stderr).toContain('cannot be read');
    expect(outcomes[2]!.stdout).toContain('Certificate of member 1: there is none.');
    expect(outcomes[3]!.stderr).toContain('--invite: The link');
  });

  test('checks one file with everything of a run, saved by name, and refuses it changed or cut short, saying where', async () => {
    const data = join(folder.path, 'data');
    const config = join(folder.path, 'config');
    const coordinator = await startCoordinator(readConfig({ SOTTO_DATA_DIR: data, PORT: '0', SOTTO_LOG: 'silent' }), {
      pages: folder.path,
    });
    const [run] = coordinator.runs.list();
    const out = (name: string) => join(folder.path, name);
    const asAdmin = (...args: string[]) => sotto(args, { XDG_CONFIG_HOME: config });
    try {
      vi.stubEnv('XDG_CONFIG_HOME', config);
      await logIn(coordinator.localUrl, makeSignInToken(data, 'viewer', Date.now() + 60_000));
      const [saved] = await Promise.all([
        asAdmin('run', 'evidence', run!.run, '--whole', '--out', out('whole.zip')),
        asAdmin('run', 'evidence', run!.run, '--round', '2', '--out', out('second.zip')),
        asAdmin('run', 'export', run!.run, '--format', 'tensorboard', '--out', out('logs')),
        asAdmin('run', 'export', run!.run, '--out', out('run.csv')),
        asAdmin('audit', 'export', '--out', out('audit.csv')),
      ]);
      expect(saved).toMatchObject({ code: 0, stdout: `${out('whole.zip')}\n` });
      expect(readFileSync(out('run.csv'), 'utf8').trim().split('\r\n')).toHaveLength(4);
      expect(readdirSync(out(`logs/${run!.run}`))).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d+\./)]);
      const audit = await asAdmin('audit', 'list', '--action', 'sign in', '--json');
      expect(JSON.parse(audit.stdout)).toMatchObject({ entries: [{ action: 'sign in' }] });
      expect(readFileSync(out('audit.csv'), 'utf8')).toContain('sign in');
    } finally {
      vi.unstubAllEnvs();
      await coordinator.close();
    }
    const device = contributorsOf(read(1).body)[0]!;
    const whole = await sotto(['verify', out('whole.zip'), '--device', device]);
    expect(whole.code).toBe(0);
    expect(whole.stdout).toContain('transcripts/round-2.json: round 2 of ');
    expect(whole.stdout).toMatch(/^ {2}ok {4}model$/m);
    expect(whole.stdout).toContain(`device ${device.slice(0, 16)} …: its update is in the sum`);
    expect(whole.stdout).toContain('not checked: the coordinator: its key (');
    expect((await sotto(['verify', out('second.zip')])).stdout).toContain('not checked: the rounds before round 2');

    const bytes = readFileSync(out('whole.zip'));
    const tampered = (find: string, put: string) => {
      const at = bytes.indexOf(find);
      const changed = Buffer.from(bytes);
      changed.write(put, at);
      writeFileSync(out('tampered.zip'), changed);
      return sotto(['verify', out('tampered.zip')]);
    };
    const fewer = await tampered('"minimumCohort":3', '"minimumCohort":4');
    expect(fewer).toMatchObject({
      code: 1,
      stderr: `sotto: ${out('tampered.zip')} does not hold: the file itself, and 2 of 2 transcripts in it. See the lines with FAIL.\n`,
    });
    expect(fewer.stdout).toContain('FAIL  transcripts/round-1.json is not the record that evidence.json lists');
    expect(fewer.stdout).toContain('FAIL  plan and committee: The plan is not signed by the coordinator.');
    writeFileSync(out('tampered.zip'), bytes.subarray(0, -100));
    const cut = await sotto(['verify', out('tampered.zip')]);
    expect(cut).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('It may be cut short') });
    const mixed = await sotto(['verify', out('whole.zip'), files[0]!]);
    expect(mixed.stderr).toContain('one evidence file at a time');
  });
});
