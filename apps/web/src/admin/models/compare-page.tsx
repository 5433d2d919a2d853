import type { ModelDetail } from '@sotto/protocol/admin/models';
import { useQueries } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { command } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatDate, formatDecimal, formatPlural, formatShare } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { useAction } from '../frame/action.ts';
import { CommandLine } from '../frame/command-line.tsx';
import { useAdmin, useTask } from '../frame/context.ts';
import { PageHead } from '../frame/page-head.tsx';
import { modelPath, modelQuery, modelsAt } from './queries.ts';
import { Trouble } from './trouble.tsx';
import { nameOf } from './wording.ts';

/** `/admin/t/:task/models/compare?models=a,b,…`: versions side by side. */
export function ModelComparisonPage() {
  const { id, title } = useTask();
  const [search] = useSearchParams();
  const models = [...new Set((search.get('models') ?? '').split(',').filter((model) => model !== ''))];
  const queries = useQueries({ queries: models.map((model) => modelQuery(id, model)) });
  const details = queries.flatMap(({ data }) => data ?? []);
  const failed = queries.find(({ error }) => error);
  const { mayChange } = useAdmin();
  const { busy, refusal, run } = useAction();
  const unmeasured = details.filter(({ evaluation }) => evaluation === null).map(({ version }) => version.model);
  async function measure(): Promise<void> {
    for (const model of unmeasured) await command('POST', `${modelsAt(id)}/${model}/evaluation`);
  }
  return (
    <div className="space-y-5" data-testid="model-comparison">
      <PageHead
        title="Versions side by side"
        name={`Models of ${title}`}
        actions={
          <Link className="text-sm text-accent underline underline-offset-4" to={`/admin/t/${id}/models`}>
            All versions
          </Link>
        }
      >
        The best of each row is marked. Classes are compared where a version was evaluated.
      </PageHead>
      {failed?.error && <Trouble error={failed.error} onRetry={() => void failed.refetch()} />}
      {details.length > 0 && <Comparison details={details} />}
      {mayChange && unmeasured.length > 0 && (
        <Button disabled={busy} onClick={() => void run(measure)}>
          {busy ? 'Evaluating …' : `Evaluate ${formatPlural(unmeasured.length, 'version')} class by class`}
        </Button>
      )}
      {refusal && <p className="text-sm font-medium text-bad">{refusal}</p>}
      {models.length > 1 && (
        <CommandLine words={['model', 'compare', id, ...models.map((model) => model.slice(0, 12))]} />
      )}
    </div>
  );
}

interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly format: (value: number) => string;
  readonly better?: 'high' | 'low';
}

function linesOf(details: readonly ModelDetail[]): Line[] {
  const classes = [...new Set(details.flatMap(({ evaluation }) => evaluation?.classes.map(({ name }) => name) ?? []))];
  const of = (detail: ModelDetail, name: string) => detail.evaluation?.classes.find((each) => each.name === name);
  return [
    { name: 'Right', values: details.map(({ version }) => version.testAccuracy), format: formatShare, better: 'high' },
    {
      name: 'Loss',
      values: details.map(({ version }) => version.testLoss),
      format: (loss) => formatDecimal(loss, 3),
      better: 'low',
    },
    { name: 'Updates', values: details.map(({ version }) => version.contributors), format: formatCount },
    { name: 'Made', values: details.map(({ version }) => version.made), format: formatDate },
    ...classes.flatMap((name): Line[] => [
      {
        name: `Precision of ${name}`,
        values: details.map((detail) => of(detail, name)?.precision ?? null),
        format: formatShare,
        better: 'high',
      },
      {
        name: `Recall of ${name}`,
        values: details.map((detail) => of(detail, name)?.recall ?? null),
        format: formatShare,
        better: 'high',
      },
    ]),
  ];
}

/** Nothing where all are alike. */
function bestOf({ values, better }: Line): number | null {
  const known = values.filter((value) => value !== null);
  if (better === undefined || new Set(known).size < 2) return null;
  return better === 'high' ? Math.max(...known) : Math.min(...known);
}

function Comparison({ details }: { details: readonly ModelDetail[] }) {
  const { id } = useTask();
  return (
    <ScrollRegion label="Versions side by side" className="relative rounded-2xl border border-line bg-surface p-5">
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="border-b border-line">
            <td />
            {details.map(({ version, pinned }) => (
              <th key={version.model} scope="col" className="min-w-32 py-2 pl-4 text-right align-bottom font-medium">
                <Link className="text-accent underline underline-offset-4" to={modelPath(id, version.model)}>
                  {nameOf(version)}
                </Link>
                <span className="block text-xs font-normal text-muted">
                  {version.run}
                  {pinned && ', pinned'}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {linesOf(details).map((line) => {
            const best = bestOf(line);
            return (
              <tr key={line.name} className="border-b border-line last:border-0">
                <th scope="row" className="py-2 pr-4 font-normal text-muted">
                  {line.name}
                </th>
                {line.values.map((value, i) => (
                  <td
                    key={details[i]!.version.model}
                    className={`py-2 pl-4 text-right ${value !== null && value === best ? 'font-semibold text-accent-strong' : ''}`}
                  >
                    {value === null ? '–' : line.format(value)}
                    {value !== null && value === best && <span className="sr-only"> (best)</span>}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
