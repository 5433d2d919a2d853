import type { OneTimeKey } from '@sotto/protocol/one-time-key';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { type ListedUpdate, listHash } from '@sotto/protocol/update-record';

/**
 * A committee member's side of one round, as a value. It says three things and each at most once: its check answer about one list of
 * candidates, its vote for one U, its opening of that U. What it said is durable before it is sent, so that a coordinator that asks
 * twice, or a member that restarts, gets the same bytes: two openings over different U's would give away their difference.
 *
 * One record per (coordinator key, task, run, round, group); the host must make every `persist` durable before the effects after it.
 */
export interface MemberRecord {
  readonly oneTime: OneTimeKey;
  readonly check?: CheckRecord;
  readonly vote?: { readonly contributors: string; readonly list: readonly string[]; readonly signature: string };
  readonly opening?: { readonly contributors: string; readonly shares: string; readonly signature: string };
}

export interface CheckRecord {
  readonly planHash: string;
  readonly candidatesHash: string;
  readonly candidates: readonly (ListedUpdate & { readonly usable: boolean })[];
  readonly terms: Terms;
  /** base64url. */
  readonly answer: string;
  readonly signature: string;
}

/** What this member is held to, taken only from the plan it hashed itself. */
export interface Terms {
  readonly x: number;
  readonly threshold: number;
  readonly minimumCohort: number;
  readonly nMax: number;
}

export type MemberEvent =
  | { readonly type: 'key-asked' }
  | { readonly type: 'key-made'; readonly oneTime: OneTimeKey }
  /** The plan passed every check of protocol step 1 and lists `oneTimeKey` for this member. */
  | {
      readonly type: 'check-asked';
      readonly planHash: string;
      readonly oneTimeKey: string;
      readonly candidatesHash: string;
    }
  | { readonly type: 'checked'; readonly check: CheckRecord }
  | {
      readonly type: 'vote-asked';
      readonly planHash: string;
      readonly contributors: readonly string[];
      /** Devices this member voted for in other groups of the same round. */
      readonly elsewhere: ReadonlySet<string>;
    }
  | {
      readonly type: 'vote-signed';
      readonly contributors: string;
      readonly list: readonly string[];
      readonly signature: string;
    }
  /** `votes`: distinct members with a valid vote for this plan and this U. */
  | { readonly type: 'open-asked'; readonly planHash: string; readonly contributors: string; readonly votes: number }
  | { readonly type: 'opened'; readonly contributors: string; readonly shares: string; readonly signature: string };

export type MemberEffect =
  | { readonly do: 'make-key' }
  /** Durable before anything that follows. */
  | { readonly do: 'persist'; readonly record: MemberRecord }
  | { readonly do: 'send-key' }
  | { readonly do: 'compute-check' }
  | { readonly do: 'send-answer' }
  | { readonly do: 'sign-vote'; readonly contributors: string; readonly list: readonly string[] }
  | { readonly do: 'send-vote' }
  | { readonly do: 'compute-opening'; readonly list: readonly string[] }
  /**
   * Forget the one-time private key: with the opening stored it has done its work. After a `persist` it goes in the same transaction;
   * it is said again at every retry, so that no crash leaves a key behind.
   */
  | { readonly do: 'forget-key' }
  | { readonly do: 'send-opening' };

export type MemberRefusal =
  | 'no_key'
  | 'foreign_key'
  | 'already_checked'
  | 'not_checked'
  | 'bad_contributors'
  | 'already_voted'
  | 'not_voted'
  | 'too_few_votes';

export interface MemberStep {
  readonly record: MemberRecord | undefined;
  readonly effects: readonly MemberEffect[];
  readonly refused?: Rejection<MemberRefusal>;
}

