/** `sotto-mnist-round-3`: what a version is called outside this page. */
export function versionName(task: string, round: number): string {
  return `sotto-${task}-round-${round}`;
}
