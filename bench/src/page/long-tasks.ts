import { LONG_MS, type LongTask } from './figures.ts';

/** One event of Chromium's trace, times in microseconds; those that last have a duration, and how long the thread computed in it. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: {
    readonly name?: string;
    readonly fileName?: string;
    readonly data?: { readonly url?: string; readonly functionName?: string; readonly lineNumber?: number };
  };
}

interface Span {
  readonly event: TraceEvent;
  readonly inner: TraceEvent[];
}

/**
 * Tasks of the main thread that ran for more than 50 ms, at least half of it in scripts of this origin. Counted is the time the thread
 * computed, not the time it waited for a processor: a machine that is busy with something else would make long tasks of short ones.
 */
export function findLongTasks(events: readonly TraceEvent[], origin: string): LongTask[] {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const threads = Map.groupBy(
    events.filter(({ ph, pid, tid, dur }) => ph === 'X' && dur !== undefined && mains.has(`${pid}/${tid}`)),
    ({ pid, tid }) => `${pid}/${tid}`,
  );
  return [...threads.values()].flatMap((thread) => outermost(thread)).flatMap((span) => longTaskOf(span, origin));
}

/** What is in nothing else, with all that is in it. */
function outermost(events: readonly TraceEvent[]): Span[] {
  const spans: Span[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const event of [...events].sort((a, b) => a.ts - b.ts || b.dur! - a.dur!)) {
    if (event.ts >= end) {
      spans.push({ event, inner: [event] });
      end = event.ts + event.dur!;
    } else spans.at(-1)!.inner.push(event);
  }
  return spans;
}

function longTaskOf({ event, inner }: Span, origin: string): LongTask[] {
  const computed = ({ tdur, dur }: TraceEvent) => (tdur ?? dur ?? 0) / 1000;
  if (computed(event) <= LONG_MS) return [];
  const ours = inner.filter(({ args }) => (args?.data?.url ?? args?.fileName ?? '').startsWith(`${origin}/`));
  const [longest] = ours.sort((a, b) => computed(b) - computed(a));
  if (!longest || computed(longest) * 2 < computed(event)) return [];
  const { url, functionName } = longest.args?.data ?? {};
  const { pathname } = new URL(url ?? longest.args!.fileName!);
  return [{ ms: Math.round(computed(event)), script: `${pathname} ${functionName || longest.name}, by ${event.name}` }];
}
