import type { Pins } from '@sotto/protocol/invite';
import type { Plan } from '@sotto/protocol/plan';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { type Change, changesOf, joinedTerms, promiseOf, settledTerms, type Terms, termsOfPlan } from './terms.ts';
import type { Expectation, Vault } from './vault.ts';

/** Terms that were not agreed to: nothing is done under them until somebody agrees. */
export interface Disagreement {
  /** At least one. */
  readonly changes: readonly Change[];
  /** What agreeing would be agreeing to. */
  readonly offered: Terms;
}

export interface AgreementPorts {
  readonly vault: Vault;
  readonly task: string;
  readonly pins: Pins;
  /** Where the coordinator is reached: another one at the same address was not agreed to. */
  readonly address: string;
  /** What the person was shown and agreed to by joining; null: the first plan's terms are. */
  readonly offered: Terms | null;
}

interface Agreement {
  readonly address: string;
  readonly at: number;
  readonly terms: Terms;
}

const keyOf = (coordinator: string, task: string) => `${coordinator}/${task}`;

/** What this device agreed to with this coordinator about this task; null: nothing yet. */
export async function agreedTerms(vault: Vault, coordinator: string, task: string): Promise<Terms | null> {
  const agreement = (await vault.get('agreements', keyOf(coordinator, task))) as Agreement | undefined;
  return agreement?.terms ?? null;
}

/**
 * What was agreed to, in the vault: read anew each time, since another session over the same vault may have agreed to something else,
 * and written only over what was read.
 */
export function createAgreements({ vault, task, pins, address, offered }: AgreementPorts, now: () => number) {
  async function find(coordinator: string): Promise<Agreement | undefined> {
    return (await vault.get('agreements', keyOf(coordinator, task))) as Agreement | undefined;
  }

  /** The latest one with whoever else was reached at this address. */
  async function findPredecessor(): Promise<Agreement | undefined> {
    const all = (await vault.list('agreements', '')).flatMap(({ key, value }) =>
      key.endsWith(`/${task}`) && (value as Agreement).address === address ? (value as Agreement) : [],
    );
    return all.sort((a, b) => a.at - b.at).at(-1);
  }

  /** @returns false when another session was faster */
  function write(terms: Terms, before: Agreement | undefined): Promise<boolean> {
    const place = { table: 'agreements', key: keyOf(terms.coordinator, task) } as const;
    const value: Agreement = { address, at: now(), terms };
    const expected: Expectation = { ...place, value: before };
    return vault.write([{ ...place, value }], expected);
  }

  /** The coordinator has said who it is; nothing was said to it yet. */
  async function meet(coordinator: string): Promise<Disagreement | undefined> {
    for (;;) {
      const own = await find(coordinator);
      const known =
        own?.terms ?? (address === '' ? undefined : (await findPredecessor())?.terms) ?? offered ?? undefined;
      if (!known) return undefined;
      const now = { ...(offered ?? known), coordinator };
      const changes = changesOf(known, now);
      if (changes.length > 0) return { changes, offered: now };
      if (!offered) return undefined;
      if (await write(own ? joinedTerms(own.terms, now) : now, own)) return undefined;
    }
  }

  /** A plan that passed every other check. `architecture`: of its model; null while that has not been fetched. */
  async function check(plan: Plan, architecture: string | null): Promise<Disagreement | undefined> {
    const terms = termsOfPlan(plan, architecture, pins);
    for (;;) {
      const before = await find(plan.coordinator);
      const agreed = before?.terms ?? promiseOf(terms, pins);
      const changes = changesOf(agreed, terms);
      if (changes.length > 0)
        return { changes, offered: promiseOf({ ...terms, architecture: architecture ?? agreed.architecture }, pins) };
      const settled = settledTerms(agreed, promiseOf(terms, pins));
      const isNew =
        !before ||
        settled.committee !== agreed.committee ||
        settled.architecture !== agreed.architecture ||
        settled.noise !== agreed.noise;
      if (!isNew || (await write(settled, before))) return undefined;
    }
  }

  /** The person agrees to what was offered instead. */
  async function agree({ offered: terms }: Disagreement): Promise<void> {
    while (!(await write(terms, await find(terms.coordinator))));
  }

  return { meet, check, agree };
}

const CODES = {
  coordinator: 'changed_coordinator',
  studyKey: 'changed_study',
  admission: 'changed_admission',
  minimumCohort: 'changed_cohort',
  committee: 'changed_committee',
  architecture: 'changed_model',
  clip: 'changed_limits',
  exampleCap: 'changed_limits',
  noise: 'changed_noise',
} as const satisfies Record<keyof Terms, string>;

const NAMES: Readonly<Record<keyof Terms, string>> = {
  coordinator: 'the coordinator',
  studyKey: 'the study key',
  admission: 'who may contribute',
  minimumCohort: 'the fewest updates that are opened together',
  committee: 'the committee',
  architecture: 'the model’s architecture',
  clip: 'how much one update may weigh',
  exampleCap: 'how many examples one update counts for',
  noise: 'the noise that hides each update',
};

/** The refusal that a disagreement is, under the code of its first change. */
export function refusalOf({ changes }: Disagreement): Rejection {
  const parts = changes.map((change) => {
    const [before, after] = [spell(change.agreed), spell(change.now)];
    return `${NAMES[change.term]} (${before} → ${after})`;
  });
  return reject(
    CODES[changes[0]!.term],
    `The terms are no longer those that this device agreed to: ${parts.join(', ')}. It takes no part until somebody agrees to them.`,
  );
}

/** Whether a plan was refused for not being what was agreed to. */
export function isDisagreement({ rejected }: Rejection): boolean {
  return rejected.startsWith('changed_');
}

function spell(value: Change['now']): string {
  if (value === null) return 'none';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.length === 64 ? value.slice(0, 16) : value;
  if ('delta' in value) {
    const { epsilon, delta, contributors } = value;
    return `ε ${epsilon === null ? 'without limit' : `= ${epsilon}`}, δ = ${delta}, counted on ${contributors} contributors`;
  }
  const { choice, least } = value;
  return choice === 'named'
    ? `named: ${value.keys.map((key) => key.slice(0, 8)).join(' ')}, at least ${least}`
    : `${choice}, at least ${least}`;
}
