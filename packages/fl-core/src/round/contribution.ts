import { type Rejection, reject } from '@sotto/protocol/rejection';

/**
 * A contributor's side, as a value: at most one update a round, with rounds only ever growing within a run. The record of what was
 * contributed and the sealed bytes become durable together before a byte is sent; a retry sends the identical bytes, because two
 * uploads under one one-time key would give away their difference.
 */
export interface ContributionRecord {
  readonly round: number;
  readonly planHash: string;
  readonly sent: boolean;
  /** Taken back: nothing of it is sent again, and nothing else in its round. */
  readonly withdrawn?: true;
}

export type ContributionPhase = 'idle' | 'learning' | 'sealing' | 'sending' | 'sent';

export interface Contribution {
  readonly phase: ContributionPhase;
  /** The plan being worked on; null when idle. */
  readonly planHash: string | null;
  readonly round: number;
  /** The latest durable contribution to this run, in any group. */
  readonly record: ContributionRecord | null;
}

export type ContributionEvent =
  /** A plan that passed every check of protocol step 1 but the one on round numbers, which is made here. */
  | { readonly type: 'asked'; readonly planHash: string; readonly round: number }
  | { readonly type: 'learned'; readonly planHash: string }
  | { readonly type: 'sealed'; readonly planHash: string }
  /** The coordinator acknowledged the update as counted. */
  | { readonly type: 'acknowledged'; readonly planHash: string }
  /** Learning, sealing or sending could not be finished, or the person paused. */
  | { readonly type: 'gave-up'; readonly planHash: string }
  /** The coordinator acknowledged that the update is taken back. */
  | { readonly type: 'withdrawn'; readonly planHash: string }
  | { readonly type: 'round-over'; readonly planHash: string };

export type ContributionEffect =
  | { readonly do: 'learn'; readonly planHash: string }
  | { readonly do: 'seal'; readonly planHash: string }
  /** Record and sealed bytes in one durable transaction. */
  | { readonly do: 'persist'; readonly record: ContributionRecord }
  | { readonly do: 'send'; readonly planHash: string }
  /** The sealed bytes are no longer needed; the record stays. */
  | { readonly do: 'discard'; readonly planHash: string };

export interface ContributionStep {
  readonly contribution: Contribution;
  readonly effects: readonly ContributionEffect[];
  readonly refused?: Rejection<'old_round' | 'other_plan'>;
}

/** At rest, remembering the latest durable contribution to the run. */
export function contributionFrom(record: ContributionRecord | null): Contribution {
  return { phase: 'idle', planHash: null, round: record?.round ?? 0, record };
}

/** What becomes of the contribution by one event, and what the host does then, in this order. An event that does not fit changes nothing. */
export function contributionStep(state: Contribution, event: ContributionEvent): ContributionStep {
  if (event.type === 'asked') return asked(state, event.planHash, event.round);
  if (event.planHash !== state.planHash) {
    // News of a plan that is no longer worked on; its leftovers, if any, can go.
    const effects: ContributionEffect[] =
      event.type === 'round-over' ? [{ do: 'discard', planHash: event.planHash }] : [];
    return { contribution: state, effects };
  }
  const { planHash, round } = state as Contribution & { planHash: string };
  switch (event.type) {
    case 'learned':
      if (state.phase !== 'learning') return stay(state);
      return { contribution: { ...state, phase: 'sealing' }, effects: [{ do: 'seal', planHash }] };
    case 'sealed': {
      if (state.phase !== 'sealing') return stay(state);
      const record = { round, planHash, sent: false };
      return {
        contribution: { ...state, phase: 'sending', record },
        effects: [
          { do: 'persist', record },
          { do: 'send', planHash },
        ],
      };
    }
    case 'acknowledged': {
      if (state.phase !== 'sending') return stay(state);
      const record = { round, planHash, sent: true };
      return { contribution: { ...state, phase: 'sent', record }, effects: [{ do: 'persist', record }] };
    }
    case 'withdrawn': {
      if (state.phase !== 'sending' && state.phase !== 'sent') return stay(state);
      const record = { round, planHash, sent: state.phase === 'sent', withdrawn: true as const };
      return {
        contribution: { ...state, phase: 'idle', planHash: null, record },
        effects: [
          { do: 'persist', record },
          { do: 'discard', planHash },
        ],
      };
    }
    case 'gave-up':
      return { contribution: { ...state, phase: 'idle', planHash: null }, effects: [] };
    case 'round-over':
      return { contribution: { ...state, phase: 'idle', planHash: null }, effects: [{ do: 'discard', planHash }] };
  }
}

function asked(state: Contribution, planHash: string, round: number): ContributionStep {
  const { record } = state;
  // Asked again for what is being worked on, or was already sent: a lost hint, not a new request.
  if (state.planHash === planHash && state.phase !== 'sent') return stay(state);
  if (record?.planHash === planHash && record.withdrawn) return stay(state);
  if (record?.planHash === planHash)
    return { contribution: { phase: 'sending', planHash, round, record }, effects: [{ do: 'send', planHash }] };
  if (record && round <= record.round)
    return {
      contribution: state,
      effects: [],
      refused: reject(
        'old_round',
        `This device already contributed to round ${record.round} of this run; round ${round} is not after it.`,
      ),
    };
  if (state.planHash !== null && state.phase !== 'sent' && round <= state.round)
    return {
      contribution: state,
      effects: [],
      refused: reject('other_plan', `This device is already at work on another plan for round ${state.round}.`),
    };
  return { contribution: { phase: 'learning', planHash, round, record }, effects: [{ do: 'learn', planHash }] };
}

function stay(contribution: Contribution): ContributionStep {
  return { contribution, effects: [] };
}
