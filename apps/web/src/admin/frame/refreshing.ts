import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** Fetches those queries anew that are shown, and lets go of the others’ answers. */
export type Refresh = (name: string, concerned: (key: QueryKey) => boolean) => void;

/**
 * News that come faster than answers do would cancel every fetch before it is over: of each name one goes on at a time, and one more
 * follows it if there was news meanwhile.
 */
export function createRefreshing(client: Pick<QueryClient, 'invalidateQueries'>): Refresh {
  const underWay = new Map<string, { again: boolean }>();
  return function refresh(name, concerned) {
    const before = underWay.get(name);
    if (before) {
      before.again = true;
      return;
    }
    const state = { again: false };
    underWay.set(name, state);
    void client.invalidateQueries({ predicate: ({ queryKey }) => concerned(queryKey) }).finally(() => {
      underWay.delete(name);
      if (state.again) refresh(name, concerned);
    });
  };
}
