import Papa from 'papaparse';

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

const SEPARATORS = [',', ';', '\t', '|'];
/** Nobody's record is longer. A quotation mark that never closes must not gather the rest of the file. */
const LONGEST_RECORD = 1_000_000;

/** Told by the beginning of the text. */
export function csvFormOf(beginning: string): CsvForm {
  const newline = !beginning.includes('\n') && beginning.includes('\r') ? '\r' : '\n';
  // The header names at least two columns, and names seldom hold separators; values often do.
  const header = beginning
    .slice(0, 100_000)
    .replace(/"[^"]*"/g, '')
    .split(newline)
    .find((line) => line.trim() !== '');
  const count = (separator: string) => (header ?? '').split(separator).length;
  const separator = SEPARATORS.reduce((best, other) => (count(other) > count(best) ? other : best));
  return { separator, newline };
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
    const blank = fields.length === 1 && fields[0]!.trim() === '';
    const more = blank || onRecord(fields, line) !== false;
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
      const { at, bad } = read(rest, last);
      rest = rest.slice(at);
      if (!bad && rest.length <= LONGEST_RECORD) return;
      onBadLine(line);
      const end = rest.indexOf(newline);
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

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}
