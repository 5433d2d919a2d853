import * as Comlink from 'comlink';
import type { Dataset } from '../dataset.ts';
import type {
  EvaluateRequest,
  LearnerService,
  Outcome,
  PredictRequest,
  PrepareOptions,
  TrainRequest,
} from '../service.ts';
import type { TrainingProgress } from '../training.ts';

/** A request whose datasets lie in the worker already, under the numbers they were kept as. */
type Referring<Request> = Omit<Request, 'dataset' | 'validation'> & {
  readonly dataset: number;
  readonly validation?: number | null;
};

/** The learner as the worker serves it. */
export interface HostedLearner {
  /** A dataset crosses the border once, however many rounds learn from it. */
  keep(id: number, dataset: Dataset): void;
  drop(id: number): void;
  /** Answers as soon as the worker is not busy. */
  ping(): void;
  prepare(options: PrepareOptions): ReturnType<LearnerService['prepare']>;
  train(
    request: Referring<TrainRequest>,
    onProgress: (progress: TrainingProgress) => void,
  ): ReturnType<LearnerService['train']>;
  evaluate(request: Referring<EvaluateRequest>): ReturnType<LearnerService['evaluate']>;
  predict(request: Referring<PredictRequest>): ReturnType<LearnerService['predict']>;
  cancel(): void;
}

type OnProgress = (progress: TrainingProgress) => void;

/** Serves the learner on this worker's end; what it answers with is handed over, not copied. */
export function exposeService(service: LearnerService, endpoint: Comlink.Endpoint): void {
  const kept = new Map<number, Dataset>();

  async function withData<T>(
    { dataset, validation }: Referring<EvaluateRequest>,
    work: (data: { dataset: Dataset; validation: Dataset | null }) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const [learned, held] = [kept.get(dataset), typeof validation === 'number' ? kept.get(validation) : null];
    if (learned === undefined || held === undefined)
      return {
        failure: {
          code: 'out_of_memory',
          message: 'The examples did not reach the training worker: there is too little memory. Use fewer of them.',
        },
      };
    return work({ dataset: learned, validation: held });
  }

  const served: HostedLearner = {
    keep: (id, dataset) => void kept.set(id, dataset),
    drop: (id) => void kept.delete(id),
    ping: () => {},
    prepare: service.prepare,
    cancel: service.cancel,
    evaluate: (request) => withData(request, ({ dataset }) => service.evaluate({ ...request, dataset })),
    async predict(request) {
      const outcome = await withData(request, ({ dataset }) => service.predict({ ...request, dataset }));
      return 'value' in outcome ? Comlink.transfer(outcome, [outcome.value.buffer]) : outcome;
    },
    async train(request, onProgress) {
      const remote = onProgress as Comlink.Remote<OnProgress>;
      let told: Promise<void> | undefined;
      const outcome = await withData(request, (data) =>
        service.train({ ...request, ...data }, (progress) => {
          told = remote(progress);
        }),
      );
      // The callback is a message port of its own: the result must not overtake the last progress, and nobody else would close it.
      await told;
      remote[Comlink.releaseProxy]();
      return 'value' in outcome ? Comlink.transfer(outcome, [outcome.value.delta.buffer]) : outcome;
    },
  };
  Comlink.expose(served, endpoint);
}
