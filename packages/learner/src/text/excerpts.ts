import { createCsvReader } from '../table/csv.ts';
import { sampleCsv } from '../table/csv-sample.ts';
import type { TableLayout } from '../table/layout.ts';
import { isNamed, placeOf, suggestMapping } from '../table/mapping.ts';

/** How a text begins, and its class. */
export interface Excerpt {
  readonly text: string;
  readonly label: number;
}

const MOST = 6;
const MOST_A_CLASS = 2;
const CHARACTERS = 200;
/** Enough for a header and the form of the file. */
const BEGINNING = 1 << 16;

/**
 * The beginnings of a few texts of a CSV file, the first ones of each class, class by class: what a person can look at, as the hashed
 * features that are learned from cannot be read back. [] where the file is not as the layout says; reading it for learning tells why.
 */
export function excerptsOf(csv: string, layout: TableLayout): Excerpt[] {
  const { text, label, classes } = layout;
  const sample = text && sampleCsv(csv.slice(0, BEGINNING), csv.length <= BEGINNING, (cells) => isNamed(cells, layout));
  if (!sample) return [];
  const mapping = suggestMapping(sample.header, layout);
  const [textPlace, labelPlace] = [placeOf(mapping, text.name), placeOf(mapping, label)];
  if (textPlace === null || labelPlace === null) return [];
  const shown = classes.slice(0, MOST);
  const each = Math.max(1, Math.min(MOST_A_CLASS, Math.floor(MOST / shown.length)));
  const found = shown.map((): string[] => []);
  const reader = createCsvReader(sample.form, {
    onRecord(cells) {
      const texts = found[classes.indexOf(cells[labelPlace]?.trim() ?? '')];
      const beginning = beginningOf(cells[textPlace] ?? '');
      if (texts && texts.length < each && beginning !== '') texts.push(beginning);
      return found.some(({ length }) => length < each);
    },
    onBadLine: () => {},
  });
  reader.push(csv);
  reader.end();
  return found.flatMap((texts, label) => texts.map((text) => ({ text, label })));
}

function beginningOf(text: string): string {
  // By characters, none of which is cut in two.
  const characters = Array.from(
    text
      .slice(0, 4 * CHARACTERS)
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return characters.length <= CHARACTERS ? characters.join('') : `${characters.slice(0, CHARACTERS).join('')}…`;
}
