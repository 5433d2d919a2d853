/** An address that this page has asked for. */
export interface Asked {
  /** Path and query; the whole address where it is not this origin's. */
  readonly path: string;
  /** When it was last asked for, ms since 1970. */
  readonly at: number;
  readonly count: number;
}

/** What the browser says of a request. */
interface Timed {
  /** The whole address. */
  readonly name: string;
  /** Ms since the page began. */
  readonly startTime: number;
}

/** Adds requests to those known, the latest last. What the page made up itself (`blob:`, `data:`) was asked of nobody. */
export function addAsked(known: readonly Asked[], requests: readonly Timed[], page: string, began: number): Asked[] {
  const byPath = new Map(known.map((asked) => [asked.path, asked]));
  for (const { name, startTime } of requests) {
    const { protocol, origin, pathname, search, href } = new URL(name);
    if (protocol !== 'http:' && protocol !== 'https:') continue;
    const path = origin === page ? pathname + search : href;
    const before = byPath.get(path);
    const at = began + startTime;
    byPath.set(path, { path, at: Math.max(at, before?.at ?? at), count: (before?.count ?? 0) + 1 });
  }
  return [...byPath.values()].sort((a, b) => a.at - b.at);
}

let asked: readonly Asked[] = [];
const listeners = new Set<() => void>();

/** Everything this page has asked for since it was loaded, its own address first. What asks need not say so: the browser does. */
export const askedStore = {
  asked: () => asked,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Begins the list, with what was asked for before. The browser tells of a request when it is over, whether it went well or not. */
export function listRequests(): void {
  const add = (requests: readonly Timed[]) => {
    asked = addAsked(asked, requests, location.origin, performance.timeOrigin);
    for (const listener of listeners) listener();
  };
  add([...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]);
  new PerformanceObserver((list) => add(list.getEntries())).observe({ type: 'resource' });
}
