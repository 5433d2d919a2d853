import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { findBrowser, type Machine } from './browser.ts';

/** A machine with these programs (path → what they print as their version). */
function machine(programs: Record<string, string>, env: NodeJS.ProcessEnv = {}): Machine {
  return {
    env,
    exists: (path) => path in programs,
    versionOf: (path) => programs[path] ?? '',
    install: () => false,
  };
}

test('the browser that SOTTO_CHROMIUM names comes first', () => {
  const both = { '/mine': 'Chromium 150.0.1', '/usr/bin/chromium': 'Chromium 156.0.1' };
  expect(findBrowser(machine(both, { SOTTO_CHROMIUM: '/mine' }))).toEqual({ path: '/mine' });
});

test('a named browser that does not fit is not replaced by another', () => {
  const other = { '/usr/bin/chromium': 'Chromium 156.0.1' };
  expect(findBrowser(machine(other, { SOTTO_CHROMIUM: '/gone' }))).toEqual({
    missing: 'SOTTO_CHROMIUM: /gone does not exist',
  });
});

test('PATH is searched before the usual places', () => {
  const found = { '/opt/b/google-chrome': 'Google Chrome 140.0.1', '/usr/bin/chromium': 'Chromium 156.0.1' };
  expect(findBrowser(machine(found, { PATH: ['/opt/a', '/opt/b'].join(delimiter) }))).toEqual({
    path: '/opt/b/google-chrome',
  });
  expect(findBrowser(machine(found))).toEqual({ path: '/usr/bin/chromium' });
});

test('a browser without exnref is passed over, and named when there is no better', () => {
  const old = { '/opt/chromium': 'Chromium 120.0.1' };
  const env = { PATH: '/opt' };
  expect(findBrowser(machine({ ...old, '/usr/bin/google-chrome': 'Google Chrome 137.0.1' }, env))).toEqual({
    path: '/usr/bin/google-chrome',
  });
  expect(findBrowser(machine(old, env))).toEqual({ missing: '/opt/chromium is version 120, and 137 is needed' });
});

test('Debian’s browser is installed where there is none and that can be done', () => {
  const programs: Record<string, string> = {};
  const debian = {
    ...machine(programs),
    install: () => {
      programs['/usr/bin/chromium'] = 'Chromium 156.0.1';
      return true;
    },
  };
  expect(findBrowser(debian)).toEqual({ path: '/usr/bin/chromium' });
});

test('without any browser the reason says what to do', () => {
  expect(findBrowser(machine({}))).toEqual({
    missing: 'no Chromium or Chrome found; install one or name it in SOTTO_CHROMIUM',
  });
});
