import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../command.ts';

// A checkout in small: the real launcher, a workspace without dependencies, and a command line that tells what it was given.
const PROBE = `
const [what, ...rest] = process.argv.slice(2);
if (what === 'exit') process.exit(Number(rest[0]));
else if (what === 'die') process.kill(process.pid, 'SIGKILL');
else if (what === 'wait') {
  process.on('SIGTERM', () => { console.log('told to stop'); process.exit(7); });
  setInterval(() => {}, 1000);
  console.log('ready');
} else console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), INIT_CWD: process.env.INIT_CWD }));
`;
const FAKE_VITE = `
import { mkdirSync, writeFileSync } from 'node:fs';
console.log('vite speaks on stdout');
mkdirSync('dist', { recursive: true });
writeFileSync('dist/index.html', '');
`;

let checkout: string;

function write(path: string, content: string): void {
  mkdirSync(join(checkout, path, '..'), { recursive: true });
  writeFileSync(join(checkout, path), content);
}

function startLauncher(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const { INIT_CWD: _, ...inherited } = process.env;
  return spawn(process.execPath, [join(checkout, 'start.mjs'), ...args], {
    cwd: tmpdir(),
    env: { ...inherited, ...env },
  });
}

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

const launch = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> => ended(startLauncher(args, env));

beforeAll(() => {
  checkout = realpathSync(mkdtempSync(join(tmpdir(), 'sotto checkout ')));
  cpSync(join(ROOT, 'start.mjs'), join(checkout, 'start.mjs'));
  cpSync(join(ROOT, 'scripts/launcher'), join(checkout, 'scripts/launcher'), { recursive: true });
  write('package.json', '{ "name": "probe", "type": "module", "packageManager": "pnpm@11.28.11" }');
  write('pnpm-workspace.yaml', 'packages:\n  - apps/*\n');
  write('pnpm-lock.yaml', "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  apps/cli: {}\n\n  apps/web: {}\n");
  write('tsconfig.base.json', '{}');
  write('apps/cli/package.json', '{ "name": "cli", "type": "module" }');
  write('apps/cli/src/main.ts', PROBE);
  write('apps/web/package.json', '{ "name": "web", "type": "module" }');
  write('apps/web/src/main.ts', '');
  write('apps/web/node_modules/vite/bin/vite.js', FAKE_VITE);
  write('apps/web/node_modules/vite/package.json', '{ "type": "module" }');
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

test('two at once on a fresh checkout both succeed, and only one installs', async () => {
  const both = await Promise.all([launch(['sotto', 'exit', '0']), launch(['sotto', 'exit', '0'])]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const announced = both.map(({ stderr }) => stderr).join('');
  expect(announced.match(/installing packages/g)).toHaveLength(1);
});

describe('on a prepared checkout', () => {
  beforeAll(() => launch(['start']));

  test('nothing is installed, built or said again, and stdout is the command’s own', async () => {
    const { code, stdout, stderr } = await launch(['start', '--demo']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ args: ['start', '--demo'] });
  });

  test('arguments arrive exactly as they were given', async () => {
    const args = [
      '',
      ' ',
      'two words',
      '"double"',
      "'single'",
      '$HOME',
      '`x`',
      '*',
      '\\',
      'a\nb',
      '--json',
      'a file.json',
      'ü→🔒',
      '--',
    ];
    const { stdout } = await launch(['sotto', ...args]);
    expect(JSON.parse(stdout).args).toEqual(args);
  });

  test('the command runs where the user called npm, and what it starts does not inherit that', async () => {
    const { stdout } = await launch(['sotto', 'where'], { INIT_CWD: join(checkout, 'apps') });
    expect(JSON.parse(stdout)).toEqual({ args: ['where'], cwd: join(checkout, 'apps') });
  });

  test('without npm it runs where it was called', async () => {
    const { stdout } = await launch(['sotto', 'where']);
    expect(JSON.parse(stdout).cwd).toBe(realpathSync(tmpdir()));
  });

  test('the exit code is the command’s', async () => {
    expect(await launch(['sotto', 'exit', '42'])).toMatchObject({ code: 42, signal: null });
  });

  test('a command that dies of a signal looks so from outside', async () => {
    expect(await launch(['sotto', 'die'])).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('SIGTERM reaches the command, which decides how to end', async () => {
    const child = startLauncher(['sotto', 'wait']);
    const end = ended(child);
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    expect(await end).toMatchObject({ code: 7, stdout: 'ready\ntold to stop\n' });
  });

  test('a changed source of the pages builds them, a changed test does not', async () => {
    write('apps/web/src/main.test.ts', 'changed');
    expect((await launch(['build'])).stderr).toBe('');
    write('apps/web/src/main.ts', '// changed');
    const { code, stdout, stderr } = await launch(['build']);
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('building the web pages');
    expect((await launch(['build'])).stderr).toBe('');
  });

  test('pages are not built for a command that serves none', async () => {
    write('apps/web/src/main.ts', '// changed again');
    expect((await launch(['sotto', 'exit', '0'])).stderr).toBe('');
    expect((await launch(['start', '--help'])).stderr).toBe('');
  });

  test('a changed manifest installs again', async () => {
    write('apps/cli/package.json', '{ "name": "cli", "type": "module", "description": "changed" }');
    expect((await launch(['sotto', 'exit', '0'])).stderr).toContain('installing packages');
  });

  test('a manifest that the lockfile does not know is refused with what to do', async () => {
    write('apps/cli/package.json', '{ "name": "cli", "type": "module", "dependencies": { "left-pad": "1.3.0" } }');
    const { code, stdout, stderr } = await launch(['sotto', 'exit', '0']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('Run `pnpm install`');
    write('apps/cli/package.json', '{ "name": "cli", "type": "module" }');
  });

  test('pages that do not build end the start and show why', async () => {
    write('apps/web/src/main.ts', '// changed for the worse');
    write('apps/web/node_modules/vite/bin/vite.js', "console.error('cannot resolve ./gone.ts'); process.exit(1);");
    const { code, stderr } = await launch(['start']);
    expect(code).toBe(1);
    expect(stderr).toContain('cannot resolve ./gone.ts');
    expect(stderr).toContain('the web pages could not be built');
  });
});

test.each([[[]], [['nonsense']], [['constructor']]])('%j is no command: the commands are listed', async (args) => {
  const { code, stdout, stderr } = await launch(args);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('There are: build, start, sotto, bench, test, test:crash, test:fuzz, test:page, check');
});
