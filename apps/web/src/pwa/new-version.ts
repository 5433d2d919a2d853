/**
 * Whether the server has another version of the page than this tab. Nothing is ever loaded anew by itself: a round may be under way, and
 * what a person has brought in would be gone.
 */

const EVERY_MS = 15 * 60_000;
/** Coming back to the tab is a good moment to ask, but not at every glance. */
const AT_MOST_EVERY_MS = 60_000;

/** The path of the script that a page starts with, by its HTML. */
export function entryOf(html: string): string | null {
  return /<script[^>]+type="module"[^>]+src="([^"]+)"/.exec(html)?.[1] ?? null;
}

type Listener = () => void;

let outdated = false;
let askedAt = 0;
const listeners = new Set<Listener>();

export const newVersion = {
  isThere: (): boolean => outdated,
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Asks the server; true when this tab has not the version it serves now. Not to be reached, it says nothing new. */
export async function askForNewVersion(): Promise<boolean> {
  askedAt = Date.now();
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute('src') ?? null;
  try {
    const answer = await fetch('/', { cache: 'no-cache', headers: { accept: 'text/html' } });
    const theirs = answer.ok ? entryOf(await answer.text()) : null;
    const now = own !== null && theirs !== null && theirs !== own;
    if (now !== outdated) {
      outdated = now;
      for (const listener of listeners) listener();
    }
  } catch {
    // The next time, then.
  }
  return outdated;
}

/** What failed because this tab's version of the page is no longer on the server; loading the page again helps, nothing else does. */
export class OutdatedPageError extends Error {
  override readonly name = 'OutdatedPageError';
  readonly code = 'outdated_page';
}

/**
 * For what loads another part of the page (a chunk, a worker): its files are named by their content, and gone with their version.
 * @throws OutdatedPageError where it failed and there is a newer version, else what it failed with
 */
export async function explainByVersion<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (await askForNewVersion())
      throw new OutdatedPageError('The server has a newer version of this page.', { cause: error });
    throw error;
  }
}

/** Goes on asking, for as long as the tab is open. */
export function watchForNewVersions(): void {
  setInterval(() => void askForNewVersion(), EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && Date.now() - askedAt > AT_MOST_EVERY_MS) void askForNewVersion();
  });
}
