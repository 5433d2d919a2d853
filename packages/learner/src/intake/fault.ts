/**
 * What can be wrong with data that somebody brings, in English. The page shows these texts in the person's language (i18next), the command
 * line as they are. Each says where, what, and what to do where that is not plain. `{{line}}` counts the header; in Parquet, rows from 1.
 */
export const FAULTS = {
  file_empty: '{{file}}: the file is empty.',
  file_unreadable: '{{file}}: the file could not be read; it may have been moved or changed. Choose it again.',
  file_too_large:
    '{{file}}: with it there would be more than {{most, number}} examples, more than fit into this page. Bring a part of them.',
  rows_beyond:
    '{{file}}: this page has room for {{most, number}} such rows. {{left, number}} came after them and were not used.',
  spreadsheet: '{{file}}: this is a spreadsheet, not a table as text. Save it there as CSV and add that file.',
  not_a_table: '{{file}}: this is neither a CSV nor a Parquet file.',
  table_other_kind: '{{file}}: this is {{kind}}, not a CSV or Parquet table. Save the table as CSV and add that file.',
  columns_few:
    '{{file}}: only {{columns}} columns can be told apart in it, and {{needed}} are needed. If it holds more, save it with commas, semicolons or tabs between them.',
  parquet_cut: '{{file}}: the Parquet file breaks off before its end. Copy or download it again.',
  parquet_kind:
    '{{file}}: the Parquet file is packed or coded in a way this page cannot read. Save it anew with Snappy or without packing, or as CSV.',
  parquet_bad: '{{file}}: the Parquet file is damaged. Copy or download it again, or save the table as CSV.',
  no_rows: '{{file}}: there is no line below the header.',
  column_missing: '{{file}}: there is no column "{{column}}"; the columns are {{columns}}.',
  column_twice: '{{file}}: there are two columns "{{column}}". Rename or remove one of them.',
  columns_many:
    '{{file}}: there is no column "{{column}}" among its {{columns}}, and these are too many to choose from. Give the columns that are meant the names that are needed, or keep only those.',
  column_unchosen: '{{file}}: it is not said which column of the file is "{{column}}".',
  fields_count: '{{file}}, line {{line}}: {{fields}} fields, the header has {{expected}}.',
  quotes: '{{file}}, line {{line}}: a quotation mark is opened and not closed, or text follows a closing one.',
  garbled:
    '{{file}}, line {{line}}: some letters are not coded as UTF-8. Save the file anew, in a spreadsheet program as “CSV UTF-8”.',
  value_missing: '{{file}}, line {{line}}, column "{{column}}": the value is missing.',
  not_a_number: '{{file}}, line {{line}}, column "{{column}}": "{{value}}" is not a number.',
  not_finite: '{{file}}, line {{line}}, column "{{column}}": "{{value}}" is not a finite number.',
  a_date: '{{file}}, line {{line}}, column "{{column}}": "{{value}}" is a date or time, not a number.',
  thousands:
    '{{file}}, line {{line}}, column "{{column}}": "{{value}}" has marks between thousands, or another decimal mark than the rest. Write it without.',
  a_bound:
    '{{file}}, line {{line}}, column "{{column}}": "{{value}}" only says that the value is below or above a number. Write a number, or leave the line out.',
  with_unit:
    '{{file}}, line {{line}}, column "{{column}}": "{{value}}" is not a number alone. Write it without the unit.',
  out_of_range:
    '{{file}}, line {{line}}, column "{{column}}": {{value}} is not between {{least}} and {{most}}. Check its unit.',
  unknown_category: '{{file}}, line {{line}}, column "{{column}}": "{{value}}" is not one of {{values}}.',
  unknown_class: '{{file}}, line {{line}}, column "{{column}}": "{{value}}" is not one of the classes {{classes}}.',
  class_missing: '{{file}}, line {{line}}, column "{{column}}": it does not say which class this is.',
  text_empty: '{{file}}, line {{line}}, column "{{column}}": there is no text.',
  text_file_empty: '{{file}}: there is no text in it.',
  text_file_class:
    '{{file}}: neither a folder nor its name says which of {{classes}} it is. Choose that first, then add the file again.',
  text_file_large: '{{file}}: a single text of {{size}} is too long. Bring a table of texts, or shorter ones.',
  text_file_kind: '{{file}}: this is not a plain text. Save it as .txt, or add mails as .eml.',
  mail_damaged: '{{file}}: the mail is damaged. Save it anew, or its text as .txt.',
  text_file_table: '{{file}}: this is a table. Add it under “Table”.',
  picture_unknown: '{{file}}: this is no picture. Use PNG, JPEG or WebP.',
  picture_tiff: '{{file}}: this is a TIFF picture, which browsers cannot read. Save it as PNG or JPEG.',
  picture_pdf: '{{file}}: this is a PDF document, not a picture. Save its pages as PNG or JPEG.',
  picture_zip: '{{file}}: this is a packed file. Unpack it, and add the pictures that were in it.',
  picture_heic:
    '{{file}}: this is a HEIC photo, which browsers cannot read. Send it from the iPhone by mail or save it as JPEG on a computer; for photos to come choose Settings › Camera › Formats › Most Compatible.',
  picture_svg: '{{file}}: this is an SVG drawing, not a picture of pixels. Export it as PNG.',
  picture_cut_short: '{{file}}: the {{format}} picture breaks off before its end. Copy or download it again.',
  picture_damaged:
    '{{file}}: the {{format}} picture is damaged, or of a kind that this browser cannot read. Open it in a picture program and save it as PNG or JPEG.',
  picture_animated: '{{file}}: this {{format}} picture moves. Save one frame of it as PNG or JPEG.',
  picture_too_small:
    '{{file}}: {{width}} × {{height}} pixels are too few to see anything. Use a picture of at least {{least}} × {{least}}.',
  picture_too_large:
    '{{file}}: {{width}} × {{height}} pixels are more than the {{most}} million this page can hold. Make it smaller.',
  picture_heavy: '{{file}}: the file is larger than {{most}} MB. Make it smaller.',
  picture_plain:
    '{{file}}: the whole picture has one colour, as the model will see it. If there is something in it, it is too small or too faint.',
  picture_strip:
    '{{file}}: the picture is so long that only its middle is used, {{share}} % of it. Cut out what matters and add that instead.',
  picture_class:
    '{{file}}: neither a folder nor its name says which of {{classes}} it shows. Choose that, or add a CSV table of labels.',
  pictures_full:
    '{{file}}: there is room for {{most, number}} pictures in this page, and it came after them. Remove others first.',
  labels_columns:
    '{{file}}: none of its columns holds names of the pictures and what they show. The pictures were read without it.',
  labels_alone:
    '{{file}}: a table of labels says what pictures show, and there are none it could be about. Add it with them.',
  labels_second:
    '{{file}}: only one table of labels is read at a time, and there were several. The pictures were read without them; if one says what they show, add it alone with its pictures.',
  labels_name_missing: '{{file}}, line {{line}}, column "{{column}}": it does not say which picture this is about.',
  labels_no_picture:
    '{{file}}, line {{line}}: there is no picture "{{value}}". Add the pictures together with their table.',
  labels_several:
    '{{file}}, line {{line}}: there are several pictures "{{value}}" in different folders. Write the folder too.',
  labels_twice: '{{file}}, line {{line}}: of "{{value}}", line {{first}} says something else.',
  labels_not_listed: '{{file}}: the table {{table}} does not say what this picture shows.',
} as const;

