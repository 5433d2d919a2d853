/** The line that names the columns. */
export interface Header {
  /** As they are called; those of the rows' own names, where these stand in front without being called anything, ''. */
  readonly names: readonly string[];
  /** Counted from 1. What stands above it, such as a title or comments, is none of the table's. */
  readonly line: number;
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Titles and comments above a table are hardly longer. */
const MOST_ABOVE = 20;
/** What fewer lines have in common tells nothing. */
const EVEN_SHARE = 0.9;
const COMMENT = /^[#%]\s/;

/**
 * Finds the line that names the columns among the first of a file: the first one that has as many fields as the lines below it, and is
 * neither a comment nor mostly empty, as titles in spreadsheets are. R writes one name fewer than fields, as the rows' names have none.
 */
export function findHeader(lines: readonly Line[]): Header | null {
  const [first] = lines;
  if (!first) return null;
  const rows = lines.slice(1);
  const width = commonWidth(rows);
  const most = (lines: readonly Line[], are: (line: Line) => boolean) =>
    lines.length > 0 && lines.filter(are).length >= EVEN_SHARE * lines.length;
  const endsBlank = ({ cells }: Line) => filled(cells.slice(first.cells.length)) === 0;
  // Some programs end every line but the first with a separator.
  if (first.cells.length < width && most(rows, endsBlank)) return { names: first.cells, line: first.line };
  const isHeader = ({ cells }: Line) => cells.length === width && !COMMENT.test(cells[0]!) && filled(cells) * 2 > width;
  const at = lines.slice(0, MOST_ABOVE + 1).findIndex(isHeader);
  const isWide = ({ cells }: Line) => cells.length === width;
  if (first.cells.length >= 2 && first.cells.length === width - 1 && most(rows, isWide) && areNamed(rows))
    return { names: ['', ...first.cells], line: first.line };
  const found = at > 0 && most(lines.slice(at + 1), isWide) ? lines[at]! : first;
  return { names: found.cells, line: found.line };
}

/** Each row begins with a name of its own. */
function areNamed(rows: readonly Line[]): boolean {
  const names = new Set(rows.map(({ cells }) => cells[0]!.trim()));
  if (names.size < rows.length || names.has('')) return false;
  const [first, ...others] = rows;
  // Else the first of them names the columns, and a title stands above it.
  return !first!.cells.some(
    (cell, at) => !/\d/.test(cell) && others.length > 0 && others.every(({ cells }) => /\d/.test(cells[at] ?? '')),
  );
}

function filled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}

/** How many fields most lines have; 0 without any. */
export function commonWidth(lines: readonly { readonly cells: readonly string[] }[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of lines) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].reduce((best, other) => (other[1] > best[1] ? other : best), [0, 0])[0];
}
