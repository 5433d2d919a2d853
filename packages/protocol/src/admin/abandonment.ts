import type { RoundView } from './live.ts';

/** Why a round has no result, and what can be done about it: for whoever runs the study, in English. */
export interface Advice {
  readonly why: string;
  /** Null: nothing has to be done. */
  readonly remedy: string | null;
}

/** How a field of a run, `groups.count`, is called where the advice is read: `--groups`. */
type NameOf = (field: string) => string;
interface Entry {
  readonly why: string;
  readonly remedy: ((name: NameOf) => string) | null;
}

const STAY = 'See that members stay connected until a round is over: a phone sleeps, a closed tab is gone.';

/** By reason: `AbandonReason` of @sotto/fl-core. */
const ADVICE: Readonly<Record<string, Entry>> = {
  too_few_members: {
    why: 'Too few devices handed in a one-time key to form a committee.',
    remedy: (name) =>
      `${STAY} With a named committee, certify more members; with slow devices, raise ${name('durations.keysMs')}.`,
  },
  planned_too_late: {
    why: 'The coordinator was away or overloaded while it planned the round, and the members’ keys would have lapsed.',
    remedy: () => 'Nothing, if it happens once. If it happens again, look into the coordinator’s log and its load.',
  },
  too_few_updates: {
    why: 'Too few updates were there in time.',
    remedy: (name) =>
      `Raise ${name('durations.uploadMs')} if devices were still learning, wait for more of them (${name('cohort.least')}, ${name('overSelection')}) if they had gone, or lower ${name('minimumCohort')} as far as the task allows.`,
  },
  too_few_answers: {
    why: 'Too few members checked their shares of the keys in time.',
    remedy: (name) => `${STAY} Slow members need a longer ${name('durations.checkMs')}.`,
  },
  too_many_bad_shares: {
    why: 'The key shares of too many devices did not fit together: devices or members that do not follow the protocol.',
    remedy: () =>
      'The next round mixes them differently. If it goes on, see which devices come back in such rounds, and revoke them.',
  },
  too_few_contributors: {
    why: 'After the members’ check, fewer good updates were left than may be opened together.',
    remedy: (name) =>
      `Wait for more devices (${name('cohort.least')}), so that some may fail, and see in such rounds whose updates were left out.`,
  },
  too_few_votes: {
    why: 'Too few members agreed on whose updates count.',
    remedy: (name) => `${STAY} Slow members need a longer ${name('durations.voteMs')}.`,
  },
  too_few_openings: {
    why: 'Too few members helped to open the sum.',
    remedy: (name) => `${STAY} Slow members need a longer ${name('durations.openMs')}.`,
  },
  sum_not_openable: {
    why: 'What the members sent did not open the sum: at least one of them sent something else than it should.',
    remedy: () =>
      'The next round divides devices anew. If it goes on, revoke the members that these rounds have in common.',
  },
  impossible_sum: {
    why: 'The opened sum was larger than honest updates can make it: a device did not follow the protocol.',
    remedy: (name) =>
      `The next round divides devices anew. Open rounds in groups (${name('groups.count')}), so that one such device costs one group only.`,
  },
  too_few_groups: {
    why: 'Fewer groups than the run wants came to a sum.',
    remedy: (name) =>
      `Lower ${name('groups.count')} or ${name('groups.least')}, or wait for more devices (${name('cohort.least')}).`,
  },
  made_worse: {
    why: 'The new model was much worse than the run’s best, on the held-out examples, so it was thrown away.',
    remedy: (name) =>
      `Lower the devices’ learning rate (${name('strategy.eta_l')}, or that of the task), the server’s (${name('strategy.eta')}, ${name('strategy.server_learning_rate')}) or the task’s clip. If some devices mislead the model, open rounds in groups with a robust rule (${name('groups.count')}, ${name('robust.rule')}). Or allow for more (${name('guard.mostDrop')}, ${name('guard.mostRise')}).`,
  },
  paused: { why: 'The run was paused in the middle of it.', remedy: null },
  stopped: { why: 'The run was stopped in the middle of it.', remedy: null },
};

/** @param nameOf  the name of a field where the advice is read: that of the run’s configuration, unless it is given */
export function adviseOn(reason: string, nameOf: NameOf = (field) => field): Advice {
  const entry = Object.hasOwn(ADVICE, reason) ? ADVICE[reason] : undefined;
  return entry
    ? { why: entry.why, remedy: entry.remedy?.(nameOf) ?? null }
    : { why: `The coordinator gave it up (${reason}).`, remedy: 'Its log says more.' };
}

/** How far an abandoned round had come, in numbers: `3 of 8 updates, 5 needed; 4 of the 5 missing had gone`. */
export function describeProgress({ parts, devices }: Pick<RoundView, 'parts' | 'devices'>): string {
  const sum = (count: (part: RoundView['parts'][number]) => number) =>
    parts.reduce((total, part) => total + count(part), 0);
  const [asked, updates] = [sum((part) => part.asked), sum((part) => part.updates)];
  const said = [`${updates} of ${asked} updates were there, ${sum((part) => part.minimum)} were needed`];
  const count = (...states: readonly (string | null)[]) =>
    devices.filter(({ update }) => states.includes(update)).length;
  const withdrawn = count('withdrawn');
  const leftOut = count('left-out');
  if (withdrawn > 0) said.push(`${withdrawn} ${was(withdrawn)} taken back`);
  if (leftOut > 0) said.push(`${leftOut} ${was(leftOut)} left out`);
  const members = sum((part) => part.members);
  if (members > 0) {
    const threshold = sum((part) => part.threshold ?? 0);
    const of = (done: number, what: string) => `${done} of ${members} members ${what}`;
    const answers = sum((part) => part.answers);
    const votes = sum((part) => part.votes);
    const openings = sum((part) => part.openings);
    if (answers > 0 || votes > 0 || openings > 0)
      said.push(`${of(answers, 'had checked')}, ${votes} voted and ${openings} opened (${threshold} needed)`);
  }
  return `${said.join('; ')}.`;
}

const was = (count: number) => (count === 1 ? 'was' : 'were');
