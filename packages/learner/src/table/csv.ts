import Papa from 'papaparse';
import { commonWidth } from './header.ts';

/** How a CSV file is written. */
export interface CsvForm {
  readonly separator: string;
  readonly newline: '\n' | '\r';
}

interface CsvEars {
  /** A record, and the line it begins on, counted from 1. Blank lines are none. @returns false to be told no more */
  onRecord(fields: string[], line: number): boolean | undefined;
  /** A line whose quotation marks do not match. It costs only itself: the next record begins on the next line. */
  onBadLine(line: number): void;
}

export interface CsvReader {
  /** Takes the next piece of the text; pieces may end anywhere. */
  push(text: string): void;
  end(): void;
}

/** Where two fit as well, the first: commas may be decimal marks. */
const SEPARATORS = ['\t', ';', '|', ',', ' '];
const JUDGED_CHARACTERS = 100_000;
/** Spreadsheets' own first line, which is none of the table's. */
const SEPARATOR_LINE = /^sep=([,;|\t])\r?[\r\n]/i;
/** Nobody's record is longer. A quotation mark that never closes must not gather the rest of the file. */
const LONGEST_RECORD = 1_000_000;

/** Told by the beginning of the text. */
export function csvFormOf(beginning: string): CsvForm {
  const newline = !beginning.includes('\n') && beginning.includes('\r') ? '\r' : '\n';
  const told = SEPARATOR_LINE.exec(beginning);
  if (told) return { separator: told[1]!, newline };
  const [separator] = SEPARATORS.map((separator) => {
    const lines = firstLines(beginning, { separator, newline });
    const width = commonWidth(lines);
    const alike = lines.filter(({ cells }) => cells.length === width).length;
    const first = lines[0]?.cells.length ?? 0;
    // Spaces stand between words, too: they part columns only where they part every line, but for R's header, and nothing else does so.
    const space = separator === ' ';
    const parts = width > 1 && (!space || (lines.length > 1 && alike >= lines.length - 1));
    return { separator, alike: parts ? alike - (space ? 0.5 : 0) : -1, first };
  }).sort((a, b) => b.alike - a.alike || b.first - a.first);
  return { separator: separator!.alike < 0 ? ',' : separator!.separator, newline };
}

/** Lines by which a separator is judged: it parts most of them into as many fields, and values may hold others. */
const JUDGED_LINES = 100;

function firstLines(beginning: string, form: CsvForm): { readonly cells: readonly string[] }[] {
  const lines: { cells: string[] }[] = [];
  const reader = createCsvReader(form, {
    onRecord: (cells) => lines.push({ cells }) < JUDGED_LINES,
    onBadLine: () => {},
  });
  reader.push(beginning.slice(0, JUDGED_CHARACTERS));
  if (lines.length === 0) reader.end();
  return lines;
}

/**
 * CSV (RFC 4180) piece by piece: fields may be quoted, and then hold separators, line ends and doubled quotation marks. Lines may end
 * with CR LF, LF or CR.
 */
export function createCsvReader({ separator, newline }: CsvForm, { onRecord, onBadLine }: CsvEars): CsvReader {
  let rest = '';
  let line = 1;
  let over = false;

  const take = (fields: string[], lines: number): boolean => {
    const last = fields.length - 1;
    // Only an unquoted field can end so: quoted ones end before their quotation mark.
    if (newline === '\n' && fields[last]?.endsWith('\r')) fields[last] = fields[last].slice(0, -1);
    // Spreadsheets write their empty lines with all separators.
    const blank = fields.every((field) => field.trim() === '');
    const told = line === 1 && fields.length === 2 && /^sep=$/i.test(fields[0]!) && fields[1] === '';
    const more = blank || told || onRecord(fields, line) !== false;
    line += lines;
    return more;
  };

  /** Reads on from the beginning of a record. @returns where the first record begins that is not whole yet, or that is bad */
  function read(text: string, last: boolean): { readonly at: number; readonly bad: boolean } {
    let at = 0;
    let bad = false;
    const parser: Papa.Parser = new Papa.Parser({
      delimiter: separator,
      newline,
      step({ data, errors, meta }: Papa.ParseStepResult<string[]>) {
        // Papa hands each record over in a list of one.
        const [fields] = data as unknown as string[][];
        bad = errors.length > 0;
        if (!bad) {
          over = !take(fields!, 1 + fields!.reduce((sum, field) => sum + count(field, newline), 0));
          at = meta.cursor;
        }
        if (bad || over) parser.abort();
      },
    });
    parser.parse(text, 0, !last);
    return { at, bad };
  }

  function advance(last: boolean): void {
    while (!over && rest !== '') {
      // Papa would look for the end of such a field to the end of the text, at each line anew.
      const malformed = findMalformed(rest, separator, newline);
      const { at, bad } = malformed === null ? read(rest, last) : read(rest.slice(0, malformed), false);
      rest = rest.slice(at);
      if (over || (malformed === null && !bad && rest.length <= LONGEST_RECORD)) return;
      const end = rest.indexOf(newline);
      // The rest of a bad line may come with the next piece.
      if (end === -1 && !last && rest.length <= LONGEST_RECORD) return;
      onBadLine(line);
      rest = end === -1 ? '' : rest.slice(end + 1);
      line += 1;
    }
  }

  return {
    push(text) {
      if (over) return;
      rest += text;
      advance(false);
    },
    end() {
      advance(true);
      rest = '';
    },
  };
}

/** Where the first record begins in which text follows a closing quotation mark; null: nowhere, as far as can be seen. */
function findMalformed(text: string, separator: string, newline: string): number | null {
  let record = 0;
  let at = 0;
  let lineEnd = text.indexOf(newline);
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', at)) {
    for (; lineEnd !== -1 && lineEnd < open; lineEnd = text.indexOf(newline, lineEnd + 1))
      if (lineEnd >= at) record = lineEnd + 1;
    at = open + 1;
    // Within a field that is not quoted, it is a letter like others.
    if (open !== record && text[open - 1] !== separator) continue;
    let close = text.indexOf('"', at);
    while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
    if (close === -1) return null;
    at = close + 1;
    while (text[at] === ' ' && separator !== ' ') at += 1;
    const next = text[at];
    if (next === undefined) return null;
    if (next !== separator && next !== newline && next !== '\r') return record;
  }
  return null;
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}
