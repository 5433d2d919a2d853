import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { request } from '../../api/request.ts';

const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string(), z.object({ schema: Schema }));
const Operation = z.object({
  summary: z.string(),
  /** Who may call it. */
  tags: z.tuple([z.string()]),
  parameters: z.array(
    z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: Schema }),
  ),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: Content.optional() })),
});
export type Operation = z.infer<typeof Operation>;

/** What the page reads of the coordinator's OpenAPI description. */
const Description = z.object({
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), Schema) }),
});
export type Description = z.infer<typeof Description>;

export const descriptionQuery = queryOptions({
  queryKey: ['openapi'],
  queryFn: () => request(Description, 'GET', '/api/openapi.json'),
});

export interface Endpoint extends Operation {
  readonly method: string;
  readonly path: string;
}

/** What the addresses are about: by what follows `/api`, with what is asked for as somebody who is signed in apart. */
export function areaOf(path: string): string {
  const [first = '', second = ''] = path
    .replace(/^\/api\//, '/')
    .split('/')
    .slice(1);
  return first === 'admin' ? `admin/${second || 'overview'}` : first;
}

/** Operations by area, those that fit all words of the search; areas in the order of their names. */
export function endpointsOf({ paths }: Description, search: string): [area: string, endpoints: Endpoint[]][] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const endpoints = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  );
  const fitting = endpoints.filter(({ method, path, summary, tags }) => {
    const text = `${method} ${path} ${summary} ${tags[0]}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return Object.entries(Object.groupBy(fitting, ({ path }) => areaOf(path)) as Record<string, Endpoint[]>).sort(
    ([a], [b]) => a.localeCompare(b),
  );
}
