import type { FaultCode } from '../intake/fault.ts';

/** What stands before the decimals in a file's numbers; `either` where its numbers have none to tell by. */
export type DecimalMark = 'point' | 'comma' | 'either';

const POINT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const COMMA = /^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+([eE][+-]?\d+)?$/;
/** 1,234 or 1.234.567: thousands or three decimals, nobody can tell. */
const GROUPS = /^[+-]?[1-9]\d{0,2}([.,]\d{3})+$/;
/** Thousands for certain, with or without decimals: 1.234,5 · 1 234 · 1'234.50 */
const THOUSANDS = /^[+-]?\d{1,3}([.,' \u00a0\u2009\u202f’]\d{3})+([.,]\d+)?$/;
/** Of them, those that can mean nothing else where the point, or the comma, stands before decimals. */
const GROUPED_BEFORE_POINT = /^[+-]?\d{1,3}((,\d{3})+\.\d+|([' \u00a0\u2009\u202f’]\d{3})+(\.\d+)?)$/;
const GROUPED_BEFORE_COMMA = /^[+-]?\d{1,3}((\.\d{3})+,\d+|([' \u00a0\u2009\u202f’]\d{3})+(,\d+)?)$/;
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?$|^\d{1,2}:\d{2}(:\d{2})?/;
const NAN = /^[+-]?nan$/i;
const INFINITE = /^[+-]?(inf|infinity|∞)$/i;
const BOUND = /^[<>≤≥]=?\s*[+-]?\d/;
const WITH_UNIT = /^[+-]?\d+([.,]\d+)?\s*[\p{L}%°µ$€£][\p{L}%°µ²³/]*$/u;

/** What stands for "no value" in tables as programs write them. */
const ABSENT = /^(|#?na|#?n\/a|null|none|nil|\?|-|--)$/i;

/** Whether a trimmed field says that there is no value. */
export function isAbsent(field: string): boolean {
  return ABSENT.test(field);
}

/** A trimmed field as a number, or what is wrong with it. */
export function parseNumber(written: string, mark: DecimalMark): number | FaultCode {
  // Typography's minus.
  const field = written.replaceAll('\u2212', '-');
  if (mark !== 'comma' && POINT.test(field) && !(mark === 'either' && GROUPS.test(field))) return finite(Number(field));
  if (mark !== 'point' && COMMA.test(field) && !(mark === 'either' && GROUPS.test(field)))
    return finite(Number(field.replace(',', '.')));
  if (mark !== 'comma' && GROUPED_BEFORE_POINT.test(field)) return Number(field.replace(/[^\d.+-]/g, ''));
  if (mark !== 'point' && GROUPED_BEFORE_COMMA.test(field))
    return Number(field.replace(/[^\d,+-]/g, '').replace(',', '.'));
  if (NAN.test(field) || INFINITE.test(field)) return 'not_finite';
  if (THOUSANDS.test(field) || POINT.test(field) || COMMA.test(field)) return 'thousands';
  if (DATE.test(field)) return 'a_date';
  if (BOUND.test(field)) return 'a_bound';
  if (WITH_UNIT.test(field)) return 'with_unit';
  return 'not_a_number';
}

/** 1e999 is written as a number and is none. */
function finite(value: number): number | FaultCode {
  return Number.isFinite(value) ? value : 'not_finite';
}

/**
 * Judged by the fields that can have only one meaning: 0.5, 12,25. Without such a field it is the point, but not where semicolons stand
 * between fields: programs put them there when the comma is taken, and then 1.234 may well be a thousand.
 */
export function decimalMarkOf(fields: Iterable<string>, separator: string): DecimalMark {
  let points = 0;
  let commas = 0;
  for (const field of fields) {
    if (INTEGER.test(field) || GROUPS.test(field)) continue;
    if (POINT.test(field)) points += 1;
    else if (COMMA.test(field)) commas += 1;
  }
  if (points === commas) return separator === ';' ? 'either' : 'point';
  return points > commas ? 'point' : 'comma';
}
