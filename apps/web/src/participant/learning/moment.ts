import type { ParticipantState } from '@sotto/participant/state';
import { TURNED_AWAY } from '@sotto/protocol/admission';
import type { Status } from '@sotto/protocol/run';
import type { SessionState } from '../../session/session.ts';
import { formatBytes, formatDuration, formatPlural, formatShare } from '../../ui/quantity.ts';

/** Where taking part stands, in the words of the page. */
export interface Moment {
  /** Stable name, for styles and tests. */
  readonly name:
    | 'apart'
    | 'left'
    | 'preparing'
    | 'connecting'
    | 'refused'
    | 'reconnecting'
    | 'pending'
    | 'waiting'
    | 'paused'
    | 'unneeded'
    | 'withdrawn'
    | 'finished'
    | 'learning'
    | 'sealing'
    | 'sending'
    | 'sent';
  readonly title: string;
  readonly detail: string;
  /** 0 to 1; null when nobody can say; undefined when nothing is under way. */
  readonly progress?: number | null;
}

export function describeMoment({ stage, participant }: SessionState, status: Status): Moment {
  if (stage === 'preparing')
    return {
      name: 'preparing',
      title: 'Getting ready',
      detail: 'Loading what learns and what seals, and trying which way of computing is fastest on this device.',
      progress: null,
    };
  if (stage === 'apart' || !participant)
    return participant
      ? {
          name: 'left',
          title: 'You have left',
          detail: 'Nothing more leaves this device. You can join again at any time.',
        }
      : { name: 'apart', title: 'Not taking part yet', detail: 'Nothing is sent before you join.' };
  const { connection, standing, phase, progress, upload, sealed, plan } = participant;
  if (connection === 'off')
    return participant.problem && TURNED_AWAY.includes(participant.problem.rejected)
      ? { name: 'refused', title: 'Not let in', detail: 'This device takes no part in the study. See why below.' }
      : {
          name: 'refused',
          title: 'Not taking part',
          detail: 'This device broke off before it said anything. See why below.',
        };
  if (connection !== 'connected')
    return participant.status
      ? {
          name: 'reconnecting',
          title: 'Connection lost, trying again',
          detail: 'Keep this page open. Whatever was sealed is kept, and goes on from where it stopped.',
          progress: null,
        }
      : {
          name: 'connecting',
          title: 'Connecting',
          detail: 'Introducing this device to the coordinator.',
          progress: null,
        };
  if (standing === 'awaits-approval')
    return {
      name: 'pending',
      title: 'Waiting for approval',
      detail:
        'Whoever runs this study has been asked to let this device in. Keep this page open: it goes on by itself.',
      progress: null,
    };
  if (standing === 'awaits-certificate')
    return {
      name: 'pending',
      title: 'Waiting for a certificate',
      detail:
        'Only devices that the study key vouches for take part. Whoever runs the study sees this device now. Keep this page open: it goes on by itself.',
      progress: null,
    };
  const round = plan?.plan.round;
  switch (phase) {
    case 'idle':
      return describeSittingOut(participant, status) ?? describeWait(status);
    case 'learning':
      return progress
        ? {
            name: 'learning',
            title: `Learning from your examples, round ${round}`,
            detail: `Pass ${progress.epoch} of ${progress.epochs}, part ${progress.batch} of ${progress.batches} · ${formatShare(progress.accuracy)} of your examples right`,
            progress: (progress.epoch - 1 + progress.batch / progress.batches) / progress.epochs,
          }
        : {
            name: 'learning',
            title: `Learning from your examples, round ${round}`,
            detail: 'Fetching the shared model.',
            progress: null,
          };
    case 'sealing':
      return {
        name: 'sealing',
        title: 'Sealing what was learned',
        detail: 'The update is encrypted on this device, under a key that is used once and never stored.',
        progress: null,
      };
    case 'sending':
      return {
        name: 'sending',
        title: 'Sending the sealed update',
        detail: `Only ciphertext leaves${sealed ? `: ${formatBytes(sealed.bytes)}, sealed in ${formatDuration(sealed.ms)}` : ''}. If the connection breaks, it goes on from where it stopped.`,
        progress: upload && upload.total > 0 ? upload.sent / upload.total : null,
      };
    case 'sent':
      return {
        name: 'sent',
        title: `Your part of round ${round} is done`,
        detail: describeRest(status),
      };
  }
}

/** Why this device has no part in the round under way; undefined when it was never asked, or none is under way. */
function describeSittingOut({ satOut }: ParticipantState, { phase }: Status): Moment | undefined {
  if (satOut === null || phase === 'waiting' || phase === 'summoning' || phase === 'planning') return undefined;
  return satOut === 'withdrawn'
    ? {
        name: 'withdrawn',
        title: 'You took your update back',
        detail: 'It was deleted and is not counted. You will be asked again in the next round.',
      }
    : {
        name: 'unneeded',
        title: 'This round has enough updates',
        detail: 'Others were faster this time, so yours was not needed. Thank you; you will be asked again.',
      };
}

function describeWait({ present, needed, rounds, state }: Status): Moment {
  const missing = needed - present;
  if (state === null)
    return {
      name: 'waiting',
      title: 'Waiting for the study to begin',
      detail: `Nobody has started it yet. ${formatPlural(present, 'device')} here. For you it begins by itself.`,
      progress: null,
    };
  if (state === 'paused')
    return {
      name: 'paused',
      title: 'The study is paused',
      detail: 'Whoever runs it can go on at any time. For you it goes on by itself while this page is open.',
    };
  if (state !== 'running')
    return {
      name: 'finished',
      title: state === 'finished' ? `All ${formatPlural(rounds, 'round')} are done` : 'The run was stopped',
      detail: 'Thank you. You may close this page, or leave it open in case another run is started.',
    };
  if (missing > 0)
    return {
      name: 'waiting',
      title: `Waiting for ${formatPlural(missing, 'more device', 'more devices')}`,
      detail: `${present} of ${needed} are here. The round begins by itself.`,
      progress: null,
    };
  return {
    name: 'waiting',
    title: 'Waiting for the next round',
    detail: `${formatPlural(present, 'device')} here. Rounds begin by themselves.`,
    progress: null,
  };
}

const REST: Partial<Record<Status['phase'], string>> = {
  checking: 'The committee is checking the sealed updates.',
  voting: 'The committee is agreeing on whose updates are in the sum.',
  opening: 'The committee is opening the sum, and only the sum.',
  publishing: 'The new shared model is being tested and published.',
};

function describeRest({ phase, contributors, cohort }: Status): string {
  return REST[phase] ?? `${contributors} of ${formatPlural(cohort, 'device')} have sent theirs.`;
}
