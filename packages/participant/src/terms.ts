import type { Pins } from '@sotto/protocol/invite';
import { architectureHash } from '@sotto/protocol/model-file';
import { LEAST_COMMITTEE, leastThreshold, type Plan } from '@sotto/protocol/plan';
import type { Noise, PrivacyGoal } from '@sotto/protocol/privacy';
import type { TaskView } from '@sotto/protocol/views';

/** Who may be on the committee, and how many of them there must be. */
export type CommitteeTerms =
  /** Whoever the study key vouches for. */
  | { readonly choice: 'certified'; readonly least: number }
  /** These and no others, by their Ed25519 keys. */
  | { readonly choice: 'named'; readonly least: number; readonly keys: readonly string[] }
  /** Whoever the coordinator draws from those who take part. */
  | { readonly choice: 'drawn'; readonly least: number };

/** The noise that hides each update in the sum: what a whole run may cost (ε, null: any; δ), and of how many contributors it is counted on. */
export type NoiseTerms = Pick<Noise, 'epsilon' | 'delta' | 'contributors'>;

/** What somebody agrees to by taking part. What is not known yet is null, and settled by the first plan that says it. */
export interface Terms {
  /** The coordinator's Ed25519 key. */
  readonly coordinator: string;
  readonly studyKey: string | null;
  /** `certified`: the study key vouches for everybody who contributes. */
  readonly admission: Pins['admission'];
  /** Fewest updates whose sum may be opened. */
  readonly minimumCohort: number;
  readonly committee: CommitteeTerms | null;
  /** The model's family: SHA-256 of its topology's canonical JSON. */
  readonly architecture: string | null;
  /** L2 bound on one update. */
  readonly clip: number;
  /** Most examples one update counts for. */
  readonly exampleCap: number;
  readonly noise: NoiseTerms | 'none' | null;
}

/** One way in which terms are worse than, or other than, those agreed to. */
export type Change = {
  readonly [K in keyof Terms]: { readonly term: K; readonly agreed: NonNullable<Terms[K]>; readonly now: Terms[K] };
}[keyof Terms];

/** What a task's page says before anybody joins. A run that has ended says nothing of the next one. */
export function termsOfTask(
  {
    task,
    topology,
    coordinator,
    members,
    run,
  }: Pick<TaskView, 'task' | 'topology' | 'coordinator' | 'members' | 'run'>,
  pins: Pins,
): Terms {
  const present = run && (run.state === 'running' || run.state === 'paused') ? run.config : null;
  const { clip, exampleCap, minimumCohort } = task.privacy;
  return {
    coordinator,
    studyKey: pins.studyKey,
    admission: pins.admission,
    minimumCohort: present?.minimumCohort ?? minimumCohort,
    committee: committeeTerms(pins, present?.committee ?? null, members),
    architecture: architectureHash(topology),
    clip,
    exampleCap,
    noise: present && noiseTerms(present.dp),
  };
}

function noiseTerms(noise: PrivacyGoal | Noise | null): NoiseTerms | 'none' {
  if (!noise) return 'none';
  const { epsilon = null, delta, contributors } = noise;
  return { epsilon, delta, contributors };
}

/** What a plan says. `architecture`: of the model it starts from, where that has been seen. */
export function termsOfPlan(plan: Plan, architecture: string | null, pins: Pins): Terms {
  const { coordinator, minimumCohort, encoding, committee } = plan;
  const keys = committee.members.map(({ key }) => key).sort();
  const choice = pins.studyKey !== null ? 'certified' : (committee.choice ?? 'drawn');
  return {
    coordinator,
    studyKey: pins.studyKey,
    admission: pins.admission,
    minimumCohort,
    committee: choice === 'named' ? { choice, least: keys.length, keys } : { choice, least: keys.length },
    architecture,
    clip: encoding.clip,
    exampleCap: encoding.exampleCap,
    noise: noiseTerms(plan.noise),
  };
}

/** What agreeing to a plan's terms is to agree to: its committee may change in size from round to round, as far as `pins` allow. */
export function promiseOf(terms: Terms, pins: Pins): Terms {
  const { committee } = terms;
  if (committee === null) return terms;
  const keys = committee.choice === 'named' ? committee.keys : [];
  return { ...terms, committee: committeeTerms(pins, committee.choice === 'named' ? 'named' : 'drawn', keys) };
}

