import { describe, expect, test } from 'vitest';
import { judgeLayers } from './judgement.ts';

/** Judges a tree of files; whatever they import from the workspace but do not contain is taken as it is named. */
function judge(files: Record<string, string>): readonly string[] {
  return judgeLayers(new Map(Object.entries(files)));
}

describe('a wrong arrow fails and names file, line, import and rule', () => {
  test.each([
    [
      'protocol knows no other package',
      'packages/protocol/src/plan.ts',
      '@sotto/fl-core/lanes',
      '@sotto/protocol may not import @sotto/fl-core; it may import no other package of ours',
    ],
    [
      'he-core knows nothing of ours',
      'packages/he-core/src/sum.ts',
      '@sotto/protocol/plan',
      '@sotto/he-core may not import @sotto/protocol; it may import no other package of ours',
    ],
    [
      'fl-core knows only protocol',
      'packages/fl-core/src/clip.ts',
      '@sotto/he-core/params',
      '@sotto/fl-core may not import @sotto/he-core; it may import @sotto/protocol',
    ],
    [
      'learner knows only protocol',
      'packages/learner/src/training.ts',
      '@sotto/fl-core/clip',
      '@sotto/learner may not import @sotto/fl-core; it may import @sotto/protocol',
    ],
    [
      'participant does not know the coordinator',
      'packages/participant/src/session.ts',
      '@sotto/coordinator/main',
      '@sotto/participant may not import @sotto/coordinator',
    ],
    [
      'web does not know the coordinator',
      'apps/web/src/main.tsx',
      '@sotto/coordinator/http/routes',
      '@sotto/web may not import @sotto/coordinator',
    ],
    [
      'coordinator does not know the participant',
      'apps/coordinator/src/main.ts',
      '@sotto/participant/session',
      '@sotto/coordinator may not import @sotto/participant',
    ],
    [
      'coordinator may not import what encrypts',
      'apps/coordinator/src/main.ts',
      '@sotto/he-core/update',
      'of @sotto/he-core, @sotto/coordinator may import only /sum, /opening',
    ],
    [
      'coordinator may not import what trains',
      'apps/coordinator/src/main.ts',
      '@sotto/learner/training',
      'of @sotto/learner, @sotto/coordinator may import only /architecture, /data-source',
    ],
    [
      'protocol takes three npm packages',
      'packages/protocol/src/plan.ts',
      'lodash',
      '@sotto/protocol may import only zod, canonicalize, @noble/hashes from npm',
    ],
    [
      'fl-core takes no npm package',
      'packages/fl-core/src/clip.ts',
      'zod',
      '@sotto/fl-core may import nothing from npm',
    ],
    [
      'node-seal stays in seal/',
      'packages/he-core/src/sum.ts',
      'node-seal',
      'node-seal belongs to packages/he-core/src/seal',
    ],
    [
      'TensorFlow stays in learner',
      'packages/participant/src/session.ts',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-core belongs to packages/learner, e2e alone',
    ],
    [
      'Node modules stay out of pages',
      'packages/participant/src/session.ts',
      'node:fs',
      'Node modules are for node.ts and *.node.ts files',
    ],
    [
      'Node modules without their prefix too',
      'apps/web/src/main.tsx',
      'fs/promises',
      'Node modules are for node.ts and *.node.ts files',
    ],
  ])('%s', (_, file, specifier, rule) => {
    const violations = judge({ [file]: `\nimport { x } from '${specifier}';\nx();` });
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(`${file}:2 imports '${specifier}': `);
    expect(violations[0]).toContain(rule);
  });

  test.each([
    ['a type import', "import type { X } from '@sotto/he-core/params';"],
    ['an export from', "export { x } from '@sotto/he-core/params';"],
    ['an export of everything', "export * from '@sotto/he-core/params';"],
    ['a dynamic import', "await import('@sotto/he-core/params');"],
    ['a type taken in place', "export type X = import('@sotto/he-core/params').X;"],
    ['a query behind the name', "import url from '@sotto/he-core/params?worker';"],
  ])('%s is an import', (_, code) => {
    expect(judge({ 'packages/fl-core/src/clip.ts': code })).toHaveLength(1);
  });

  test('a relative path into another package must be its name', () => {
    const violations = judge({
      'packages/fl-core/src/clip.ts': "import { x } from '../../protocol/src/plan.ts';",
      'packages/protocol/src/plan.ts': 'export const x = 1;',
    });
    expect(violations).toEqual([
      "packages/fl-core/src/clip.ts:1 imports '../../protocol/src/plan.ts': import another package by its name, @sotto/protocol/…",
    ]);
  });

  test('comments and strings are not imports', () => {
    const code = "// import '@sotto/he-core/update';\nexport const text = \"import '@sotto/he-core/update'\";";
    expect(judge({ 'apps/coordinator/src/main.ts': code })).toEqual([]);
  });
});

