import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Chromium from this version on has WebAssembly's exnref, which node-seal needs. */
const OLDEST_CHROMIUM = 137;
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** How Chromium is started wherever a test or a measurement drives it: quiet, and as root too. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export type Browser = { path: string } | { missing: string };

/** The questions that finding a browser asks of the machine. */
export interface Machine {
  env: NodeJS.ProcessEnv;
  exists: (path: string) => boolean;
  /** What `<path> --version` prints. */
  versionOf: (path: string) => string;
  /** Installs Debian's Chromium; false where that cannot be done (not root, no apt). */
  install: () => boolean;
}

/**
 * The browser for the end-to-end tests: SOTTO_CHROMIUM, else one on PATH or in the usual places, else Debian's package
 * where this process may install it. A browser that was named but does not fit is never silently replaced.
 */
export function findBrowser(machine: Machine): Browser {
  const named = machine.env.SOTTO_CHROMIUM;
  if (named !== undefined && named !== '') {
    const why = unfit(machine, named);
    return why === undefined ? { path: named } : { missing: `SOTTO_CHROMIUM: ${why}` };
  }
  const found = search(machine);
  if ('path' in found || !machine.install()) return found;
  return search(machine);
}

function search(machine: Machine): Browser {
  const onPath = (machine.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const whys: string[] = [];
  for (const path of [...onPath, ...USUAL_PLACES].filter(machine.exists)) {
    const why = unfit(machine, path);
    if (why === undefined) return { path };
    whys.push(why);
  }
  return { missing: whys[0] ?? 'no Chromium or Chrome found; install one or name it in SOTTO_CHROMIUM' };
}

function unfit(machine: Machine, path: string): string | undefined {
  if (!machine.exists(path)) return `${path} does not exist`;
  const printed = machine.versionOf(path);
  const major = /(\d+)\.\d+/.exec(printed)?.[1];
  if (major === undefined) return `${path} does not tell its version`;
  return Number(major) < OLDEST_CHROMIUM ? `${path} is version ${major}, and ${OLDEST_CHROMIUM} is needed` : undefined;
}

export const thisMachine: Machine = {
  env: process.env,
  exists: existsSync,
  versionOf: (path) => {
    try {
      return execFileSync(path, ['--version'], {
        encoding: 'utf8',
        timeout: 30_000,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    } catch {
      return '';
    }
  },
  install: () => {
    if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
    console.log('No Chromium or Chrome found: installing Debian’s.');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    try {
      execFileSync('apt-get', ['update', '-q'], { env, stdio: 'inherit' });
      const packages = ['chromium', 'fonts-dejavu-core'];
      execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
        env,
        stdio: 'inherit',
      });
      return true;
    } catch {
      return false;
    }
  },
};
