interface LoadResult {
  readonly bytesAParticipant: number;
  readonly runs: readonly {
    readonly participants: number;
    readonly wallMs: number;
    readonly rssPeakMB: number;
    readonly loopLagP99Ms: number;
    readonly uploadBytes: number;
    readonly cpuMs: number;
  }[];
}

/** The table of docs/BENCHMARKS.md, out of what `npm run bench -- load --json` wrote. */
export function loadTable(json: string): string {
  const { runs, bytesAParticipant } = JSON.parse(json) as LoadResult;
  const rows = runs.map(
    ({ participants, wallMs, cpuMs, rssPeakMB, loopLagP99Ms, uploadBytes }) =>
      `| ${participants.toLocaleString('en')} | ${(wallMs / 1000).toFixed(0)} s | ${(cpuMs / 1000).toFixed(0)} s | ${((participants * uploadBytes) / 1e6).toFixed(0)} MB | ${rssPeakMB} MB | ${loopLagP99Ms} ms |`,
  );
  return [
    '| participants | round | coordinator’s processor time | all updates | peak memory | p99 event-loop lag |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `From the first to the last row memory grows by ${(bytesAParticipant / 1e3).toFixed(0)} KB a participant.`,
  ].join('\n');
}
