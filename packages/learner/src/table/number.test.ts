import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalMarkOf, isAbsent, parseNumber } from './number.ts';

describe('a number in a file', () => {
  it('is read as it was written, with a point or a comma', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (any) => {
        // Of -0 its sign is not written.
        const value = any + 0;
        expect(parseNumber(String(value), 'point')).toBe(value);
        expect(parseNumber(String(value).replace('.', ','), 'comma')).toBe(value);
      }),
    );
  });

  it('may have the minus of a typesetter, and be missing as spreadsheets say it', () => {
    expect(parseNumber('\u22121.5', 'point')).toBe(-1.5);
    expect(isAbsent('#N/A')).toBe(true);
  });

  it.each([
    ['1,234', 'point', 'thousands'],
    ['1.234', 'comma', 'thousands'],
    ['1.234,5', 'point', 'thousands'],
    ['1,234.5', 'comma', 'thousands'],
    ['12,5', 'point', 'thousands'],
    // Three decimals or a thousand: where nothing else tells, it is not guessed.
    ['1.234', 'either', 'thousands'],
    ['1,234', 'either', 'thousands'],
    ['<0.5', 'point', 'a_bound'],
    ['≥ 3', 'point', 'a_bound'],
    ['2024-05-01', 'point', 'a_date'],
    ['01.05.2024', 'comma', 'a_date'],
    ['5/1/24 10:30', 'point', 'a_date'],
    ['12:30', 'point', 'a_date'],
    ['12 mm', 'point', 'with_unit'],
    ['37.5°C', 'point', 'with_unit'],
    ['5%', 'point', 'with_unit'],
    ['NaN', 'point', 'not_finite'],
    ['-inf', 'point', 'not_finite'],
    ['1e999', 'point', 'not_finite'],
    ['two', 'point', 'not_a_number'],
    ['0x10', 'point', 'not_a_number'],
    ['1.2.3.4', 'point', 'not_a_number'],
  ] as const)('%s, with decimals after a %s, is refused as %s', (field, mark, code) => {
    expect(parseNumber(field, mark)).toBe(code);
  });

  it.each([
    ['1234', 'either', 1234],
    ['0.125', 'either', 0.125],
    ['12,5', 'either', 12.5],
    ['0,125', 'either', 0.125],
    ['1234,5', 'comma', 1234.5],
    ['1,234', 'comma', 1.234],
    // Where the other mark stands before decimals, these can only part thousands.
    ['1,214.0', 'point', 1214],
    ['1.234.567,5', 'comma', 1_234_567.5],
    ['1.234,5', 'either', 1234.5],
    ['1 234', 'point', 1234],
    ["-1'234.50", 'point', -1234.5],
    ['1\u2019214.0', 'point', 1214],
    ['.5', 'point', 0.5],
    ['+3', 'point', 3],
  ] as const)('%s, with decimals after a %s, is %d', (field, mark, value) => {
    expect(parseNumber(field, mark)).toBe(value);
  });

  it('shows which mark its file uses', () => {
    expect(decimalMarkOf(['1', '2,5', '1.234'], ';')).toBe('comma');
    expect(decimalMarkOf(['1', '2.5'], ';')).toBe('point');
    expect(decimalMarkOf(['1.234', '2'], ';')).toBe('either');
    expect(decimalMarkOf(['1.234', '2'], ',')).toBe('point');
    expect(decimalMarkOf(['0,5', 'x'], ',')).toBe('comma');
  });

  it('may be missing in many ways', () => {
    expect(['', 'NA', 'n/a', 'null', '?', '-'].map(isAbsent)).not.toContain(false);
    expect(['0', 'nan', 'x'].map(isAbsent)).not.toContain(true);
  });
});
