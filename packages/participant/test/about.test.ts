import { About } from '@sotto/protocol/about';
import { expect, it } from 'vitest';
import { aboutBrowser } from '../src/about.browser.ts';
import { aboutNode } from '../src/about.node.ts';

it.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
    'Windows',
    'Edge 141',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
    'Android',
    'Chrome 141',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Linux', 'Firefox 143'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'iOS',
    'Safari 18',
  ],
  ['something else', 'unknown', 'unknown browser'],
])('says of a browser its kind and major version, and no more: %s', (userAgent, platform, agent) => {
  const about = About.parse(aboutBrowser(userAgent, 'webgl'));
  expect(about).toEqual({ platform, agent, backend: 'webgl', version: expect.any(String) });
});

it('says of Node the same', () => {
  expect(About.parse(aboutNode(null))).toMatchObject({ agent: expect.stringMatching(/^Node \d+$/), backend: null });
});
