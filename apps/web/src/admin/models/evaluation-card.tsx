import type { ModelEvaluation, ModelVersion } from '@sotto/protocol/admin/models';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ConfusionMatrix } from '../../ui/confusion-matrix.tsx';
import { formatCount, formatDate, formatPlural, formatShare } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin, useTask } from '../frame/context.ts';
import { modelsAt } from './queries.ts';

/** Of more classes a matrix is a wall of numbers. */
const MOST_IN_MATRIX = 40;

interface EvaluationCardProps {
  version: ModelVersion;
  /** Null: not measured yet. */
  evaluation: ModelEvaluation | null;
}

/** How the version does on the held-out examples, class by class. */
export function EvaluationCard({ version: { model }, evaluation }: EvaluationCardProps) {
  const { id } = useTask();
  const { mayChange } = useAdmin();
  const { busy, refusal, run } = useAction();
  return (
    <Card
      title="How it does, class by class"
      testId="evaluation"
      aside={
        evaluation && `${formatCount(evaluation.correct)} of ${formatPlural(evaluation.examples, 'held-out example')}`
      }
    >
      {evaluation ? (
        <Measured evaluation={evaluation} />
      ) : (
        <div className="text-sm">
          <p className="text-muted">
            Not measured yet. The coordinator evaluates it on the examples that the task holds out, and keeps the
            result.
          </p>
          {mayChange && (
            <Button
              className="mt-4"
              look="primary"
              disabled={busy}
              onClick={() => void run(() => command('POST', `${modelsAt(id)}/${model}/evaluation`))}
            >
              {busy ? 'Evaluating …' : 'Evaluate'}
            </Button>
          )}
          {refusal && (
            <p role="alert" className="mt-3 font-medium text-bad">
              {refusal}
            </p>
          )}
        </div>
      )}
      <div className="mt-4">
        <CommandLine words={['model', 'evaluate', id, model.slice(0, 12)]} />
      </div>
    </Card>
  );
}

const orDash = (share: number | null) => (share === null ? '–' : formatShare(share));

function Measured({ evaluation: { classes, confusion, at } }: { evaluation: ModelEvaluation }) {
  return (
    <div className="space-y-6">
      <ScrollRegion label="Scores of each class">
        <table className="w-full min-w-[28rem] text-left text-sm" data-testid="class-scores">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className="py-2 pr-4 font-medium">Class</th>
              <th className="py-2 pr-4 text-right font-medium">Examples</th>
              <th
                className="py-2 pr-4 text-right font-medium"
                title="Of those it took for the class, the share that was"
              >
                Precision
              </th>
              <th
                className="py-2 pr-4 text-right font-medium"
                title="Of those that were of the class, the share it found"
              >
                Recall
              </th>
              <th className="py-2 text-right font-medium" title="Their harmonic mean">
                F1
              </th>
            </tr>
          </thead>
          <tbody>
            {classes.map(({ name, examples, precision, recall, f1 }) => (
              <tr key={name} className="border-b border-line last:border-0">
                <th scope="row" className="py-2 pr-4 font-medium">
                  {name}
                </th>
                <td className="py-2 pr-4 text-right">{formatCount(examples)}</td>
                <td className="py-2 pr-4 text-right">{orDash(precision)}</td>
                <td className="py-2 pr-4 text-right">{orDash(recall)}</td>
                <td className="py-2 text-right">{orDash(f1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {classes.length <= MOST_IN_MATRIX ? (
        <ConfusionMatrix
          confusion={confusion}
          classes={classes.map(({ name }) => name)}
          label="What was taken for what"
          caption="Rows: what an example really is. Columns: what the model took it for. Numbers on the diagonal are right."
          describe={(count, truth, taken) =>
            `${formatPlural(count, 'example')} of ${truth} ${truth === taken ? 'recognised' : `taken for ${taken}`}`
          }
        />
      ) : (
        <p className="text-sm text-muted">Of {classes.length} classes the matrix is left to the command, as JSON.</p>
      )}
      <p className="text-sm text-muted">Measured {formatDate(at)}, by the coordinator.</p>
    </div>
  );
}
