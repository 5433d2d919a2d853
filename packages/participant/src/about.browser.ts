import type { About } from '@sotto/protocol/about';
import manifest from '../package.json' with { type: 'json' };

/** The first that is found in what the browser calls itself is what it is: later ones are what it passes for. */
const PLATFORMS: readonly [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad|iPod/, 'iOS'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];
const AGENTS: readonly [RegExp, string][] = [
  [/\bEdg\w*\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+).*Safari/, 'Safari'],
];

/** Kinds and major versions only: the rest of a user agent would single a device out. */
export function aboutBrowser(userAgent: string, backend: string | null): About {
  const platform = PLATFORMS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'unknown';
  const agent = AGENTS.flatMap(([pattern, name]) => {
    const [, version] = pattern.exec(userAgent) ?? [];
    return version === undefined ? [] : `${name} ${version}`;
  })[0];
  return { platform, agent: agent ?? 'unknown browser', backend, version: manifest.version };
}
