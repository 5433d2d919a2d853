import { expect, it } from 'vitest';
import { z } from 'zod';
import { areaOf, endpointsOf } from './description.ts';
import { schemaText } from './schema-text.ts';

const textOf = (schema: z.ZodType) => schemaText(z.toJSONSchema(schema, { io: 'input' }));

it('a schema is written as people write types', () => {
  expect(textOf(z.strictObject({ task: z.string(), rounds: z.int().min(1).max(100).default(5) }))).toBe(
    '{ task: string, rounds?: integer 1…100 }',
  );
  expect(textOf(z.array(z.union([z.literal('a'), z.number().gt(0), z.null()])))).toBe('("a" | number >0… | null)[]');
  expect(textOf(z.record(z.string(), z.enum(['x', 'y'])))).toBe('{ [name]: "x" | "y" }');
  expect(textOf(z.tuple([z.string().max(9), z.boolean()]))).toBe('[string of 0…9, boolean]');
  expect(schemaText({ $ref: '#/components/schemas/RunSummary' })).toBe('RunSummary');
  expect(schemaText({})).toBe('anything');
});

it('a type that is too wide stands over several lines', () => {
  const wide = z.strictObject({
    first: z.string(),
    inner: z.strictObject({ second: z.string() }),
    ['x'.repeat(60)]: z.int(),
  });
  expect(textOf(wide)).toBe(`{\n  first: string\n  inner: { second: string }\n  ${'x'.repeat(60)}: integer\n}`);
});

it('operations are found by all words of a search, under what they are about', () => {
  const operation = { summary: 'Start a run', tags: ['admin'] as [string], parameters: [], responses: {} };
  const description = {
    info: { title: '', version: '' },
    components: { schemas: {} },
    paths: {
      '/api/admin/runs': { post: operation, get: { ...operation, summary: 'Runs' } },
      '/api/tasks': { get: { ...operation, summary: 'Tasks' } },
    },
  };
  const found = (search: string) =>
    endpointsOf(description, search).map(([area, list]) => [area, list.map(({ method }) => method)]);
  expect(found('')).toEqual([
    ['admin/runs', ['POST', 'GET']],
    ['tasks', ['GET']],
  ]);
  expect(found('runs start')).toEqual([['admin/runs', ['POST']]]);
  expect(found('nothing')).toEqual([]);
  expect(['/api/admin', '/healthz', '/api/models/{model}'].map(areaOf)).toEqual([
    'admin/overview',
    'healthz',
    'models',
  ]);
});