function committeeTerms(
  { studyKey, leastCommittee }: Pins,
  choice: 'drawn' | 'named' | null,
  keys: readonly string[],
): CommitteeTerms | null {
  if (studyKey !== null) return { choice: 'certified', least: leastCommittee };
  if (choice === 'drawn') return { choice, least: leastCommittee };
  // Fewer named members than a committee has: the rest are still to be named.
  if (choice === null || keys.length < LEAST_COMMITTEE) return null;
  // Some of those named may be away; so many are there that no smaller number than usual could open.
  return { choice, least: Math.max(leastCommittee, leastThreshold(keys.length)), keys: [...keys].sort() };
}

/** In what `now` is worse than what was agreed to, or another thing; better protection is no change. */
export function changesOf(agreed: Terms, now: Terms): Change[] {
  const changes: Change[] = [];
  if (now.coordinator !== agreed.coordinator)
    changes.push({ term: 'coordinator', agreed: agreed.coordinator, now: now.coordinator });
  if (agreed.studyKey !== null && now.studyKey !== agreed.studyKey)
    changes.push({ term: 'studyKey', agreed: agreed.studyKey, now: now.studyKey });
  if (agreed.admission === 'certified' && now.admission !== 'certified')
    changes.push({ term: 'admission', agreed: agreed.admission, now: now.admission });
  if (now.minimumCohort < agreed.minimumCohort)
    changes.push({ term: 'minimumCohort', agreed: agreed.minimumCohort, now: now.minimumCohort });
  if (agreed.committee && now.committee && !isCovered(now.committee, agreed.committee))
    changes.push({ term: 'committee', agreed: agreed.committee, now: now.committee });
  if (agreed.architecture !== null && now.architecture !== null && now.architecture !== agreed.architecture)
    changes.push({ term: 'architecture', agreed: agreed.architecture, now: now.architecture });
  if (now.clip > agreed.clip) changes.push({ term: 'clip', agreed: agreed.clip, now: now.clip });
  if (now.exampleCap > agreed.exampleCap)
    changes.push({ term: 'exampleCap', agreed: agreed.exampleCap, now: now.exampleCap });
  const promised = promisedNoise(agreed);
  if (promised && now.noise !== null && !isAsPrivate(now.noise, promised))
    changes.push({ term: 'noise', agreed: promised, now: now.noise });
  return changes;
}

/** That there is none promises nothing; nor do agreements made before there was any. */
function promisedNoise({ noise }: { readonly noise?: Terms['noise'] }): NoiseTerms | null {
  return noise === undefined || noise === 'none' ? null : noise;
}

function isAsPrivate(now: NoiseTerms | 'none', agreed: NoiseTerms): boolean {
  if (now === 'none') return false;
  const isDearer = (now.epsilon ?? Number.POSITIVE_INFINITY) > (agreed.epsilon ?? Number.POSITIVE_INFINITY);
  // The more contributors the noise is counted on, the more of them must be honest.
  return !isDearer && now.delta <= agreed.delta && now.contributors <= agreed.contributors;
}

/** What was agreed to, with what was open in it as `now` says: noise, once there is some, may not go away again. */
export function settledTerms(agreed: Terms, now: Pick<Terms, 'committee' | 'architecture' | 'noise'>): Terms {
  return {
    ...agreed,
    committee: agreed.committee ?? now.committee,
    architecture: agreed.architecture ?? now.architecture,
    noise: promisedNoise(agreed) ?? now.noise ?? agreed.noise ?? null,
  };
}

function isCovered(now: CommitteeTerms, agreed: CommitteeTerms): boolean {
  if (now.least < agreed.least) return false;
  // Which study key it is, is a term of its own.
  if (now.choice === 'certified') return true;
  if (now.choice !== agreed.choice) return false;
  return now.choice !== 'named' || agreed.choice !== 'named' || now.keys.every((key) => agreed.keys.includes(key));
}

/**
 * What is agreed to by joining again under `offered`, which is no worse than `agreed` was: the same, whatever one run or task does better, and
 * besides what was not known before and what the person's own link asks for. Otherwise a mere reload would change what is agreed to.
 */
export function joinedTerms(agreed: Terms, offered: Terms): Terms {
  const kept = agreed.committee && (!offered.committee || offered.committee.choice === agreed.committee.choice);
  return {
    ...settledTerms(agreed, offered),
    studyKey: offered.studyKey,
    admission: offered.admission,
    committee: kept ? agreed.committee : offered.committee,
  };
}

/** What holds for a device that agreed to `agreed` (null: to nothing yet), or will when it joins under `offered`; a change for the worse waits for its person. */
export function presentTerms(agreed: Terms | null, offered: Terms): Terms {
  if (!agreed) return offered;
  return changesOf(agreed, offered).length > 0 ? agreed : joinedTerms(agreed, offered);
}
