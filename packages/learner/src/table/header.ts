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

/** Whether a line names columns that somebody looks for. */
export type IsNamed = (cells: readonly string[]) => boolean;

/**
 * Finds the line that names the columns among the first of a file: one that names columns that are looked for, however many fields it has;
 * else the first that has as many fields as the lines below it, and is neither a comment nor mostly empty, as titles in spreadsheets are.
 */
export function findHeader(lines: readonly Line[], isNamed: IsNamed): Header | null {
  const [first] = lines;
  if (!first) return null;
  const named = lines.slice(0, MOST_ABOVE + 1).findIndex(({ cells }) => isNamed(cells));
  if (named !== -1) return headerOf(lines[named]!, lines.slice(named + 1));
  const rows = lines.slice(1);
  const width = commonWidth(rows);
  const told = headerOf(first, rows);
  const isR = told.names.length > first.cells.length;
  if (isR || lacksSeparators(first, rows, width)) return told;
  const isHeader = (line: Line) => {
    const cells = withoutSurplus(line.cells, width);
    return cells.length === width && !COMMENT.test(cells[0]!) && filled(cells) * 2 > width;
  };
  const at = lines.slice(0, MOST_ABOVE + 1).findIndex(isHeader);
  const below = lines.slice(at + 1);
  return at > 0 && most(below, ({ cells }) => cells.length === width) ? headerOf(lines[at]!, below) : told;
}

/** A line's names, given the rows below it. */
function headerOf(line: Line, rows: readonly Line[]): Header {
  const width = commonWidth(rows);
  const names = withoutSurplus(line.cells, width);
  // R writes one name fewer than fields, as the rows' names have none.
  const isR =
    names.length >= 2 &&
    names.length === width - 1 &&
    !lacksSeparators(line, rows, width) &&
    most(rows, ({ cells }) => cells.length === width) &&
    areNamed(rows);
  return { names: isR ? ['', ...names] : names, line: line.line };
}

/** Some programs end every line but the first with a separator. */
function lacksSeparators({ cells: names }: Line, rows: readonly Line[], width: number): boolean {
  return names.length < width && most(rows, ({ cells }) => filled(cells.slice(names.length)) === 0);
}

/** And some only the first. */
function withoutSurplus(cells: readonly string[], width: number): readonly string[] {
  let end = cells.length;
  while (end > width && width > 0 && cells[end - 1]!.trim() === '') end -= 1;
  return cells.slice(0, end);
}

function most(lines: readonly Line[], are: (line: Line) => boolean): boolean {
  return lines.length > 0 && lines.filter(are).length >= EVEN_SHARE * lines.length;
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
