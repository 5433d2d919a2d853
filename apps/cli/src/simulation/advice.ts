import type { RunConfig } from '@sotto/protocol/run';

/** What has a hand in it that too few stay. */
interface Trouble {
  readonly drop: boolean;
  readonly attack: boolean;
  readonly noise: boolean;
}

/** What else to simulate when rounds fail. */
export function anotherSimulation({ drop, attack, noise }: Trouble): string {
  const less = [drop && 'a lower --drop', attack && 'fewer --attackers', noise && 'a lower --dp-contributors'];
  return `Simulate ${['more participants', ...less.filter((what) => what !== false), 'or another --seed'].join(', ')}.`;
}

/** Whether a sum needs as many contributors as it does because so many make its noise. */
export function needsForNoise({ dp, minimumCohort }: Pick<RunConfig, 'dp' | 'minimumCohort'>): boolean {
  return dp !== null && dp.contributors === minimumCohort;
}
