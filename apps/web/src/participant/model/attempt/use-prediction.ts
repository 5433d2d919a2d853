import type { Dataset } from '@sotto/learner/dataset';
import type { Trainer } from '@sotto/learner/worker/client';
import { useEffect, useMemo, useState } from 'react';
import { createAsker } from './asker.ts';

export type Outcome =
  | { readonly state: 'nothing' }
  | { readonly state: 'answered'; readonly shares: readonly number[] }
  | { readonly state: 'failed'; readonly error: unknown };

/** A model that answers with another number of shares than the task has classes. */
const BAD_ANSWER = { code: 'bad_answer' };

/** The model's answer to the latest question, anew whenever question or model change. The last answer stays until the next is there. */
export function usePrediction(
  trainer: Trainer | null,
  model: Uint8Array | null,
  question: Dataset | null,
  classes: number,
): Outcome {
  const [outcome, setOutcome] = useState<Outcome>({ state: 'nothing' });
  const asker = useMemo(
    () =>
      createAsker({
        answer: (ask: { trainer: Trainer; model: Uint8Array; dataset: Dataset }) => ask.trainer.predict(ask),
        onAnswer: (shares) =>
          setOutcome(
            shares.length === classes
              ? { state: 'answered', shares: [...shares] }
              : { state: 'failed', error: BAD_ANSWER },
          ),
        onFailure: (error) => setOutcome({ state: 'failed', error }),
      }),
    [classes],
  );
  useEffect(() => {
    if (trainer && model && question) {
      asker.ask({ trainer, model, dataset: question });
      return;
    }
    asker.forget();
    if (!question) setOutcome({ state: 'nothing' });
  }, [asker, trainer, model, question]);
  useEffect(() => () => asker.forget(), [asker]);
  return outcome;
}
