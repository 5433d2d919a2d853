import { posix } from 'node:path';
import { LAYERS, type Layer } from './arrows.ts';
import { type Import, readSource, type Source } from './source.ts';

export interface Edge extends Import {
  /** The file it leads to; undefined for npm packages, Node modules and files that are not ours to read (styles, JSON). */
  target: string | undefined;
}

export interface FileNode extends Omit<Source, 'imports'> {
  path: string;
  layer: Layer;
  edges: readonly Edge[];
}

export type Graph = ReadonlyMap<string, FileNode>;

/** @param files path from the root (with `/`) → text. Files of no layer are left out. */
export function buildGraph(files: ReadonlyMap<string, string>): Graph {
  const graph = new Map<string, FileNode>();
  for (const [path, text] of files) {
    const layer = layerOf(path);
    if (layer === undefined) continue;
    const { imports, ...source } = readSource(path, text);
    const edges = imports.map((found) => ({ ...found, target: resolve(files, path, found.specifier) }));
    graph.set(path, { ...source, path, layer, edges });
  }
  return graph;
}

export function layerOf(path: string): Layer | undefined {
  return LAYERS.find(({ folder }) => path.startsWith(`${folder}/`));
}

function resolve(files: ReadonlyMap<string, string>, from: string, specifier: string): string | undefined {
  const path = specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : packagePath(specifier);
  return path !== undefined && files.has(path) ? path : undefined;
}

/** `@sotto/he-core/sum` → `packages/he-core/src/sum.ts`, as every package.json's `exports` says. */
function packagePath(specifier: string): string | undefined {
  const layer = LAYERS.find(({ name }) => specifier.startsWith(`${name}/`));
  return layer && `${layer.folder}/src/${specifier.slice(layer.name.length + 1)}.ts`;
}

/**
 * One cycle of each knot of files that import one another. Type imports count: a knot of types is a knot of ideas.
 * Workers' URLs do not: a page and its worker share no module.
 */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      cycles.push([...trail.slice(start), path]);
      return;
    }
    if (finished.has(path)) return;
    trail.push(path);
    for (const { kind, target } of graph.get(path)?.edges ?? []) {
      if (kind !== 'url' && target !== undefined) visit(target);
    }
    trail.pop();
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}

/** The shortest chain of imports that run (types do not) from one of `starts` to a file that matches, if there is one. */
export function findChain(graph: Graph, starts: readonly string[], matches: RegExp): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>(starts.map((start) => [start, undefined]));
  for (const path of cameFrom.keys()) {
    if (matches.test(path)) {
      const chain: string[] = [];
      for (let step: string | undefined = path; step !== undefined; step = cameFrom.get(step)) chain.unshift(step);
      return chain;
    }
    for (const { kind, target } of graph.get(path)?.edges ?? []) {
      if (kind !== 'type' && target !== undefined && !cameFrom.has(target)) cameFrom.set(target, path);
    }
  }
  return undefined;
}
