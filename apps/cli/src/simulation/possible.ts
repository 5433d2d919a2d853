import { completeConfig } from '@sotto/coordinator/rounds/run-config';
import { makeInitialModel } from '@sotto/coordinator/tasks/initial-model';
import type { Task } from '@sotto/coordinator/tasks/tasks';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import type { RunConfig } from '@sotto/protocol/run';
import { Failure } from '../failure.ts';
import { optionOf } from './option-names.ts';
import { requestOf, type SimulationSettings } from './settings.ts';

/** A run as it would be, before anybody takes part. */
export interface PossibleRun {
  readonly config: RunConfig;
  /** The initial model file. */
  readonly model: Uint8Array;
  readonly parameters: number;
}

/** @throws Failure, by the names of the options, when there can be no such run */
export async function expectPossible(
  settings: SimulationSettings,
  { manifest, topology }: Pick<Task, 'manifest' | 'topology'>,
): Promise<PossibleRun> {
  const model = await makeInitialModel(topology, settings.seed);
  const file = decodeModelFile(model);
  if (isRejection(file)) throw new Failure(file.message);
  const parameters = file.weights.length;
  const config = completeConfig(requestOf(settings), manifest, parameters, optionOf);
  if (isRejection(config)) throw new Failure(config.message);
  return { config, model, parameters };
}
