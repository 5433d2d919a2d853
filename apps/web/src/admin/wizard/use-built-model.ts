import type { BuiltModel } from '@sotto/learner/import/workshop';
import { messageOf, TrainingError } from '@sotto/learner/training-error';
import type { TaskManifest } from '@sotto/protocol/task';
import { useEffect, useMemo, useState } from 'react';
import type { Draft } from './draft.ts';
import type { ModelUpload } from './draft-store.ts';
import { type Batch, bringsWeights, build, buildRequestOf, runBatch } from './model-check.ts';

export type ModelState =
  /** The task's own model stays. */
  | { readonly state: 'kept' }
  /** What has to be said or chosen first, or why it cannot be used. */
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'building' }
  | {
      readonly state: 'built';
      readonly built: BuiltModel;
      /** It begins with weights of its own. */
      readonly brought: boolean;
      /** Learning from one batch in this browser; null: not tried yet. */
      readonly batch: Batch | { readonly failed: string } | null;
    };

/** While somebody types. */
const QUIET_MS = 400;

/**
 * The draft's model, really built in a Worker, and given a batch to learn from, each time that something it depends on has changed.
 * @param manifest  for the batch; null while the draft is not whole: then none is run
 */
export function useBuiltModel(draft: Draft, upload: ModelUpload | null, manifest: TaskManifest | null): ModelState {
  const request = useMemo(() => buildRequestOf(draft, upload), [draft, upload]);
  // Words of the draft change nothing of its model.
  const key = request === null || typeof request === 'string' ? request : keyOf(request, upload);
  const [built, setBuilt] = useState<{ key: typeof key; state: ModelState } | null>(null);

  useEffect(() => {
    if (request === null || typeof request === 'string') return;
    const stopping = new AbortController();
    const { signal } = stopping;
    const timer = setTimeout(async () => {
      try {
        const model = await build(request, signal);
        if (!signal.aborted)
          setBuilt({ key, state: { state: 'built', built: model, brought: bringsWeights(request), batch: null } });
      } catch (error) {
        if (!(error instanceof TrainingError && error.code === 'cancelled'))
          setBuilt({ key, state: { state: 'refused', reason: messageOf(error) } });
      }
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [key]);

  const model = built?.key === key && built.state.state === 'built' ? built.state.built : null;
  const training = manifest && JSON.stringify(manifest.training);
  useEffect(() => {
    if (!model || !manifest) return;
    const stopping = new AbortController();
    const { signal } = stopping;
    const tell = (batch: Batch | { failed: string }) =>
      setBuilt((now) => (now?.state.state === 'built' ? { ...now, state: { ...now.state, batch } } : now));
    runBatch(model, manifest, signal).then(
      (batch) => signal.aborted || tell(batch),
      (error) => signal.aborted || tell({ failed: messageOf(error) }),
    );
    return () => stopping.abort();
  }, [model, training]);

  if (request === null) return { state: 'kept' };
  if (typeof request === 'string') return { state: 'refused', reason: request };
  return built?.key === key ? built.state : { state: 'building' };
}

/** What a built model comes of. Two uploads of one name are told apart by their text. */
function keyOf(request: Exclude<ReturnType<typeof buildRequestOf>, string | null>, upload: ModelUpload | null): string {
  const { ends } = request;
  const model = request.features === undefined ? request.topology : [request.features, request.model];
  return JSON.stringify([ends, model, request.shards !== null, [...(upload?.shards.keys() ?? [])]]);
}
