import { ModelDetail, ModelLineage, ModelPage, type ModelQuery } from '@sotto/protocol/admin/models';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ADMIN } from '../../api/queries.ts';
import { request, requestBytes } from '../../api/request.ts';

export const modelsAt = (task: string) => `/api/admin/tasks/${encodeURIComponent(task)}/models`;
export const modelPath = (task: string, model: string) => `/admin/t/${task}/models/${model}`;

const VERSIONS_A_PAGE = 50;
const ROUNDS_A_PAGE = 20;

type Asked = Pick<ModelQuery, 'order' | 'run'>;

/** Versions of a task's model, page by page. */
export const modelsQuery = (task: string, { order, run }: Asked) =>
  infiniteQueryOptions({
    queryKey: [...ADMIN, 'models', task, 'list', order, run ?? null],
    queryFn: ({ pageParam }) => {
      const asked = {
        order,
        most: String(VERSIONS_A_PAGE),
        ...(run && { run }),
        ...(pageParam && { after: pageParam }),
      };
      return request(ModelPage, 'GET', `${modelsAt(task)}?${new URLSearchParams(asked)}`);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ versions }) => (versions.length < VERSIONS_A_PAGE ? undefined : versions.at(-1)?.model),
  });

export const modelQuery = (task: string, model: string) =>
  queryOptions({
    queryKey: [...ADMIN, 'models', task, 'detail', model],
    queryFn: () => request(ModelDetail, 'GET', `${modelsAt(task)}/${model}`),
  });

/** The rounds behind a version, the latest first. */
export const lineageQuery = (task: string, model: string) =>
  infiniteQueryOptions({
    queryKey: [...ADMIN, 'models', task, 'lineage', model],
    queryFn: ({ pageParam }) =>
      request(ModelLineage, 'GET', `${modelsAt(task)}/${pageParam}/lineage?most=${ROUNDS_A_PAGE}`),
    initialPageParam: model,
    getNextPageParam: ({ before }) => before ?? undefined,
  });

/** Markdown. */
export const cardQuery = (task: string, model: string) =>
  queryOptions({
    queryKey: [...ADMIN, 'models', task, 'card', model],
    queryFn: async () => new TextDecoder().decode(await requestBytes(`${modelsAt(task)}/${model}/card`)),
  });
