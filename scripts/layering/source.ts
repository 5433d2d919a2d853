import { type Expression, parseSync, type Span, Visitor } from 'oxc-parser';

/** How one file reaches another. A `url` import is `new URL('./file.ts', import.meta.url)`: how workers are started. */
export interface Import {
  kind: 'value' | 'type' | 'url';
  specifier: string;
  line: number;
}

/** A use of something that pure packages do without: time, chance, the network. */
export interface Impurity {
  name: string;
  line: number;
}

export interface Source {
  imports: readonly Import[];
  impurities: readonly Impurity[];
  /** Lines of `import(…)` whose target is computed, so that nobody can check it. */
  computedImports: readonly number[];
}

const IMPURE_CALLS = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate']);
const IMPURE_OBJECTS = new Set(['WebSocket', 'XMLHttpRequest', 'Worker']);
const IMPURE_MEMBERS = new Set([
  'Math.random',
  'Date.now',
  'performance.now',
  'crypto.getRandomValues',
  'crypto.randomUUID',
]);

/** Reads what the layering rules ask of one TypeScript file, from its syntax tree: comments and strings never count. */
export function readSource(path: string, text: string): Source {
  const parsed = parseSync(path, text);
  const error = parsed.errors.find(({ severity }) => severity === 'Error');
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);

  const imports: Import[] = [];
  const impurities: Impurity[] = [];
  const computedImports: number[] = [];
  const lineOf = ({ start }: Span): number => text.slice(0, start).split('\n').length;
  const add = (node: Span, kind: Import['kind'], specifier: string): void => {
    imports.push({ kind, specifier: specifier.replace(/\?.*$/, ''), line: lineOf(node) });
  };
  const blame = (node: Span, name: string): void => {
    impurities.push({ name, line: lineOf(node) });
  };

  new Visitor({
    ImportDeclaration: (node) => add(node, node.importKind === 'type' ? 'type' : 'value', node.source.value),
    ExportAllDeclaration: (node) => add(node, node.exportKind === 'type' ? 'type' : 'value', node.source.value),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node, node.exportKind === 'type' ? 'type' : 'value', node.source.value);
    },
    TSImportType: (node) => add(node, 'type', node.source.value),
    ImportExpression: (node) => {
      const specifier = constant(node.source);
      if (specifier === undefined) computedImports.push(lineOf(node));
      else add(node, 'value', specifier);
    },
    NewExpression: (node) => {
      const name = nameOf(node.callee);
      const [first, second] = node.arguments;
      if (
        name === 'URL' &&
        first !== undefined &&
        second?.type === 'MemberExpression' &&
        second.object.type === 'MetaProperty'
      ) {
        const specifier = first.type === 'SpreadElement' ? undefined : constant(first);
        if (specifier?.startsWith('.')) add(node, 'url', specifier);
      }
      if (name === 'Date' && first === undefined) blame(node, 'new Date()');
      if (IMPURE_OBJECTS.has(name)) blame(node, `new ${name}`);
    },
    CallExpression: (node) => {
      const name = nameOf(node.callee);
      if (IMPURE_CALLS.has(name) || IMPURE_MEMBERS.has(name)) blame(node, name);
    },
  }).visit(parsed.program);
  return { imports, impurities, computedImports };
}

/** The text of a literal or of a template without holes. */
function constant(node: Expression): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** `fetch`, `Math.random`, `globalThis.fetch` → `fetch`; '' for anything less plain. */
function nameOf(node: Expression): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return '';
  const object = nameOf(node.object);
  return object === 'globalThis' ? node.property.name : `${object}.${node.property.name}`;
}
