import { words } from '../words/instance.ts';
import { languageOf } from '../words/language.ts';

/** Numbers as people read them, in the page's language. */

/** The person's own kind of that language, such as `de-AT`, where the browser names one. */
function locale(): string {
  const language = languageOf(words.language ?? null, []);
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
}

const formats = new Map<string, Intl.NumberFormat>();

function format(value: number, digits: number): string {
  const key = `${locale()}/${digits}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, known);
  }
  return known.format(value);
}

/** The same in every language, like those of time below. */
const UNITS = ['KB', 'MB', 'GB', 'TB'] as const;

export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = -1;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  if (unit < 0)
    return new Intl.NumberFormat(locale(), { style: 'unit', unit: 'byte', unitDisplay: 'long' }).format(size);
  return `${format(size, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)} ${UNITS[unit]}`;
}

/** @param of  how many it is a share of, where that is known: of less than a hundred, no decimal says anything */
export function formatShare(share: number, of = Number.POSITIVE_INFINITY): string {
  return `${format(100 * share, of < 100 ? 0 : 1)} %`;
}

export function formatCount(count: number): string {
  return format(count, 0);
}

/** With so many digits after the point. */
export function formatDecimal(value: number, digits: number): string {
  return format(value, digits);
}

/** ε that is spent: never less than it is. */
export function formatSpent(epsilon: number): string {
  return formatDecimal(Math.max(0, Math.ceil(epsilon * 100 - 1e-6)) / 100, 2);
}

/** With the digits it has and no others: for what is agreed to, where 0.5 must not read 1. */
export function formatExact(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumSignificantDigits: 15 }).format(value);
}

/** `3 devices`, `1 device`: for pages in English alone; elsewhere the texts have plurals. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${format(seconds, 1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function formatClock(at: number): string {
  return new Date(at).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** Something lasts until then at the latest: the first whole minute that has come. */
export function formatMinute(at: number): string {
  const minute = Math.ceil(at / 60_000) * 60_000;
  return new Date(minute).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' });
}

export function formatDate(at: number): string {
  return new Date(at).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' });
}
