import type { GroupOutcome, RunConfig } from '@sotto/protocol/run';
import { describeAbandonment } from '../../participant/ledger/abandonment.ts';
import { formatShare } from '../../ui/quantity.ts';
import type { Words } from '../../words/words.ts';

type Settings = Pick<RunConfig, 'strategy' | 'schedule' | 'earlyStopping' | 'fractionFit' | 'groups' | 'robust'>;

/** How a run learns, in Flower's names: its strategy, and what else is not as by default. */
export function describeSettings({
  strategy: { name, ...hyperparameters },
  schedule: { name: course, ...steps },
  earlyStopping,
  fractionFit,
  groups,
  robust,
}: Settings): string[] {
  return [
    withNumbers(name, hyperparameters),
    ...(course !== 'constant' || steps.warmup > 0 ? [withNumbers(`learning rate ${course}`, steps)] : []),
    ...(fractionFit < 1 ? [`updates of ${100 * fractionFit} % of those present`] : []),
    ...(earlyStopping
      ? [`ends once ${earlyStopping.patience} rounds in a row bring no better ${earlyStopping.metric}`]
      : []),
    ...(groups ? [withNumbers('groups', groups)] : []),
    ...(robust ? [describeRule(robust)] : []),
  ];
}

function describeRule({ rule, trim, gate, tolerance }: NonNullable<RunConfig['robust']>): string {
  return withNumbers(rule, { ...(rule === 'trimmed-mean' && { trim }), ...(gate && { gate: 'on', tolerance }) });
}

/** Which groups of a round are not in its model, and why; null where all are. */
export function describeLeftOut(t: Words<'ledger'>, groups: readonly GroupOutcome[]): string | null {
  const left = groups.filter(({ kept, reason }) => !kept && reason !== undefined);
  if (left.length === 0) return null;
  const why = ({ group, reason, accuracy }: GroupOutcome) =>
    reason === 'gate'
      ? `group ${group} by the gate${accuracy === undefined ? '' : ` (alone it would get ${formatShare(accuracy)} right)`}`
      : `group ${group}: ${describeAbandonment(t, reason!)}`;
  return `${groups.length - left.length} of ${groups.length} groups. Left out: ${left.map(why).join('; ')}`;
}

function withNumbers(what: string, numbers: Readonly<Record<string, unknown>>): string {
  const listed = Object.entries(numbers).map(([name, value]) => `${name} ${value}`);
  return listed.length === 0 ? what : `${what} (${listed.join(', ')})`;
}
