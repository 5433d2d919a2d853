import type { Dataset } from '../dataset.ts';
import type { HostedLearner } from './host.ts';

/** A participant uses two, what it learns from and what it checks on; whoever serves many participants goes through theirs in turn. */
const KEPT = 4;

export interface DatasetPost {
  /** The number under which the worker has this dataset; sends it there unless it is one of the last few. */
  refer(dataset: Dataset): number;
}

/** Sends each dataset to one worker once, for as long as it is among the last few that were used. */
export function createDatasetPost(service: {
  keep(...args: Parameters<HostedLearner['keep']>): Promise<void>;
  drop(id: number): Promise<void>;
}): DatasetPost {
  /** The least recently used first. */
  const sent = new Map<Dataset, number>();
  let last = 0;
  return {
    refer(dataset) {
      const known = sent.get(dataset);
      sent.delete(dataset);
      const id = known ?? ++last;
      sent.set(dataset, id);
      if (known === undefined)
        // What could not be sent is sent again at the next use; this one is told by the worker, who misses it.
        service.keep(id, dataset).catch(() => sent.delete(dataset));
      const [oldest] = sent;
      if (sent.size > KEPT && oldest) {
        sent.delete(oldest[0]);
        void service.drop(oldest[1]);
      }
      return id;
    },
  };
}
