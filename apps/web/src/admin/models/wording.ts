import type { ModelVersion } from '@sotto/protocol/admin/models';

/** What a version is called among those of its run. */
export function nameOf({ round, transcript }: Pick<ModelVersion, 'round' | 'transcript'>): string {
  return transcript === null ? 'Initial weights' : `Round ${round}`;
}
