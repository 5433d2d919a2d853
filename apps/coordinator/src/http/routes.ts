import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { type AdminPorts, adminRoutes } from './admin-routes.ts';
import { type AdmissionPorts, admissionRoutes } from './admission-routes.ts';
import { type AuditPorts, auditRoutes } from './audit-routes.ts';
import { type DevicesPorts, devicesRoutes } from './devices-routes.ts';
import { type EvidencePorts, evidenceRoutes } from './evidence-routes.ts';
import { type FilePorts, fileRoutes } from './file-routes.ts';
import { type ModelPorts, modelRoutes } from './model-routes.ts';
import { openApi } from './openapi.ts';
import { type OperationsPorts, operationsRoutes } from './operations-routes.ts';
import { type PublicPorts, publicRoutes } from './public-routes.ts';
import { type Route, route } from './route.ts';
import { type RunPorts, runRoutes } from './run-routes.ts';
import { type SignInPorts, signInRoutes } from './sign-in-routes.ts';
import { type StudyPorts, studyRoutes } from './study-routes.ts';
import { type TaskPorts, taskRoutes } from './task-routes.ts';

export interface RoutesPorts
  extends PublicPorts,
    SignInPorts,
    RunPorts,
    AdminPorts,
    AdmissionPorts,
    AuditPorts,
    DevicesPorts,
    StudyPorts,
    ModelPorts,
    TaskPorts,
    FilePorts,
    EvidencePorts,
    OperationsPorts {}

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
  const routes = [
    ...publicRoutes(ports),
    ...signInRoutes(ports),
    ...adminRoutes(ports),
    ...admissionRoutes(ports),
    ...auditRoutes(ports),
    ...runRoutes(ports),
    ...devicesRoutes(ports),
    ...studyRoutes(ports),
    ...modelRoutes(ports),
    ...taskRoutes(ports),
    ...fileRoutes(ports),
    ...evidenceRoutes(ports),
    ...operationsRoutes(ports),
    description,
  ];
  const document = openApi(routes, manifest.version);
  return routes;
}
