type Cell = string | number | null;

/** What spreadsheets would take for a formula: somebody else's text may begin like one. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180, with a heading unless it stands there already; no cell of text is ever run as a formula. A missing value is an empty cell. */
export function formatCsv<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, Cell>>[],
  heading = true,
): string {
  const lines = [
    ...(heading ? [columns.map(formatCell)] : []),
    ...rows.map((row) => columns.map((column) => formatCell(row[column]))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function formatCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
