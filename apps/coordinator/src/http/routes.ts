import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { type AdminPorts, adminRoutes } from './admin-routes.ts';
import { openApi } from './openapi.ts';
import { type PublicPorts, publicRoutes } from './public-routes.ts';
import { type Route, route } from './route.ts';

export interface RoutesPorts extends PublicPorts, AdminPorts {}

/** Every route there is but the pages, the one that describes them all included. */
export function allRoutes(ports: RoutesPorts): Route[] {
  const description = route({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description (OpenAPI 3.1)',
    role: 'public',
    answer: z.looseObject({ openapi: z.string() }),
    handle: () => ({ ...document }),
  });
  const routes = [...publicRoutes(ports), ...adminRoutes(ports), description];
  const document = openApi(routes, manifest.version);
  return routes;
}
