/** Where a layer lies and what it may import. The arrows of ARCHITECTURE.md, as data. */
export interface Layer {
  folder: string;
  name: string;
  /** Other layers it may import: all of them, or only these subpaths (`decrypt` also stands for `decrypt.node`). */
  mayImport: Readonly<Record<string, 'all' | readonly string[]>> | 'all';
  /** The only npm packages it may import; absent: whatever its package.json declares. */
  outside?: readonly string[];
  /** Where its files run: `node:` modules outside `node.ts`, `*.node.ts` and tests are for Node alone. */
  runsOn: 'node' | 'anywhere';
  /** No clock, no chance, no network. */
  pure?: true;
}

export const LAYERS: readonly Layer[] = [
  {
    folder: 'packages/protocol',
    name: '@sotto/protocol',
    mayImport: {},
    outside: ['zod', 'canonicalize', '@noble/hashes'],
    runsOn: 'anywhere',
    pure: true,
  },
  { folder: 'packages/he-core', name: '@sotto/he-core', mayImport: {}, runsOn: 'anywhere' },
  {
    folder: 'packages/fl-core',
    name: '@sotto/fl-core',
    mayImport: { '@sotto/protocol': 'all' },
    outside: [],
    runsOn: 'anywhere',
    pure: true,
  },
  { folder: 'packages/learner', name: '@sotto/learner', mayImport: { '@sotto/protocol': 'all' }, runsOn: 'anywhere' },
  {
    folder: 'packages/participant',
    name: '@sotto/participant',
    mayImport: { '@sotto/learner': 'all', '@sotto/fl-core': 'all', '@sotto/he-core': 'all', '@sotto/protocol': 'all' },
    runsOn: 'anywhere',
  },
  {
    folder: 'apps/coordinator',
    name: '@sotto/coordinator',
    mayImport: {
      '@sotto/fl-core': 'all',
      '@sotto/he-core': ['sum', 'opening', 'decrypt', 'params', 'codec', 'rejection'],
      '@sotto/learner': [
        'architecture',
        'data-source',
        'dataset-file',
        'evaluate',
        'task-folder/archive',
        'training-error',
      ],
      '@sotto/protocol': 'all',
    },
    runsOn: 'node',
  },
  {
    folder: 'apps/web',
    name: '@sotto/web',
    mayImport: {
      '@sotto/participant': 'all',
      '@sotto/learner': 'all',
      '@sotto/fl-core': 'all',
      '@sotto/he-core': 'all',
      '@sotto/protocol': 'all',
    },
    runsOn: 'anywhere',
  },
  {
    folder: 'apps/cli',
    name: '@sotto/cli',
    mayImport: {
      '@sotto/coordinator': 'all',
      '@sotto/participant': 'all',
      '@sotto/he-core': 'all',
      '@sotto/fl-core': 'all',
      '@sotto/learner': 'all',
      '@sotto/protocol': 'all',
    },
    runsOn: 'node',
  },
  { folder: 'bench', name: '@sotto/bench', mayImport: 'all', runsOn: 'node' },
  { folder: 'e2e', name: '@sotto/e2e', mayImport: 'all', runsOn: 'node' },
  // The wire tables of docs/PROTOCOL.md are made from the schemas.
  { folder: 'scripts', name: 'scripts', mayImport: { '@sotto/protocol': 'all' }, runsOn: 'node' },
];

/** npm packages that only some folders may import. */
export const RESERVED: readonly { package: RegExp; only: readonly string[] }[] = [
  { package: /^node-seal$/, only: ['packages/he-core/src/seal', 'packages/he-core/test', 'bench'] },
  // What is downloaded is tried in TF.js as anybody has it.
  { package: /^@tensorflow\//, only: ['packages/learner', 'e2e'] },
];

/** What a layer may not reach even through others. */
export const UNREACHABLE: readonly { from: string; files: RegExp; why: string }[] = [
  {
    from: 'apps/coordinator',
    files: /^packages\/he-core\/src\/(update|key-share|noise|member|sealed-box)[^/]*\.ts$/,
    why: 'the coordinator may not hold code that seals updates, shares keys or opens boxes',
  },
  // What builds the pages runs on Node, beside their source.
  {
    from: 'apps/web',
    files: /^(?!apps\/web\/build\/).*[./]node\.tsx?$/,
    why: 'what runs in a page may not hold code for Node alone',
  },
];
