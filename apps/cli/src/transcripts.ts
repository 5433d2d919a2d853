import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Coordinator } from '@sotto/coordinator/main';
import type { RunSummary } from '@sotto/protocol/run';
import { createCoordinatorApi } from './coordinator-api.ts';

/** Puts a run's transcripts where a person finds them: in the data folder's database nobody would. @returns their folder */
export async function saveTranscripts(
  coordinator: Coordinator,
  { run, rounds }: RunSummary,
  dataFolder: string,
): Promise<string> {
  const api = createCoordinatorApi(coordinator.localUrl);
  const folder = join(dataFolder, 'transcripts', run);
  mkdirSync(folder, { recursive: true });
  for (const outcome of rounds)
    if (outcome.kind === 'published')
      writeFileSync(
        join(folder, `round-${outcome.round}.json`),
        await api.bytes(`/api/transcripts/${outcome.transcript}`),
      );
  return folder;
}
