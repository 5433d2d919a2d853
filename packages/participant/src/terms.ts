import type { Pins } from '@sotto/protocol/invite';
import { architectureHash } from '@sotto/protocol/model-file';
import { LEAST_COMMITTEE, leastThreshold, type Plan } from '@sotto/protocol/plan';
import type { TaskView } from '@sotto/protocol/views';

/** Who may be on the committee, and how many of them there must be. */
export type CommitteeTerms =
  /** Whoever the study key vouches for. */
  | { readonly choice: 'certified'; readonly least: number }
  /** These and no others, by their Ed25519 keys. */
  | { readonly choice: 'named'; readonly least: number; readonly keys: readonly string[] }
  /** Whoever the coordinator draws from those who take part. */
  | { readonly choice: 'drawn'; readonly least: number };

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
  };
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
  return changes;
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
    ...agreed,
    studyKey: offered.studyKey,
    admission: offered.admission,
    committee: kept ? agreed.committee : offered.committee,
    architecture: agreed.architecture ?? offered.architecture,
  };
}

/** What holds for a device that agreed to `agreed` (null: to nothing yet), or will when it joins under `offered`; a change for the worse waits for its person. */
export function presentTerms(agreed: Terms | null, offered: Terms): Terms {
  if (!agreed) return offered;
  return changesOf(agreed, offered).length > 0 ? agreed : joinedTerms(agreed, offered);
}