describe('allowed arrows pass', () => {
  test.each([
    ['apps/coordinator/src/main.ts', '@sotto/he-core/sum'],
    ['apps/coordinator/src/main.ts', '@sotto/learner/data-source.node'],
    ['apps/cli/src/main.ts', '@sotto/participant/session'],
    ['packages/fl-core/src/clip.ts', '@sotto/protocol/plan'],
    ['packages/protocol/src/digest.ts', '@noble/hashes/sha2.js'],
    ['packages/he-core/src/seal/module.ts', 'node-seal'],
    ['packages/learner/src/wasm.node.ts', 'node:path'],
    ['packages/participant/src/node.ts', 'node:path'],
    ['bench/src/seal.ts', '../../scripts/browser.ts'],
    ['packages/he-core/src/sum.test.ts', 'node:fs'],
    ['apps/web/vite.config.ts', 'node:path'],
    ['bench/src/seal.ts', 'node-seal'],
  ])('%s may import %s', (file, specifier) => {
    expect(judge({ [file]: `import { x } from '${specifier}';\nx();` })).toEqual([]);
  });
});

describe('what a layer must not hold is found behind any number of files', () => {
  const heCore = {
    'packages/he-core/src/opening.ts': "export * from './residual.ts';",
    'packages/he-core/src/update-core.ts': 'export const seal = 1;',
  };

  test('the coordinator reaching code that seals fails, with the whole chain', () => {
    const violations = judge({
      ...heCore,
      'apps/coordinator/src/main.ts': "import '@sotto/he-core/opening';",
      'packages/he-core/src/residual.ts': "import './update-core.ts';",
    });
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(
      '(apps/coordinator/src/main.ts → packages/he-core/src/opening.ts → packages/he-core/src/residual.ts → packages/he-core/src/update-core.ts)',
    );
  });

  test('a worker started by URL is part of the chain', () => {
    const worker = "new Worker(new URL('./update-core.ts', import.meta.url));";
    const files = { ...heCore, 'apps/coordinator/src/main.ts': "import '@sotto/he-core/opening';" };
    expect(judge({ ...files, 'packages/he-core/src/residual.ts': worker })).toHaveLength(1);
  });

  test('a type is not code', () => {
    const residual = "import type { Seal } from './update-core.ts';\nexport type Other = Seal;";
    const files = { ...heCore, 'apps/coordinator/src/main.ts': "import '@sotto/he-core/opening';" };
    expect(judge({ ...files, 'packages/he-core/src/residual.ts': residual })).toEqual([]);
  });

  test("the coordinator's tests may play the participants", () => {
    const files = { ...heCore, 'packages/he-core/src/residual.ts': '' };
    expect(judge({ ...files, 'apps/coordinator/src/round.test.ts': "import '@sotto/he-core/update-core';" })).toEqual(
      [],
    );
  });

  test('a page may not reach a file for Node', () => {
    const violations = judge({
      'apps/web/src/main.tsx': "import '@sotto/participant/session';",
      'packages/participant/src/session.ts': "import './store.node.ts';",
      'packages/participant/src/store.node.ts': "import 'node:fs';",
    });
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain('apps/web/src/main.tsx reaches packages/participant/src/store.node.ts');
  });
});

describe('files', () => {
  test('two that import each other fail, with the circle', () => {
    const violations = judge({
      'packages/protocol/src/a.ts': "import './b.ts';",
      'packages/protocol/src/b.ts': "import type { A } from './a.ts';\nexport type B = A;",
    });
    expect(violations).toEqual([
      'packages/protocol/src/a.ts imports itself in a circle: packages/protocol/src/a.ts → packages/protocol/src/b.ts → packages/protocol/src/a.ts',
    ]);
  });

  test('many that share one without a circle pass', () => {
    const shared = "import './c.ts';";
    expect(
      judge({
        'packages/protocol/src/a.ts': `${shared}import './b.ts';`,
        'packages/protocol/src/b.ts': shared,
        'packages/protocol/src/c.ts': '',
      }),
    ).toEqual([]);
  });

  test('shipping code may not import tests', () => {
    const files = { 'packages/protocol/src/a.ts': "import '../test/made.ts';", 'packages/protocol/test/made.ts': '' };
    expect(judge(files)).toEqual([
      "packages/protocol/src/a.ts:1 imports '../test/made.ts': shipping code may not import tests",
    ]);
  });

  test('a computed import cannot be checked and fails where pages may load it', () => {
    expect(
      judge({ 'packages/learner/src/backend.ts': 'export const load = (name: string) => import(name);' }),
    ).toHaveLength(1);
  });

  test('one that does not parse is named', () => {
    expect(() => judge({ 'packages/protocol/src/a.ts': 'const = 1;' })).toThrow('packages/protocol/src/a.ts');
  });
});

describe('pure packages', () => {
  test.each([
    'fetch("x")',
    'globalThis.fetch("x")',
    'setTimeout(f, 1)',
    'Date.now()',
    'new Date()',
    'Math.random()',
    'new WebSocket("x")',
  ])('may not say %s', (code) => {
    expect(judge({ 'packages/fl-core/src/clip.ts': code })).toHaveLength(1);
    expect(judge({ 'apps/coordinator/src/main.ts': code })).toEqual([]);
  });

  test.each(['new Date(0)', 'Math.floor(1)', 'round.fetch()', 'ports.setTimeout(1)'])('may say %s', (code) => {
    expect(judge({ 'packages/fl-core/src/clip.ts': code })).toEqual([]);
  });
});
