import {
  ModelDetail,
  ModelEvaluation,
  ModelLineage,
  ModelPage,
  ModelPin,
  ModelQuery,
} from '@sotto/protocol/admin/models';
import { Hash, Slug } from '@sotto/protocol/ids';
import { DONE, Done } from '@sotto/protocol/messages';
import { z } from 'zod';
import type { Models } from '../models/models.ts';
import type { AdminHints } from '../rounds/admin-hints.ts';
import { type Route, route } from './route.ts';

export interface ModelPorts {
  readonly models: Models;
  readonly changed: AdminHints['changed'];
}

const ofTask = z.strictObject({ task: Slug });
const ofModel = z.strictObject({ task: Slug, model: Hash });
const Depth = z.strictObject({ most: z.coerce.number().int().min(1).max(1000).default(100) });

/** The versions of a task's model. To go on from one, a run is started with `startFrom`. */
export function modelRoutes({ models, changed }: ModelPorts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/models',
      summary:
        'The versions of a task’s model, the latest or the best first; `after` the last of one page for the next',
      role: 'viewer',
      params: ofTask,
      query: ModelQuery,
      answer: ModelPage,
      handle: ({ params, query }) => models.page(params.task, query),
    }),
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/models/:model',
      summary:
        'One version: where it is from, whether it is pinned, and how it does class by class where that was measured',
      role: 'viewer',
      params: ofModel,
      answer: ModelDetail,
      handle: ({ params: { task, model } }) => models.detail(task, model),
    }),
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/models/:model/lineage',
      summary: 'What made a version, and what made the one before: rounds with their transcripts and plans, over runs',
      role: 'viewer',
      params: ofModel,
      query: Depth,
      answer: ModelLineage,
      handle: ({ params: { task, model }, query }) => models.lineage(task, model, query.most),
    }),
    route({
      method: 'GET',
      path: '/api/admin/tasks/:task/models/:model/card',
      summary: 'The model card of a version, Markdown',
      role: 'viewer',
      params: ofModel,
      answer: 'text',
      handle: ({ params: { task, model } }) => models.card(task, model),
    }),
    route({
      method: 'POST',
      path: '/api/admin/tasks/:task/models/:model/evaluation',
      summary: 'Evaluate a version on the held-out examples, class by class; once measured it is kept',
      role: 'admin',
      params: ofModel,
      answer: ModelEvaluation,
      audit: { action: 'evaluate model', detail: ({ params }) => params },
      async handle({ params: { task, model } }) {
        const evaluation = await models.evaluate(task, model);
        changed('models', task);
        return evaluation;
      },
    }),
    route({
      method: 'PUT',
      path: '/api/admin/tasks/:task/pin',
      summary: 'Choose the version that participants are offered, or null for always the latest',
      role: 'admin',
      params: ofTask,
      body: ModelPin,
      answer: Done,
      audit: { action: 'pin model', detail: ({ params, body }) => ({ ...params, ...body }) },
      async handle({ params: { task }, body: { model } }) {
        const refused = await models.pin(task, model);
        if (refused) return refused;
        changed('models', task);
        return DONE;
      },
    }),
  ];
}
