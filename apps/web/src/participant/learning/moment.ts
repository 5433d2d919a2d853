import type { ParticipantState } from '@sotto/participant/state';
import { TURNED_AWAY } from '@sotto/protocol/admission';
import type { Status } from '@sotto/protocol/run';
import type { Amount } from '../../session/code-loading.ts';
import type { SessionState } from '../../session/session.ts';
import { formatBytes, formatCount, formatDuration, formatShare } from '../../ui/quantity.ts';
import type { Words } from '../../words/words.ts';

/** Where taking part stands, in the words of the page. */
export interface Moment {
  /** Stable name, for styles and tests. */
  readonly name:
    | 'apart'
    | 'left'
    | 'preparing'
    | 'connecting'
    | 'refused'
    | 'changed'
    | 'reconnecting'
    | 'pending'
    | 'waiting'
    | 'resting'
    | 'paused'
    | 'unneeded'
    | 'withdrawn'
    | 'finished'
    | 'restarting'
    | 'learning'
    | 'sealing'
    | 'sending'
    | 'sent';
  readonly title: string;
  readonly detail: string;
  /** What else holds while this lasts. */
  readonly note?: string;
  /** 0 to 1; null when nobody can say; undefined when nothing is under way. */
  readonly progress?: number | null;
}

type T = Words<'learning'>;

export function describeMoment(t: T, session: SessionState, status: Status): Moment {
  const { stage, participant } = session;
  if (stage === 'preparing')
    return { name: 'preparing', title: t('preparing.title'), ...describePreparing(t, session) };
  if (stage === 'apart' || !participant) {
    const name = participant ? 'left' : 'apart';
    return { name, title: t(`${name}.title`), detail: t(`${name}.detail`) };
  }
  if (participant.disagreement) return { name: 'changed', title: t('changed.title'), detail: t('changed.detail') };
  return (
    describeConnection(t, participant) ?? {
      ...describePhase(t, session, participant, status),
      ...describeMeanwhile(t, participant),
    }
  );
}

/** What is sealed is sent all the same, though the person pauses. */
function describeMeanwhile(t: T, { phase, paused, dutyUntil }: ParticipantState): Pick<Moment, 'note'> {
  if (phase === 'learning') return { note: t('hidden') };
  if (!paused || phase === 'idle') return {};
  return { note: t(dutyUntil === null ? 'pause.after' : 'pause.afterDuty') };
}

function describePreparing(t: T, { loading }: SessionState): Pick<Moment, 'detail' | 'progress'> {
  if (!loading) return { detail: t('preparing.detail'), progress: null };
  const { learning, sealing } = loading;
  const total = learning.total + sealing.total;
  const share = ({ done, total }: Amount) => `${formatCount(total === 0 ? 0 : Math.floor((100 * done) / total))} %`;
  return {
    detail: t('preparing.loading', { learning: share(learning), sealing: share(sealing) }),
    progress: total === 0 ? null : (learning.done + sealing.done) / total,
  };
}

/** What stands between this device and the rounds; undefined when nothing does. */
function describeConnection(t: T, { connection, standing, phase, problem, status }: ParticipantState) {
  if (connection === 'off') {
    const why = problem && TURNED_AWAY.includes(problem.rejected) ? 'turnedAway' : 'refused';
    return { name: 'refused', title: t(`${why}.title`), detail: t(`${why}.detail`) } as const;
  }
  if (connection !== 'connected') {
    const name = status ? 'reconnecting' : 'connecting';
    const detail = status && phase === 'learning' ? t('reconnecting.learning') : t(`${name}.detail`);
    return { name, title: t(`${name}.title`), detail, progress: null } as const;
  }
  if (standing === 'awaits-approval' || standing === 'awaits-certificate') {
    const what = standing === 'awaits-approval' ? 'approval' : 'certificate';
    return { name: 'pending', title: t(`${what}.title`), detail: t(`${what}.detail`), progress: null } as const;
  }
  return undefined;
}

