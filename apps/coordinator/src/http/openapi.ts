import { Certificate } from '@sotto/protocol/certificate';
import { Refusal } from '@sotto/protocol/messages';
import { SignedPlan } from '@sotto/protocol/plan';
import { RoundOutcome, RunConfig, RunSummary, Status } from '@sotto/protocol/run';
import { TaskManifest } from '@sotto/protocol/task';
import { Transcript } from '@sotto/protocol/transcript';
import { UpdateRecord } from '@sotto/protocol/update-record';
import { TaskView } from '@sotto/protocol/views';
import { z } from 'zod';
import { ADMIN_COOKIE } from '../sign-in/sessions.ts';
import type { Route } from './route.ts';

/** Schemas that stand in the description under a name, once, wherever they are used. */
const NAMED = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries({
  Certificate,
  Refusal,
  RoundOutcome,
  RunConfig,
  RunSummary,
  SignedPlan,
  Status,
  TaskManifest,
  TaskView,
  Transcript,
  UpdateRecord,
}))
  NAMED.add(schema, { id });

interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** An operation of OpenAPI, as far as routes make use of it. */
interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required: boolean;
    readonly schema: unknown;
  }[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: unknown }>>;

export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** The routes as OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1), whose schemas are JSON Schema 2020-12: what zod gives. */
export function openApi(routes: readonly Route[], version: string): OpenApi {
  const schemas: Record<string, unknown> = {};
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, schemas) };
  }
  const refusal = json(described(Refusal, 'output', schemas)).content;
  for (const operations of Object.values(paths))
    for (const { responses } of Object.values(operations))
      Object.assign(responses, { default: { description: 'A refusal: why, and what to do', content: refusal } });
  return {
    openapi: '3.1.1',
    info: {
      title: 'Sotto coordinator',
      version,
      description: 'What a coordinator answers over HTTP. Devices take part over a socket: docs/PROTOCOL.md.',
    },
    paths,
    components: {
      schemas,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: ADMIN_COOKIE },
        token: { type: 'http', scheme: 'bearer', description: 'SOTTO_METRICS_TOKEN' },
      },
    },
  };
}

function operation(
  { summary, role, params, query, body, answer, status = 200 }: Route,
  schemas: Record<string, unknown>,
): Operation {
  const parametersIn = (place: 'path' | 'query', schema: z.ZodType | undefined) => {
    const { properties = {}, required = [] } = schema ? described(schema, 'input', schemas) : {};
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place,
      required: required.includes(name),
      schema: property,
    }));
  };
  return {
    summary,
    tags: [role],
    // Any one of them will do.
    security: role === 'public' ? [] : [{ session: [] }, ...(role === 'collector' ? [{ token: [] }] : [])],
    parameters: [...parametersIn('path', params), ...parametersIn('query', query)],
    ...(body && {
      requestBody: {
        required: true,
        ...(body === 'bytes' ? BYTES : json(described(body, 'input', schemas))),
      },
    }),
    responses:
      answer === 'redirect'
        ? { 303: { description: 'Go on there' } }
        : { [status]: { description: 'Done as asked', ...contentOf(answer, schemas) } },
  };
}

const BYTES = { content: { 'application/octet-stream': { schema: {} } } } as const;

function contentOf(answer: Exclude<Route['answer'], 'redirect'>, schemas: Record<string, unknown>) {
  if (answer === 'bytes') return BYTES;
  if (answer === 'text') return { content: { 'text/plain': { schema: { type: 'string' } } } };
  return json(described(answer, 'output', schemas));
}

function json(schema: unknown): { readonly content: Content } {
  return { content: { 'application/json': { schema } } };
}

/** The schema as JSON Schema; what has a name goes to `schemas` and is referred to. */
function described(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, unknown>): JsonSchema {
  const made = z.toJSONSchema(schema, { io, metadata: NAMED, unrepresentable: 'any' });
  const {
    $schema,
    $defs = {},
    ...own
  } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/')) as Record<string, unknown> & {
    $defs?: Record<string, JsonSchema>;
  };
  const named = ({ id: _, ...rest }: JsonSchema) => rest;
  for (const [id, definition] of Object.entries($defs)) schemas[id] = named(definition);
  const id = NAMED.get(schema)?.id;
  // What has a name is sometimes given in place and sometimes as a reference to itself.
  if (id === undefined || '$ref' in own) return own;
  schemas[id] = named(own);
  return { $ref: `#/components/schemas/${id}` };
}
