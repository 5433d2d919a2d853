import type { Seat } from '@sotto/participant/committee-seat';
import type { ParticipantState } from '@sotto/participant/state';
import type { Standing } from '@sotto/protocol/admission';
import type { Noise } from '@sotto/protocol/privacy';
import { formatBytes, formatPercent, formatSeconds, formatSpending } from './table.ts';

const STANDING: Readonly<Record<Standing, string>> = {
  admitted: 'let in',
  'awaits-approval': 'waiting for approval by whoever runs the study',
  'awaits-certificate': 'waiting for a certificate: give the key above to whoever holds the study key',
};

const SEAT: Readonly<Record<Seat, string>> = {
  asked: 'may be needed on the committee',
  seated: 'on committee duty',
  served: 'committee duty is over',
};

/** What is new between two states, a line each. */
export function* newsBetween(before: ParticipantState, now: ParticipantState): Generator<string> {
  if (now.connection !== before.connection && now.connection !== 'off') yield now.connection;
  if (now.standing !== before.standing && now.standing !== null) yield STANDING[now.standing];
  const noise = now.plan?.plan.noise;
  if (noise && !before.plan?.plan.noise) yield noiseLine(noise);
  if (now.phase !== before.phase && now.phase !== 'idle') {
    const round = now.plan ? ` for round ${now.plan.plan.round}` : '';
    yield now.phase === 'sent' ? `sent: ${sentLine(now)}` : `${now.phase}${round}`;
  }
  if (now.seat !== before.seat && now.seat !== null) yield SEAT[now.seat];
  for (const outcome of now.outcomes.slice(before.outcomes.length))
    yield outcome.kind === 'published'
      ? `round ${outcome.round} published: accuracy ${formatPercent(outcome.testAccuracy)}, ${outcome.contributors} contributors${formatSpending(outcome)}`
      : `round ${outcome.round} abandoned: ${outcome.reason.replaceAll('_', ' ')}${formatSpending(outcome)}`;
  for (const { round, included, part, problems } of now.receipts.slice(before.receipts.length)) {
    yield part === 'left-out'
      ? `round ${round}: this device’s group was left out, as it would have made the model worse`
      : `round ${round}: this device’s update is ${included ? 'in' : 'not in'} the sum`;
    for (const problem of problems) yield `round ${round}: the transcript is wrong: ${problem}`;
  }
  if (now.problem && now.problem !== before.problem) yield `problem: ${now.problem.message}`;
}

function noiseLine({ epsilon, delta, contributors }: Noise): string {
  const limit = epsilon === null ? 'no limit for the whole run' : `ε = ${epsilon} at most for the whole run`;
  return `adds noise: ${limit}, δ = ${delta}, counting on ${contributors} honest contributors in each sum`;
}

function sentLine({ sealed, upload }: ParticipantState): string {
  const size = upload ? formatBytes(upload.total) : 'the update';
  return sealed ? `${size}, sealed in ${formatSeconds(sealed.ms)}` : size;
}
