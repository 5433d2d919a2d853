interface PageResult {
  readonly entryGzipKB: number;
  readonly interactiveMs: number;
  readonly answerMs: number;
  readonly bytes: number;
  readonly longTasks: number;
  readonly longTasksIdle: number;
  readonly browser: string;
  readonly busy: { readonly ms: number };
}

/** The table of docs/BENCHMARKS.md, out of what `npm run bench -- page --json` wrote. */
export function pageTable(json: string): string {
  const result = JSON.parse(json) as PageResult;
  return [
    `${result.browser}:`,
    '',
    '| | measured | goal |',
    '| --- | ---: | ---: |',
    `| scripts before anything is drawn, gzip | ${result.entryGzipKB.toFixed(0)} KB | ≤ 150 KB |`,
    `| all that came until the first step could be taken | ${(result.bytes / 1000).toFixed(0)} KB | |`,
    `| until the first step could be taken | ${(result.interactiveMs / 1000).toFixed(1)} s | ≤ 4 s |`,
    `| until the page answered it | ${result.answerMs.toFixed(0)} ms | |`,
    `| long tasks in ${(result.busy.ms / 1000).toFixed(0)} s of learning and sealing | ${result.longTasks} | none more than idle |`,
    `| long tasks in as many of idleness | ${result.longTasksIdle} | |`,
  ].join('\n');
}
