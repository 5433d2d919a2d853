import type { BackendName } from '@sotto/learner/backend';

/** What the Workers load, by what it is for. */
type Part = 'learning' | 'sealing' | BackendName;

/** Bytes, once they are unpacked: of a compressed file a page is told no others. */
export interface Amount {
  readonly done: number;
  readonly total: number;
}

type CodeParts = Readonly<Partial<Record<Part, readonly (readonly [file: string, bytes: number])[]>>>;

/** The build writes into the page what each Worker loads; nothing where the page is served as it is written. */
function partsOfPage(): CodeParts {
  return JSON.parse(document.getElementById('code-parts')?.textContent ?? '{}') as CodeParts;
}

/**
 * Has the browser fetch what a Worker is going to load, which can tell nobody how far it is; it then finds everything in the browser's
 * cache. What does not come for want of a network is left to the Worker, which asks again and says why it could not.
 * @throws Error when a file is not on the server, most often because it is one of an earlier version
 */
export async function loadCode(
  parts: readonly Part[],
  {
    known = partsOfPage(),
    onProgress = () => {},
    signal = new AbortController().signal,
  }: { known?: CodeParts; onProgress?: (amount: Amount) => void; signal?: AbortSignal } = {},
): Promise<void> {
  const files = new Map(parts.flatMap((part) => known[part] ?? []));
  const total = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
  let done = 0;
  const add = (bytes: number) => {
    done += bytes;
    onProgress({ done, total });
  };
  add(0);
  await Promise.all([...files.keys()].map((file) => fetchFile(file, add, signal)));
}

async function fetchFile(file: string, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`/${file}`, { signal }).catch(() => null);
  if (answer?.status === 404) throw new Error(`/${file} is not on the server.`);
  const reader = answer?.body?.getReader();
  try {
    for (let read = await reader?.read(); read?.value; read = await reader?.read()) onBytes(read.value.length);
  } catch {
    // Broken off.
  }
}

/** What the learner may try, as far as can be said before it does. */
export function backendsAhead(wish: BackendName | null, remembered: BackendName | null): readonly BackendName[] {
  const one = wish ?? remembered;
  if (one) return [one];
  return 'gpu' in navigator ? ['webgpu', 'webgl', 'wasm'] : ['webgl', 'wasm'];
}
