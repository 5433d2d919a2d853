import { afterNews, LiveView } from '@sotto/protocol/admin/live';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { ADMIN } from '../../api/queries.ts';
import { request } from '../../api/request.ts';

/** News that come while the view before them is still on its way; more than these, and it is asked for again. */
const MOST_WAITING = 300;

/** News of each task, the latest last, since the connection was made. */
const waiting = new Map<string, LiveView[]>();

const keyOf = (task: string) => [...ADMIN, 'live', task] as const;

/** How a task stands now, and what its devices are at: news keep it so without asking again. The slow poll is for clocks that were set. */
export const liveQuery = (task: string) =>
  queryOptions({
    queryKey: keyOf(task),
    queryFn: async () => withNews(await request(LiveView, 'GET', `/api/admin/tasks/${encodeURIComponent(task)}/live`)),
    refetchInterval: 30_000,
  });

/** What was told while the answer was on its way is not in it. */
function withNews(view: LiveView): LiveView {
  let latest = view;
  for (const news of waiting.get(view.task) ?? []) latest = afterNews(latest, news) ?? latest;
  return latest;
}

/** @returns whether the view has to be asked for again */
export function takeNews(client: Pick<QueryClient, 'getQueryData' | 'setQueryData'>, news: LiveView): boolean {
  const { task } = news;
  waiting.set(task, [...(waiting.get(task) ?? []), news].slice(-MOST_WAITING));
  const view = client.getQueryData<LiveView>(keyOf(task));
  if (!view) return false;
  const next = afterNews(view, news);
  if (next) client.setQueryData(keyOf(task), next);
  return next === null;
}

/** The connection is a new one, perhaps to a coordinator that counts from the beginning again. */
export function forgetNews(): void {
  waiting.clear();
}
