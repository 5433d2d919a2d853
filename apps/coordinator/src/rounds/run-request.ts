import { PrivacyGoal } from '@sotto/protocol/privacy';
import { Groups } from '@sotto/protocol/robustness';
import { PhaseDurations, RunConfig } from '@sotto/protocol/run';
import { z } from 'zod';

/** What may be left out when a run is asked for: everything but the task. */
export const RunRequest = RunConfig.partial()
  .required({ task: true })
  .extend({
    cohort: RunConfig.shape.cohort.partial().optional(),
    admission: RunConfig.shape.admission.unwrap().optional(),
    lanes: RunConfig.shape.lanes.unwrap().optional(),
    bits: RunConfig.shape.bits.unwrap().optional(),
    rotation: RunConfig.shape.rotation.unwrap().optional(),
    ranges: RunConfig.shape.ranges.unwrap().optional(),
    overSelection: RunConfig.shape.overSelection.unwrap().optional(),
    keepCiphertexts: RunConfig.shape.keepCiphertexts.unwrap().optional(),
    strategy: RunConfig.shape.strategy.unwrap().optional(),
    schedule: RunConfig.shape.schedule.unwrap().optional(),
    earlyStopping: RunConfig.shape.earlyStopping.unwrap().optional(),
    fractionFit: RunConfig.shape.fractionFit.unwrap().optional(),
    dp: z
      .strictObject({
        ...PrivacyGoal.shape,
        delta: PrivacyGoal.shape.delta.optional(),
        contributors: PrivacyGoal.shape.contributors.optional(),
      })
      .nullable()
      .optional(),
    durations: PhaseDurations.partial().optional(),
    groups: z
      .strictObject({ ...Groups.shape, least: Groups.shape.least.optional() })
      .nullable()
      .optional(),
    robust: RunConfig.shape.robust.unwrap().optional(),
    guard: RunConfig.shape.guard.unwrap().optional(),
  });
export type RunRequest = z.infer<typeof RunRequest>;
