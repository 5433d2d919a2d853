import { isBuiltin } from 'node:module';
import { LAYERS, type Layer, RESERVED, UNREACHABLE } from './arrows.ts';
import { buildGraph, type Edge, type FileNode, findChain, findCycles, layerOf } from './graph.ts';

/**
 * Every broken rule in a set of files, one line each: `file:line imports 'x': rule`.
 * Tests may import across layers and from Node (they play every role in one process), but nothing may import a test.
 * @param files path from the root (with `/`) → text
 */
export function judgeLayers(files: ReadonlyMap<string, string>): readonly string[] {
  const graph = buildGraph(files);
  const violations: string[] = [];
  for (const file of graph.values()) {
    violations.push(
      ...file.edges.flatMap((edge) =>
        judgeEdge(file, edge).map((rule) => `${at(file, edge.line)} imports '${edge.specifier}': ${rule}`),
      ),
    );
    violations.push(...judgeBody(file));
  }
  for (const cycle of findCycles(graph))
    violations.push(`${cycle[0]} imports itself in a circle: ${cycle.join(' → ')}`);
  for (const { from, files: forbidden, why } of UNREACHABLE) {
    const starts = [...graph.keys()].filter((path) => path.startsWith(`${from}/`) && !isTest(path));
    const chain = findChain(graph, starts, forbidden);
    if (chain !== undefined) violations.push(`${chain[0]} reaches ${chain.at(-1)}: ${why} (${chain.join(' → ')})`);
  }
  return violations;
}

function judgeEdge(file: FileNode, edge: Edge): string[] {
  const rules: string[] = [];
  const name = packageOf(edge.specifier);
  const reserved = RESERVED.find((entry) => entry.package.test(name));
  if (reserved && !reserved.only.some((folder) => file.path.startsWith(`${folder}/`))) {
    rules.push(`${name} belongs to ${reserved.only.join(', ')} alone`);
  }
  if (isTest(file.path)) return rules;

  if (edge.target !== undefined && isTest(edge.target)) rules.push('shipping code may not import tests');
  if (!isForNode(file)) {
    if (isBuiltin(edge.specifier))
      rules.push('Node modules are for node.ts and *.node.ts files, tests, and what runs on Node alone');
  }
  const layer = importedLayer(edge);
  if (layer === undefined) {
    const { outside } = file.layer;
    const fromOutside = !edge.specifier.startsWith('.') && !isBuiltin(edge.specifier);
    if (fromOutside && outside !== undefined && !outside.includes(name)) {
      rules.push(
        `${file.layer.name} may import ${outside.length > 0 ? `only ${outside.join(', ')}` : 'nothing'} from npm`,
      );
    }
  } else if (layer !== file.layer) {
    rules.push(...judgeArrow(file.layer, layer, edge));
  }
  return rules;
}

function judgeArrow(from: Layer, to: Layer, edge: Edge): string[] {
  const rules: string[] = [];
  const hasName = to.name.startsWith('@');
  if (edge.specifier.startsWith('.') && hasName) rules.push(`import another package by its name, ${to.name}/…`);
  if (from.mayImport === 'all') return rules;
  const allowed = from.mayImport[to.name];
  if (allowed === undefined) {
    rules.push(
      `${from.name} may not import ${to.name}; it may import ${Object.keys(from.mayImport).join(', ') || 'no other package of ours'}`,
    );
  } else if (allowed !== 'all') {
    const subpath = edge.target?.slice(`${to.folder}/src/`.length) ?? edge.specifier.slice(to.name.length + 1);
    if (!allowed.includes(subpath.replace(/(\.node)?(\.tsx?)?$/, ''))) {
      rules.push(`of ${to.name}, ${from.name} may import only ${allowed.map((path) => `/${path}`).join(', ')}`);
    }
  }
  return rules;
}

function judgeBody(file: FileNode): string[] {
  if (isTest(file.path)) return [];
  const violations: string[] = [];
  if (file.layer.pure) {
    for (const { name, line } of file.impurities) {
      violations.push(`${at(file, line)} uses ${name}: ${file.layer.name} is pure; take it as an argument`);
    }
  }
  if (file.layer.runsOn === 'anywhere') {
    for (const line of file.computedImports) {
      violations.push(`${at(file, line)} imports a computed name: write it out, so that it can be checked and bundled`);
    }
  }
  return violations;
}

function importedLayer({ specifier, target }: Edge): Layer | undefined {
  if (target !== undefined) return layerOf(target);
  return LAYERS.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
}

/** `@noble/hashes/sha2.js` → `@noble/hashes`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/test\//.test(path);
}

/** `store.node.ts`, or `node.ts`: a package's door for Node. */
function isNodeFile(path: string): boolean {
  return /[./]node\.tsx?$/.test(path);
}

function isForNode(file: FileNode): boolean {
  return file.layer.runsOn === 'node' || isNodeFile(file.path) || /\.config\.ts$/.test(file.path);
}

function at(file: FileNode, line: number): string {
  return `${file.path}:${line}`;
}
