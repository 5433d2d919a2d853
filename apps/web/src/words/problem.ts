import { type Rejection, reject } from '@sotto/protocol/rejection';
import type english from './en/index.ts';
import type { Words } from './words.ts';

type Kind = Exclude<keyof typeof english.problems, 'details'>;

/** What each code means to a person. Codes that ask the same of them share a text. */
export const KINDS: Readonly<Record<string, Kind>> = {
  open_elsewhere: 'openElsewhere',
  superseded: 'superseded',
  not_started: 'notStarted',
  outdated_page: 'outdatedPage',
  disconnected: 'disconnected',
  unreachable: 'unreachable',
  unavailable: 'busy',
  too_busy: 'busy',
  too_many_requests: 'tooManyRequests',
  too_many_connections: 'tooManyRequests',
  coordinator_foreign: 'foreignCoordinator',
  unknown_host: 'unknownHost',
  foreign_origin: 'unknownHost',
  unknown_task: 'unknownTask',
  changed_task: 'changedTask',
  bad_invite: 'badLink',
  bad_address: 'badAddress',
  revoked: 'revoked',
  invite_needed: 'inviteNeeded',
  invite_wrong: 'inviteWrong',
  invite_expired: 'inviteExpired',
  invite_used_up: 'inviteUsedUp',
  certificate_missing: 'certificateMissing',
  certificate_expired: 'certificate',
  certificate_forged: 'certificate',
  certificate_too_long: 'certificate',
  certificate_mismatch: 'certificate',
  not_admitted: 'notAdmitted',
  plan_hash: 'planForeign',
  plan_foreign: 'planForeign',
  plan_signature: 'planForeign',
  plan_cohort: 'planCohort',
  plan_committee: 'planCommittee',
  plan_numbers: 'planUnsound',
  plan_noise: 'planNoise',
  budget_spent: 'budgetSpent',
  plan_late: 'late',
  round_over: 'late',
  too_late: 'late',
  wrong_phase: 'late',
  stopped: 'late',
  cohort_full: 'unneeded',
  not_asked: 'notAsked',
  not_a_member: 'notAsked',
  stepped_aside: 'notAsked',
  withdrawn: 'withdrawn',
  nothing_sent: 'nothingToWithdraw',
  different_update: 'alreadyAnswered',
  different_answer: 'alreadyAnswered',
  key_taken: 'alreadyAnswered',
  old_round: 'alreadyAnswered',
  other_plan: 'alreadyAnswered',
  already_checked: 'alreadyAnswered',
  already_voted: 'alreadyAnswered',
  no_examples: 'noExamples',
  bad_dataset: 'badExamples',
  not_finite: 'notFinite',
  out_of_range: 'notFinite',
  wrong_size: 'learningBroke',
  bad_model: 'badModel',
  bad_model_file: 'badModel',
  model_hash: 'badModel',
  no_backend: 'noBackend',
  worker_gone: 'learningBroke',
  cancelled: 'learningBroke',
  out_of_memory: 'outOfMemory',
  failed: 'learningBroke',
  training_failed: 'learningBroke',
  sealer_gone: 'sealingBroke',
  sealing_failed: 'sealingBroke',
  committee: 'sealingBroke',
  message_range: 'sealingBroke',
  member_key: 'sealingBroke',
  box_length: 'dutyRefused',
  box_point: 'dutyRefused',
  box_unopened: 'dutyRefused',
  box_share: 'dutyRefused',
  not_stored: 'notStored',
  not_recorded: 'notRecorded',
  outbox_empty: 'outboxEmpty',
  upload_damaged: 'uploadDamaged',
  upload_incomplete: 'uploadDamaged',
  part_out_of_order: 'uploadDamaged',
  wrong_length: 'uploadDamaged',
  duty_foreign: 'dutyRefused',
  bad_candidates: 'dutyRefused',
  bad_contributors: 'dutyRefused',
  wrong_list: 'dutyRefused',
  foreign_key: 'dutyRefused',
  not_checked: 'dutyRefused',
  not_voted: 'dutyRefused',
  too_few_votes: 'dutyRefused',
  no_key: 'keyGone',
  bad_reply: 'misunderstood',
  bad_message: 'misunderstood',
  bad_packet: 'misunderstood',
  bad_signature: 'misunderstood',
  not_introduced: 'misunderstood',
  not_yours: 'misunderstood',
  key_expiry: 'misunderstood',
  bad_key: 'misunderstood',
  internal: 'serverFault',
  refused: 'serverFault',
  not_found: 'missing',
};

export interface Problem {
  /** What happened. */
  readonly title: string;
  /** What to do. */
  readonly todo: string;
}

/** A refusal or failure in the person's words; of one with an unknown code only that there was one. */
export function describeProblem(t: Words<'problems'>, { rejected }: Pick<Rejection, 'rejected'>): Problem {
  const kind = (Object.hasOwn(KINDS, rejected) && KINDS[rejected]) || 'unknown';
  return { title: t(`${kind}.title`), todo: t(`${kind}.todo`) };
}

/** What was thrown, with its code where it has one. */
export function problemOf(error: unknown): Rejection {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return reject(typeof code === 'string' ? code : 'unexpected', error instanceof Error ? error.message : String(error));
}
