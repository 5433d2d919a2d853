import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { words } from '../words/instance.ts';
import {
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatExact,
  formatMinute,
  formatPlural,
  formatShare,
  formatSpent,
} from './quantity.ts';

describe('numbers as people read them', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.00 KB'],
    [17_650, '17.7 KB'],
    [668_123, '668 KB'],
    [999_950, '1.00 MB'],
    [1_340_000, '1.34 MB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [-5, '0.0 s'],
    [3210, '3.2 s'],
    [42_000, '42 s'],
    [120_000, '2 min'],
    [5_460_000, '1 h 31 min'],
  ])('%i ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('what is agreed to is told with all the digits it has', () => {
    expect([0.5, 2.5, 10, 0.001, 0.1 + 0.2, 1234.5].map(formatExact)).toEqual([
      '0.5',
      '2.5',
      '10',
      '0.001',
      '0.3',
      '1,234.5',
    ]);
  });

  it('what is spent of a privacy budget is never shown as less than it is', () => {
    expect([0, 0.001, 0.41, 0.414, 2].map(formatSpent)).toEqual(['0.00', '0.01', '0.41', '0.42', '2.00']);
  });

  it('one is singular', () => {
    expect(formatPlural(1, 'device')).toBe('1 device');
    expect(formatPlural(1200, 'device')).toBe('1,200 devices');
    expect(formatPlural(2, 'more device')).toBe('2 more devices');
  });

  it('shares are per cent', () => {
    expect(formatShare(0.8675)).toBe('86.8 %');
    expect(formatShare(8 / 9, 9)).toBe('89 %');
  });
});

describe('in German', () => {
  beforeAll(() => words.init({ lng: 'de', resources: {} }));
  afterAll(() => words.changeLanguage('en'));

  it('numbers have its point and comma', () => {
    expect(formatCount(12_345)).toBe('12.345');
    expect(formatBytes(1_340_000)).toBe('1,34 MB');
    expect(formatBytes(12)).toBe('12 Byte');
    expect(formatShare(0.8675)).toBe('86,8 %');
    expect(formatDuration(3210)).toBe('3,2 s');
  });

  it('what ends within a minute is over when that minute is', () => {
    const noon = new Date(2026, 10, 3, 12, 0).getTime();
    expect([noon, noon + 1, noon + 59_999].map(formatMinute)).toEqual(['12:00', '12:01', '12:01']);
  });

  it('so have dates', () => {
    expect(formatDate(new Date(2026, 10, 3, 9, 5).getTime())).toBe('03.11.2026, 09:05');
  });
});
