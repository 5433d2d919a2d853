/** Rows under their headings, in columns as wide as they need to be; numbers stand to the right. */
export function formatTable(rows: readonly Readonly<Record<string, string>>[]): string {
  const headings = Object.keys(rows[0] ?? {});
  const widths = headings.map((heading) => Math.max(heading.length, ...rows.map((row) => row[heading]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padStart(widths[i]!))
      .join('  ')
      .trimEnd();
  return [line(headings), ...rows.map((row) => line(headings.map((heading) => row[heading]!)))].join('\n');
}

/** 1,234,567 → “1.23 MB”. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}

export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

export function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** What a run has spent of its privacy budget after a round, to go on a line with; nothing where no sum under noise was opened. */
export function formatSpending({ epsilon }: { readonly epsilon?: number | undefined }): string {
  return epsilon === undefined ? '' : `, ε = ${epsilon.toFixed(3)} spent`;
}
