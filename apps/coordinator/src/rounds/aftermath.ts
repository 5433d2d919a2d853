import { begin, step } from '@sotto/fl-core/round/coordinator';
import type { RoundSetup } from '@sotto/fl-core/round/round';
import type { RoundOutcome } from '@sotto/protocol/run';
import { stateBlob, sumBlob, uploadBlob, uploadFolder } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { RoundRecord } from '../store/round-log.ts';
import type { RunRecord } from '../store/run-records.ts';
import type { Store } from '../store/store.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { failedTestOf } from './grouping.ts';

/** What could not be removed after its round is tried again after so many more. */
const TRIED_AGAIN = 5;

interface AftermathPorts {
  readonly store: Pick<Store, 'heard' | 'events'>;
  readonly blobs: Blobs;
}

/** What is left to do after a round of this run. All of it is good to repeat. */
export function createAftermath({ store, blobs }: AftermathPorts, { run, task, config }: RunRecord) {
  /** The latest published rounds, so many at most. */
  function kept(rounds: readonly RoundRecord[], count: number): RoundRecord[] {
    return count === 0 ? [] : rounds.filter(({ outcome }) => outcome?.kind === 'published').slice(-count);
  }

  return {
    /** Who was asked and had the time, and yet was not heard. Nobody is blamed for a round that needed no more or that a person ended. */
    async noteSilence({ cohort, nMax }: RoundSetup, outcome: RoundOutcome, evidence: Evidence): Promise<void> {
      const { updates, withdrawn } = evidence;
      const ended = outcome.kind === 'abandoned' && (outcome.reason === 'paused' || outcome.reason === 'stopped');
      const blameless = ended || updates.size >= nMax;
      const silent = blameless ? [] : cohort.filter((device) => !updates.has(device) && !withdrawn.has(device));
      await store.heard(task, [...updates.keys()], silent);
    },
    /** H(U) of a sum of this round that did not pass its test; null where there is none, or nobody is divided into groups by it. */
    async failedTest(last: RoundRecord | undefined): Promise<string | null> {
      if (!last?.outcome?.groups?.some(({ kept }) => !kept)) return null;
      const ends = last.parts.map(async ({ group, setup }) => {
        const events = await store.events(run, last.round, group);
        return events.reduce((part, event) => step(part, event).round, begin(setup).round);
      });
      return failedTestOf(await Promise.all(ends));
    },
    /** Where what may not be free yet begins, after a round has ended: again and again, as work under way at the end may write afterwards. */
    unfreed(rounds: readonly RoundRecord[]): RoundRecord[] {
      const [first] = kept(rounds, config.keepCiphertexts + 1);
      return rounds.slice(first ? rounds.indexOf(first) : 0);
    },
    /**
     * What the strategy remembers is as large as the models are. The run goes on from the latest; those before the rounds whose ciphertexts are
     * kept let somebody make the step again.
     */
    async freeStates(rounds: readonly RoundRecord[]): Promise<void> {
      const needed = config.keepCiphertexts + 1;
      const states = kept(rounds, needed + TRIED_AGAIN).map(
        ({ outcome }) => outcome?.kind === 'published' && outcome.state,
      );
      const keep = new Set(states.slice(-needed));
      for (const state of states) if (state && !keep.has(state)) await blobs.remove(stateBlob(state));
    },
    /**
     * Of the last published rounds, what was counted is kept, so that somebody can add it up again; of any other round that is over,
     * nothing.
     */
    async freeUploads(rounds: readonly RoundRecord[]): Promise<void> {
      const keep = new Set(kept(rounds, config.keepCiphertexts));
      for (const record of rounds) {
        if (record.outcome === null) continue;
        for (const { group, planHash } of record.parts) {
          if (planHash === null) continue;
          if (!keep.has(record)) {
            await blobs.remove(uploadFolder(planHash));
            continue;
          }
          const { updates, metadata } = gatherEvidence(await store.events(run, record.round, group));
          const counted = new Set(
            metadata === null ? [] : [...updates].map(([device, { digest }]) => uploadBlob(planHash, device, digest)),
          );
          if (metadata !== null) counted.add(sumBlob(planHash));
          for (const blob of await blobs.list(uploadFolder(planHash))) if (!counted.has(blob)) await blobs.remove(blob);
        }
      }
    },
  };
}
