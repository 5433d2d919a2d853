/** Something that a benchmark promises, and whether it came true. */
export interface Goal {
  readonly what: string;
  readonly met: boolean;
}

export function tellGoals(goals: readonly Goal[]): boolean {
  for (const { what, met } of goals) console.log(`  ${met ? 'met:   ' : 'MISSED:'} ${what}`);
  return goals.every(({ met }) => met);
}

export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

/** A difference of accuracies. */
export function points(share: number): string {
  return `${Number((100 * share).toFixed(2))} points`;
}
