import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '@sotto/coordinator/http/openapi';
import { allRoutes } from '@sotto/coordinator/http/routes';
import { expect, it } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { apiTable, type Description } from './api-table.ts';
import { commandTable } from './command-table.ts';
import { LEARNING_TABLES, quickList, readParts } from './learning-tables.ts';
import { loadTable } from './load-table.ts';
import { pageTable } from './page-table.ts';
import { sealTable } from './seal-table.ts';
import { wireTables } from './wire-tables.ts';

const root = join(import.meta.dirname, '../..');

const SECTIONS = [
  {
    page: 'docs/API.md',
    section: 'routes',
    // Declaring them asks nothing of a coordinator.
    make: () => apiTable(openApi(allRoutes({} as never), '') as unknown as Description),
  },
  { page: 'docs/CLI.md', section: 'commands', make: () => commandTable(createProgram()) },
  { page: 'docs/PROTOCOL.md', section: 'wire tables', make: wireTables },
  {
    page: 'docs/BENCHMARKS.md',
    section: 'seal',
    make: () => sealTable(readFileSync(join(root, 'bench/results/seal.json'), 'utf8')),
  },
  {
    page: 'docs/BENCHMARKS.md',
    section: 'page',
    make: () => pageTable(readFileSync(join(root, 'bench/results/page.json'), 'utf8')),
  },
  { page: 'docs/BENCHMARKS.md', section: 'learning quick', make: () => quickList(join(root, 'bench/results')) },
  ...Object.entries(LEARNING_TABLES).map(([section, make]) => ({
    page: 'docs/BENCHMARKS.md',
    section,
    make: () => make(readParts(join(root, 'bench/results'))),
  })),
  ...['docs/BENCHMARKS.md', 'docs/OPERATIONS.md'].map((page) => ({
    page,
    section: 'load',
    make: () => loadTable(readFileSync(join(root, 'bench/results/load.json'), 'utf8')),
  })),
];

it.each(SECTIONS)(
  '$page: the section “$section” is what its source says (UPDATE_DOCS=1 rewrites it)',
  ({ page, section, make }) => {
    const file = join(root, page);
    const text = readFileSync(file, 'utf8');
    const [begin, end] = [`<!-- ${section}: begin -->`, `<!-- ${section}: end -->`];
    const [before, rest] = text.split(begin) as [string, string];
    const expected = `${before}${begin}\n\n${make()}\n\n${end}${rest.split(end)[1]!}`;
    if (process.env.UPDATE_DOCS) writeFileSync(file, expected);
    else expect(text).toBe(expected);
  },
);