export function memberStep(record: MemberRecord | undefined, event: MemberEvent): MemberStep {
  if (event.type === 'key-asked')
    return record ? stay(record, { do: 'send-key' }) : { record, effects: [{ do: 'make-key' }] };
  if (event.type === 'key-made')
    return record ? stay(record, { do: 'send-key' }) : keep({ oneTime: event.oneTime }, { do: 'send-key' });
  if (!record) return refuse(record, 'no_key', 'This device gave no one-time key for this round, or forgot it.');
  switch (event.type) {
    case 'check-asked': {
      if (event.oneTimeKey !== record.oneTime.key)
        return refuse(
          record,
          'foreign_key',
          'The plan lists another one-time key for this member than the one it gave.',
        );
      const { check } = record;
      if (!check) return stay(record, { do: 'compute-check' });
      return sameCheck(check, event) ? stay(record, { do: 'send-answer' }) : alreadyChecked(record);
    }
    case 'checked':
      if (record.check)
        return sameCheck(record.check, event.check) ? stay(record, { do: 'send-answer' }) : alreadyChecked(record);
      return keep({ ...record, check: event.check }, { do: 'send-answer' });
    case 'vote-asked': {
      const { check, vote } = record;
      if (check?.planHash !== event.planHash)
        return refuse(record, 'not_checked', 'This member has not checked this plan.');
      const listed = contributorsOf(check, event.contributors, event.elsewhere);
      if (typeof listed === 'string') return refuse(record, 'bad_contributors', listed);
      const contributors = listHash(listed);
      if (!vote) return stay(record, { do: 'sign-vote', contributors, list: event.contributors });
      return vote.contributors === contributors ? stay(record, { do: 'send-vote' }) : alreadyVoted(record);
    }
    case 'vote-signed': {
      const { type: _, ...vote } = event;
      if (!record.check) return refuse(record, 'not_checked', 'This member has not checked this plan.');
      if (record.vote)
        return record.vote.contributors === vote.contributors
          ? stay(record, { do: 'send-vote' })
          : alreadyVoted(record);
      return keep({ ...record, vote }, { do: 'send-vote' });
    }
    case 'open-asked': {
      const { check, vote, opening } = record;
      if (check?.planHash !== event.planHash)
        return refuse(record, 'not_checked', 'This member has not checked this plan.');
      if (vote?.contributors !== event.contributors)
        return refuse(record, 'not_voted', 'This member has not voted for these contributors.');
      if (opening) return stay(record, { do: 'forget-key' }, { do: 'send-opening' });
      if (event.votes < check.terms.threshold)
        return refuse(record, 'too_few_votes', `${event.votes} valid votes; this plan needs ${check.terms.threshold}.`);
      return stay(record, { do: 'compute-opening', list: vote.list });
    }
    case 'opened': {
      const { type: _, ...opening } = event;
      if (record.vote?.contributors !== event.contributors)
        return refuse(record, 'not_voted', 'This member has not voted for these contributors.');
      if (record.opening) return stay(record, { do: 'forget-key' }, { do: 'send-opening' });
      return keep({ ...record, opening }, { do: 'forget-key' }, { do: 'send-opening' });
    }
  }
}

/** The entries of U among the candidates, or what is wrong with U. */
function contributorsOf(
  { candidates, terms }: CheckRecord,
  contributors: readonly string[],
  elsewhere: ReadonlySet<string>,
): ListedUpdate[] | string {
  if (contributors.length < terms.minimumCohort)
    return `${contributors.length} contributors are fewer than the plan's ${terms.minimumCohort}.`;
  if (contributors.length > terms.nMax)
    return `${contributors.length} contributors are more than the plan's ${terms.nMax}.`;
  if (contributors.some((device, i) => i > 0 && device <= contributors[i - 1]!))
    return 'The contributors are not in ascending order, each once.';
  const known = new Map(candidates.map((candidate) => [candidate.device, candidate]));
  const listed: ListedUpdate[] = [];
  for (const device of contributors) {
    const candidate = known.get(device);
    if (!candidate) return `${device} is not among the candidates this member checked.`;
    if (!candidate.usable) return `This member holds no share of ${device}'s key.`;
    if (elsewhere.has(device)) return `${device} is already in the sum of another group of this round.`;
    listed.push(candidate);
  }
  return listed;
}

function sameCheck(check: CheckRecord, other: { readonly planHash: string; readonly candidatesHash: string }): boolean {
  return check.planHash === other.planHash && check.candidatesHash === other.candidatesHash;
}

function keep(record: MemberRecord, ...after: MemberEffect[]): MemberStep {
  return { record, effects: [{ do: 'persist', record }, ...after] };
}

function stay(record: MemberRecord, ...effects: MemberEffect[]): MemberStep {
  return { record, effects };
}

function refuse(record: MemberRecord | undefined, code: MemberRefusal, message: string): MemberStep {
  return { record, effects: [], refused: reject(code, message) };
}

function alreadyChecked(record: MemberRecord): MemberStep {
  return refuse(
    record,
    'already_checked',
    'This member already answered for another plan or list in this round, and answers once.',
  );
}

function alreadyVoted(record: MemberRecord): MemberStep {
  return refuse(
    record,
    'already_voted',
    'This member already voted for other contributors in this round, and votes once.',
  );
}
