import type { ModelVersion } from '@sotto/protocol/admin/models';
import type { RunSummary } from '@sotto/protocol/run';
import type { CardFacts } from './card-facts.ts';
import { fixed, percent } from './card-words.ts';

type Line = Pick<CardFacts, 'ancestry' | 'runs'>;

/** What one run has to do with a version: the rounds of it that led there. */
interface Share {
  readonly run: string;
  readonly summary: RunSummary | undefined;
  /** The latest first. */
  readonly rounds: readonly ModelVersion[];
  /** ε that the run had spent by the last of these; null without noise. */
  readonly epsilon: number | null;
}

/** The runs behind a version, the latest first; those in which nobody contributed are none. */
function sharesOf({ ancestry, runs }: Line): Share[] {
  const learned = ancestry.filter(({ transcript }) => transcript !== null);
  return [...Map.groupBy(learned, ({ run }) => run)].map(([run, rounds]) => {
    const summary = runs.get(run);
    const last = summary?.rounds.find(({ round }) => round === rounds[0]?.round);
    return { run, summary, rounds, epsilon: summary?.config.dp ? (last?.epsilon ?? 0) : null };
  });
}

/** A row a run: strategy, rounds, updates, accuracy after the last round, ε. */
export function lineageRows(line: Line): string[][] {
  return sharesOf(line).map(({ run, summary, rounds, epsilon }) => [
    run,
    summary?.config.strategy.name ?? '–',
    rounds.length === 1 ? `${rounds[0]!.round}` : `${rounds.at(-1)!.round} to ${rounds[0]!.round}`,
    String(rounds.reduce((sum, { contributors }) => sum + contributors, 0)),
    percent(rounds[0]!.testAccuracy),
    epsilon === null ? 'no noise' : fixed(epsilon),
  ]);
}

/** What held in all of the runs behind the version, the weakest of them counting. */
export function privacyLines({ task, ...line }: Line & Pick<CardFacts, 'task'>): string[] {
  const shares = sharesOf(line);
  const configs = shares.flatMap(({ summary }) => summary?.config ?? []);
  if (configs.length === 0) return ['Nobody’s data is in it.'];
  const least = Math.min(...configs.map(({ minimumCohort }) => minimumCohort));
  const clip = Math.max(...configs.map(({ dp }) => dp?.clip ?? task.privacy.clip));
  const groups = configs.some(({ groups }) => groups !== null);
  return [
    `Updates were sealed on the devices. Only sums of at least ${least} were opened${groups ? ', one for each group of a round' : ''}, by a committee of which more than two thirds had to agree.`,
    configs.some(({ committee }) => committee === 'drawn')
      ? 'Committees were drawn from the participants by the coordinator, at least in part of the runs: that it did not make up their members is its word, unless devices insisted on certificates.'
      : 'Committees were named: devices that the study key vouched for.',
    `Each update was clipped to an L2 norm of at most ${clip}.`,
    noiseLine(shares),
  ];
}

function noiseLine(shares: readonly Share[]): string {
  const without = shares.filter(({ epsilon }) => epsilon === null);
  if (without.length > 0)
    return `${without.length === shares.length ? 'No noise was added' : `No noise was added in ${without.map(({ run }) => run).join(', ')}`}, so that there is no bound on what sums, and the model itself, tell of single examples.`;
  const epsilon = shares.reduce((sum, share) => sum + (share.epsilon ?? 0), 0);
  const delta = shares.reduce((sum, { summary }) => sum + (summary?.config.dp?.delta ?? 0), 0);
  const contributors = Math.max(...shares.map(({ summary }) => summary?.config.dp?.contributors ?? 0));
  const over = shares.length === 1 ? '' : ` Over ${shares.length} runs, whose budgets add up.`;
  return `Differential privacy for each device: ε = ${fixed(epsilon)}, δ = ${delta.toPrecision(2)}, as long as ${contributors} contributors to each sum added their noise.${over}`;
}
