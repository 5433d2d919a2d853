import * as Comlink from 'comlink';
import { messageOf } from '../training-error.ts';
import type { BuildOutcome, BuildRequest } from './build-request.ts';
import { buildModel, buildWithHead } from './workshop.ts';

async function build(request: BuildRequest): Promise<BuildOutcome> {
  try {
    const built =
      request.features !== undefined
        ? await buildWithHead(request.model, request.features, request.ends, request.shards)
        : await buildModel(request.topology, request.ends, request.shards);
    return Comlink.transfer({ built }, [built.file.buffer]);
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

export type Workshop = typeof build;

Comlink.expose(build);