export type FaultCode = keyof typeof FAULTS;

/** One thing that is wrong with brought data. */
export interface Fault {
  readonly code: FaultCode;
  /** What the text names in braces. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** All faults, of which only the first are kept: a file of a million bad lines must not fill the memory. */
export interface Faults {
  readonly count: number;
  readonly first: readonly Fault[];
}

export const NO_FAULTS: Faults = { count: 0, first: [] };

const KEPT = 1000;
const LONGEST_VALUE = 80;

/** A fault whose values are short enough to be shown. */
export function fault(code: FaultCode, values: Readonly<Record<string, string | number>>): Fault {
  const short = (name: string, value: string | number) => {
    if (typeof value === 'number' || value.length <= LONGEST_VALUE) return value;
    // A long path ends in the name that says which file it is.
    return name === 'file' ? `…${value.slice(-LONGEST_VALUE)}` : `${value.slice(0, LONGEST_VALUE)}…`;
  };
  return {
    code,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, short(name, value)])),
  };
}

/** In English. */
export function describeFault({ code, values }: Fault): string {
  return FAULTS[code].replace(/{{(\w+)(, number)?}}/g, (_, name: string, grouped?: string) =>
    grouped ? Number(values[name]).toLocaleString('en') : String(values[name] ?? ''),
  );
}

/** Those of one, then those of the other. */
export function joinFaults(...all: readonly Faults[]): Faults {
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    first: all.flatMap(({ first }) => first).slice(0, KEPT),
  };
}

/** Gathers faults one by one; one may stand for many alike. */
export function collectFaults(): {
  readonly add: (fault: Fault, times?: number) => void;
  readonly faults: () => Faults;
} {
  const first: Fault[] = [];
  let count = 0;
  return {
    add(one, times = 1) {
      count += times;
      if (first.length < KEPT) first.push(one);
    },
    faults: () => ({ count, first: [...first] }),
  };
}
