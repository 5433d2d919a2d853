import { differences, factsOf } from '@sotto/protocol/admin/comparison';
import type { RunDetail } from '@sotto/protocol/admin/runs';
import { Link } from 'react-router';
import { Card } from '../../ui/card.tsx';
import {
  formatBytes,
  formatCount,
  formatDecimal,
  formatDuration,
  formatShare,
  formatSpent,
} from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { lineOf } from './compare-lines.ts';
import { FIELDS } from './fields.ts';

const FACTS: readonly (readonly [name: string, of: (facts: ReturnType<typeof factsOf>) => string])[] = [
  ['State', ({ state }) => state],
  ['Rounds', ({ published, abandoned }) => `${published}${abandoned > 0 ? ` + ${abandoned} given up` : ''}`],
  ['Right at the end', ({ testAccuracy }) => formatShare(testAccuracy)],
  ['Right at best', ({ best, bestRound }) => `${formatShare(best)} (round ${bestRound})`],
  ['Loss at the end', ({ testLoss }) => formatDecimal(testLoss, 3)],
  ['Updates, on average', ({ contributors }) => (contributors === null ? '–' : formatDecimal(contributors, 1))],
  ['Sent by each, a round', ({ uploadBytes }) => (uploadBytes === null ? '–' : formatBytes(uploadBytes))],
  ['Received in all', ({ received }) => (received === null ? '–' : formatBytes(received))],
  ['Refused messages', ({ refused }) => (refused === null ? '–' : formatCount(refused))],
  ['A round took', ({ roundMs }) => (roundMs === null ? '–' : formatDuration(roundMs))],
  ['Took in all', ({ tookMs }) => (tookMs === null ? '–' : formatDuration(tookMs))],
  ['ε spent', ({ epsilon }) => (epsilon === null ? 'no noise' : formatSpent(epsilon))],
];

/** A column a run: what came of it, and the settings in which they differ. */
export function CompareTable({ task, details }: { task: string; details: readonly RunDetail[] }) {
  const facts = details.map(factsOf);
  const rows = differences(details.map(({ run }) => run.config));
  const labels = new Map(FIELDS.map(({ name, label }) => [name, label]));
  return (
    <Card title="Side by side" testId="compare-table">
      <ScrollRegion label="Runs side by side">
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="border-b border-line">
              <td className="py-2 pr-4" />
              {details.map(({ run }, i) => (
                <th key={run.run} className="min-w-32 py-2 pr-4 align-bottom font-medium">
                  <span
                    aria-hidden="true"
                    className="mb-1 block w-8 border-t-[3px]"
                    style={{
                      borderColor: `var(--${lineOf(i).tone})`,
                      borderStyle: lineOf(i).dashed ? 'dashed' : 'solid',
                    }}
                  />
                  <Link to={`/admin/t/${task}/runs/${run.run}`} className="text-accent underline underline-offset-4">
                    {run.run}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {FACTS.map(([name, of]) => (
              <Row key={name} name={name} values={facts.map(of)} />
            ))}
            <tr>
              <th colSpan={details.length + 1} className="pt-5 pb-1 font-semibold">
                {rows.length === 0 ? 'They were told the same' : 'Told otherwise'}
              </th>
            </tr>
            {rows.map(({ name, values }) => (
              <Row
                key={name}
                name={labels.get(name) ?? name}
                title={name}
                values={values.map((value) => (value === null ? '–' : value))}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Card>
  );
}

function Row({ name, title, values }: { name: string; title?: string; values: readonly string[] }) {
  return (
    <tr className="border-b border-line last:border-0">
      <th className="py-1.5 pr-4 text-left font-normal whitespace-nowrap text-muted" title={title}>
        {name}
      </th>
      {values.map((value, i) => (
        <td key={i} className="py-1.5 pr-4 [overflow-wrap:anywhere]">
          {value}
        </td>
      ))}
    </tr>
  );
}
