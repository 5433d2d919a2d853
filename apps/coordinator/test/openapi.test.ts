import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import type { OpenApi } from '../src/http/openapi.ts';
import { type Coordinator, startCoordinator } from '../src/main.ts';
import { newFolder } from './hall.ts';
import { makeTasks } from './task-folder.ts';

let coordinator: Coordinator;
let description: OpenApi;
const registered: string[] = [];

beforeAll(async () => {
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, path }) => {
      for (const each of [method].flat()) registered.push(`${each} ${path.replace(/:(\w+)/g, '{$1}')}`);
    });
  };
  subscribe('fastify.initialization', listen);
  coordinator = await startCoordinator(
    readConfig({ SOTTO_DATA_DIR: join(newFolder(), 'data'), PORT: '0', SOTTO_LOG: 'silent' }),
    { tasksDirs: [makeTasks()], pages: newFolder() },
  );
  unsubscribe('fastify.initialization', listen);
  description = (await (await fetch(new URL('/api/openapi.json', coordinator.localUrl))).json()) as OpenApi;
});
afterAll(() => coordinator.close());

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );

it('describes itself in valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone({ ...description }))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

it('describes every route that is registered, and no other', () => {
  // Fastify answers HEAD wherever it answers GET.
  const routes = registered.filter((name) => !name.startsWith('HEAD '));
  expect(routes.length).toBeGreaterThan(10);
  expect(
    operations()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(routes.sort());
});

it('refers to no schema that it does not hold', () => {
  const named = [...JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)];
  expect(named.length).toBeGreaterThan(10);
  for (const [, name] of named) expect(description.components.schemas).toHaveProperty(name!);
});

it('lets only who is signed in change anything, but for signing in', () => {
  const open = operations().filter(({ name, operation }) => operation.tags[0] === 'public' && !name.startsWith('GET '));
  expect(open.map(({ name }) => name)).toEqual(['POST /api/admin/session']);
  const viewers = operations()
    .filter(({ operation }) => operation.tags[0] === 'viewer')
    .map(({ name }) => name);
  // Only what they are themselves, and a question that is too long for an address.
  expect(viewers.filter((name) => !name.startsWith('GET '))).toEqual([
    'DELETE /api/admin/session',
    'POST /api/admin/runs/check',
  ]);
});
