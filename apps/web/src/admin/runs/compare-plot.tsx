import type { RunSummary } from '@sotto/protocol/run';
import { useState } from 'react';
import { Card } from '../../ui/card.tsx';
import { Plot } from '../../ui/plot.tsx';
import { formatShare } from '../../ui/quantity.ts';
import { lineOf } from './compare-lines.ts';

/** The curves of several runs over one another: right or loss, over rounds or over time. */
export function ComparePlot({ runs }: { runs: readonly RunSummary[] }) {
  const [metric, setMetric] = useState<'accuracy' | 'loss'>('accuracy');
  const [over, setOver] = useState<'rounds' | 'minutes'>('rounds');
  const curves = runs.map((run) => curveOf(run, over));
  const x = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b);
  return (
    <Card
      title={metric === 'accuracy' ? 'Right on test data' : 'Loss on test data'}
      testId="compare-plot"
      aside={
        <div className="flex flex-wrap gap-2">
          <Choice value={metric} values={['accuracy', 'loss']} label="What is drawn" onChange={setMetric} />
          <Choice value={over} values={['rounds', 'minutes']} label="Over what" onChange={setOver} />
        </div>
      }
    >
      <Plot
        label={runs
          .map(({ run, initial, rounds }) => {
            const latest = rounds.findLast((round) => round.kind === 'published') ?? initial;
            return `${run}: ${formatShare(latest.testAccuracy)} right, loss ${latest.testLoss.toFixed(3)}`;
          })
          .join('; ')}
        xName={over === 'rounds' ? 'Round' : 'Minutes'}
        rounds={over === 'rounds' ? Math.max(1, ...x) : 0}
        x={x}
        height={320}
        series={runs.map((run, i) => ({
          name: run.run,
          values: x.map((at) => curves[i]!.get(at)?.[metric] ?? null),
          scale: metric === 'accuracy' ? 'share' : 'amount',
          ...lineOf(i),
        }))}
      />
    </Card>
  );
}

type Point = Readonly<Record<'accuracy' | 'loss', number>>;

/** Published rounds are counted from 1, the model before them stands at 0; minutes are counted from the run's start. */
function curveOf({ initial, rounds, startedAt }: RunSummary, over: 'rounds' | 'minutes'): ReadonlyMap<number, Point> {
  const pointOf = ({ testAccuracy, testLoss }: RunSummary['initial']): Point => ({
    accuracy: testAccuracy,
    loss: testLoss,
  });
  const published = rounds.filter((round) => round.kind === 'published');
  return new Map([
    [0, pointOf(initial)],
    ...published.map((round, i): [number, Point] => [
      over === 'rounds' ? i + 1 : Math.round((round.endedAt - startedAt) / 600) / 100,
      pointOf(round),
    ]),
  ]);
}

interface ChoiceProps<T extends string> {
  value: T;
  values: readonly T[];
  label: string;
  onChange: (value: T) => void;
}

function Choice<T extends string>({ value, values, label, onChange }: ChoiceProps<T>) {
  return (
    <fieldset aria-label={label} className="inline-flex overflow-hidden rounded-lg border border-line-strong">
      {values.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === value}
          onClick={() => onChange(each)}
          className="min-h-8 px-3 text-sm text-ink hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:font-semibold"
        >
          {each}
        </button>
      ))}
    </fieldset>
  );
}
