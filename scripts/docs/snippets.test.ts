import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@sotto/coordinator/border/limits';
import { readConfig } from '@sotto/coordinator/config';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = ['.', 'docs', 'docs/adr', 'docs/deploy', 'tasks/mnist', 'tasks/breast-cancer', 'tasks/spam']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.md'));

const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const commands = pages.flatMap((page) =>
  [...textOf(page).matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    block!
      .split('\n')
      .filter(Boolean)
      .map((command) => ({ page, command })),
  ),
);

/** Commands of commands. */
const GROUPS = ['study', 'task', 'run', 'model', 'device'];

describe('commands in the documentation', () => {
  it.each(commands)('$page: $command is a command with such options', ({ command }) => {
    const [npm, ...words] = command.split(' ');
    if (npm !== 'npm') return expect(['git', 'cd', 'bash']).toContain(npm);
    const script = words[0] === 'run' ? words[1]! : words[0]!;
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    expect(scripts).toHaveProperty([script]);
    const given = words.includes('--') ? words.slice(words.indexOf('--') + 1) : [];
    const subcommands =
      script === 'start'
        ? ['start']
        : script === 'sotto'
          ? given.filter((word) => /^[a-z]+$/.test(word)).slice(0, GROUPS.includes(given[0]!) ? 2 : 1)
          : [];
    if (subcommands.length === 0) return;
    const help = execFileSync(process.execPath, [join(root, 'apps/cli/src/main.ts'), ...subcommands, '--help'], {
      encoding: 'utf8',
    });
    expect(help).toContain(`sotto ${subcommands.join(' ')}`);
    for (const option of given.filter((word) => word.startsWith('--'))) expect(help).toContain(option);
  });
});

describe('links in the documentation', () => {
  const links = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ page, target })),
  );
  it.each(links)('$page leads to $target', ({ page, target }) => {
    expect(existsSync(join(root, page, '..', target))).toBe(true);
  });
});

describe('files and folders that the documentation names', () => {
  const paths = pages.flatMap((page) =>
    [...textOf(page).matchAll(/`((?:packages|apps|bench|docs|e2e|scripts|tasks|test-vectors)\/[\w./-]*)`/g)].map(
      ([, path]) => ({ page, path: path! }),
    ),
  );
  it.each(paths)('$page: $path is there', ({ path }) => {
    expect(existsSync(join(root, path))).toBe(true);
  });
});

function knownSettings(): string[] {
  let known = '';
  try {
    readConfig({ SOTTO_NO_SUCH_SETTING: '1' });
  } catch (error) {
    known = String(error);
  }
  return /Known settings: ([^.]*)\./.exec(known)![1]!.split(', ');
}

it('the settings in the README are the settings there are', () => {
  const named = [...textOf('README.md').matchAll(/^\| `([A-Z_`, ]+)` \|/gm)].flatMap(([, names]) =>
    names!.split(/`, `/),
  );
  expect(named.sort()).toEqual(knownSettings().sort());
});

it.each(['docs/OPERATIONS.md', 'docs/deploy/sotto.service', 'docs/deploy/nginx.conf'])(
  '%s names settings that there are',
  (page) => {
    const named = [...textOf(page).matchAll(/SOTTO_[A-Z_]+/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(knownSettings()).toEqual(expect.arrayContaining([...new Set(named)]));
  },
);

it('the limits in docs/OPERATIONS.md are the limits there are, with their defaults', () => {
  const rows = [...textOf('docs/OPERATIONS.md').matchAll(/^\| `([a-zA-Z]+)` \| ([\d,]+) \|/gm)];
  const limits = rows.map(([, name, value]) => [name, Number(value!.replaceAll(',', ''))]);
  expect(Object.fromEntries(limits)).toEqual(DEFAULT_LIMITS);
});
