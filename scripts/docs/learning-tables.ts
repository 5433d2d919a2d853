import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line of a result file of `npm run bench -- learning`. */
interface LearnedRun {
  readonly settings: {
    readonly participants: number;
    readonly seed: number;
    readonly partition: { readonly kind: string; readonly alpha?: number };
    readonly attack: { readonly kind: string; readonly share: number; readonly factor: number } | null;
    readonly run: {
      readonly lanes?: number;
      readonly groups?: object;
      readonly dp?: { readonly epsilon?: number };
      readonly strategy?: Readonly<Record<string, string | number>>;
    };
  };
  readonly target: number | null;
  readonly bytesPerParameter: number;
  /** Round by round; null after one that came to nothing. */
  readonly accuracies: readonly (number | null)[];
  readonly best: number;
  readonly accuracy: number;
  readonly roundsToTarget: number | null;
}

type Runs = readonly LearnedRun[];

const UNMEASURED = 'Not measured yet.';

/** Out of what `npm run bench -- learning --quick --json` wrote. */
export function quickList(folder: string): string {
  const path = join(folder, 'learning-quick.json');
  if (!existsSync(path)) return UNMEASURED;
  const { goals } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly goals: readonly { readonly what: string; readonly met: boolean }[];
  };
  return goals.map(({ what, met }) => `- ${what}${met ? '' : ': **missed**'}`).join('\n');
}

/** Runs of all parts that have a result file in the folder, by the names of the parts. */
export function readParts(folder: string): Map<string, Runs> {
  const files = readdirSync(folder).filter((name) => name.startsWith('learning-') && name.endsWith('.json'));
  const parts = files.map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { part?: string; runs: Runs },
  );
  return new Map(parts.flatMap(({ part, runs }) => (part === undefined ? [] : [[part, runs] as const])));
}

/** The tables of docs/BENCHMARKS.md by their sections, out of the result files, by the names of their parts. What was not measured has no line. */
export const LEARNING_TABLES: Readonly<Record<string, (parts: ReadonlyMap<string, Runs>) => string>> = {
  'learning rounds': (parts) =>
    table(
      ['', 'paper', 'seeds', 'rounds', 'best'],
      [
        paperLine(parts, '2nn-iid', '2NN, IID, 97 %', 87),
        paperLine(parts, '2nn-by-label', '2NN, by label, 97 %', 664),
        paperLine(parts, 'cnn-iid', 'CNN, IID, 99 %', 34),
      ].flat(),
    ),
  'learning bytes': (parts) => bytesTable(parts.get('bytes') ?? []),
  'learning robustness': (parts) => robustnessTable(parts.get('robustness') ?? []),
  'learning skew': (parts) => skewTable(parts.get('skew') ?? []),
  'learning privacy': (parts) =>
    table(
      ['', 'accuracy', 'best'],
      (parts.get('privacy') ?? []).map(({ settings: { run }, accuracy, best }) => [
        run.dp?.epsilon === undefined ? 'no noise' : `ε = ${run.dp.epsilon}`,
        percent(accuracy),
        percent(best),
      ]),
    ),
};

function paperLine(parts: ReadonlyMap<string, Runs>, part: string, name: string, published: number): string[][] {
  const runs = parts.get(part) ?? [];
  if (runs.length === 0) return [];
  const rounds = runs.map(({ roundsToTarget, accuracies }) => {
    const refused = accuracies.filter((accuracy) => accuracy === null).length;
    return `${roundsToTarget ?? `not in ${accuracies.length}`}${refused > 0 ? ` (${refused} refused)` : ''}`;
  });
  const seeds = runs.map(({ settings }) => settings.seed);
  return [
    [name, String(published), seeds.join(', '), rounds.join(', '), runs.map(({ best }) => percent(best)).join(', ')],
  ];
}

function bytesTable(runs: Runs): string {
  const cohorts = distinct(runs.map(({ settings }) => settings.participants));
  const lanes = distinct(runs.map(({ settings }) => settings.run.lanes));
  return table(
    ['lanes', 'bytes a parameter', ...cohorts.map((count) => `${count} participants`)],
    lanes.map((count) => {
      const line = runs.filter(({ settings }) => settings.run.lanes === count);
      const reached = cohorts.map((cohort) =>
        line.filter(({ settings }) => settings.participants === cohort).map(({ accuracies }) => accuracies.at(-1) ?? 0),
      );
      return [
        String(count),
        line[0]!.bytesPerParameter.toFixed(2),
        ...reached.map((values) => (values.length === 0 ? '' : percent(mean(values)))),
      ];
    }),
  );
}

function robustnessTable(runs: Runs): string {
  const attackOf = ({ settings: { attack } }: LearnedRun) =>
    attack === null
      ? 'nobody attacks'
      : `${attack.kind.replace('-', ' ')}${attack.factor === 1 ? '' : ` × ${attack.factor}`}, ${Math.round(100 * attack.share)} %`;
  return table(
    ['', 'one sum', 'in groups'],
    distinct(runs.map(attackOf)).map((attack) => [
      attack,
      ...[false, true].map((grouped) => {
        const run = runs.find(
          (each) => attackOf(each) === attack && (each.settings.run.groups !== undefined) === grouped,
        );
        return run ? percent(run.accuracy) : '';
      }),
    ]),
  );
}

function skewTable(runs: Runs): string {
  const spreadOf = ({ settings: { partition } }: LearnedRun) =>
    partition.kind === 'dirichlet' ? `Dirichlet α = ${partition.alpha}` : 'by label';
  const strategyOf = ({ settings }: LearnedRun) => {
    const { name, eta, tau, proximal_mu: mu } = settings.run.strategy ?? {};
    const parameters = Object.entries({ η: eta, τ: tau, μ: mu }).filter(([, value]) => value !== undefined);
    const said = parameters.map(([letter, value]) => `${letter} = ${value}`);
    return said.length === 0 ? String(name) : `${name}, ${said.join(', ')}`;
  };
  const spreads = distinct(runs.map(spreadOf));
  return table(
    ['', ...spreads.flatMap((spread) => [spread, 'best'])],
    distinct(runs.map(strategyOf)).map((strategy) => [
      strategy,
      ...spreads.flatMap((spread) => {
        const run = runs.find((each) => strategyOf(each) === strategy && spreadOf(each) === spread);
        return run ? [percent(run.accuracy), percent(run.best)] : ['', ''];
      }),
    ]),
  );
}

/** The first column is of words, the others are of figures. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return UNMEASURED;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