function describePhase(
  t: T,
  { sealedMs, sending }: SessionState,
  participant: ParticipantState,
  status: Status,
): Moment {
  const { phase, upload, sealed, plan } = participant;
  const round = plan?.plan.round ?? 0;
  switch (phase) {
    case 'idle':
      if (participant.retrying)
        return { name: 'restarting', title: t('restarting.title'), detail: t('restarting.detail'), progress: null };
      return describeSittingOut(t, participant, status) ?? describeWait(t, status);
    case 'learning':
      return { name: 'learning', title: t('learning.title', { round }), ...describeLearning(t, participant) };
    case 'sealing':
      return {
        name: 'sealing',
        title: t('sealing.title'),
        detail:
          t('sealing.detail') + (sealedMs === null ? '' : ` ${t('sealing.usual', { time: formatDuration(sealedMs) })}`),
        progress: null,
      };
    case 'sending': {
      const detail = sealed
        ? t('sending.sealed', { size: formatBytes(sealed.bytes), time: formatDuration(sealed.ms) })
        : t('sending.detail');
      const msLeft = sending?.msLeft ?? null;
      return {
        name: 'sending',
        title: t('sending.title'),
        // What is over at once needs no clock.
        detail: msLeft !== null && msLeft > 2000 ? t('sending.left', { detail, time: formatDuration(msLeft) }) : detail,
        progress: upload && upload.total > 0 ? upload.sent / upload.total : null,
      };
    }
    case 'sent':
      return { name: 'sent', title: t('sent.title', { round }), detail: describeRest(t, status) };
  }
}

function describeLearning(t: T, { progress }: ParticipantState): Pick<Moment, 'detail' | 'progress'> {
  if (!progress) return { detail: t('learning.fetching'), progress: null };
  const { epoch, epochs, batch, batches, accuracy, msLeft } = progress;
  if (msLeft === null) return { detail: t('learning.first'), progress: 0 };
  const soFar = t('learning.detail', { epoch, epochs, batch, batches, share: formatShare(accuracy) });
  return {
    detail: msLeft < 1000 ? soFar : t('learning.left', { progress: soFar, time: formatDuration(msLeft) }),
    progress: (epoch - 1 + batch / batches) / epochs,
  };
}

/** Nothing more happens, until whoever runs the study starts another run. */
export function isOver({ state }: Pick<Status, 'state'>): boolean {
  return state !== null && state !== 'running' && state !== 'paused';
}

/** Why this device has no part in the round under way; undefined when it was never asked, or none is under way. */
function describeSittingOut(t: T, { satOut, paused, dutyUntil }: ParticipantState, status: Status): Moment | undefined {
  if (paused && !isOver(status))
    return {
      name: 'resting',
      title: t('resting.title'),
      detail: dutyUntil === null ? t('resting.detail') : t('resting.duty'),
    };
  if (satOut !== 'withdrawn' && satOut !== 'unneeded') return undefined;
  const { phase } = status;
  if (phase === 'waiting' || phase === 'summoning' || phase === 'planning') return undefined;
  return { name: satOut, title: t(`${satOut}.title`), detail: t(`${satOut}.detail`) };
}

function describeWait(t: T, { present, needed, rounds, state, history, budget }: Status): Moment {
  const missing = needed - present;
  if (state === null)
    return {
      name: 'waiting',
      title: t('unbegun.title'),
      detail: t('unbegun.detail', { count: present }),
      progress: null,
    };
  if (state === 'paused') return { name: 'paused', title: t('paused.title'), detail: t('paused.detail') };
  if (state !== 'running') {
    // Round 0 is the untrained model.
    const published = history.length - 1;
    const isEarly = state === 'finished' && published < rounds;
    return {
      name: 'finished',
      title:
        state !== 'finished'
          ? t('finished.stopped')
          : isEarly
            ? t('finished.early', { count: published })
            : t('finished.title', { count: rounds }),
      detail: isEarly && budget?.roundsLeft === 0 ? t('finished.spent') : t('finished.detail'),
    };
  }
  if (missing > 0)
    return {
      name: 'waiting',
      title: t('missing.title', { count: missing }),
      detail: t('missing.detail', { count: present, needed }),
      progress: null,
    };
  return {
    name: 'waiting',
    title: t('waiting.title'),
    detail: t('waiting.detail', { count: present }),
    progress: null,
  };
}

function describeRest(t: T, { phase, contributors, cohort }: Status): string {
  switch (phase) {
    case 'checking':
    case 'voting':
    case 'opening':
    case 'publishing':
      return t(`sent.${phase}`);
    default:
      return t('sent.contributors', { contributors, count: cohort });
  }
}
