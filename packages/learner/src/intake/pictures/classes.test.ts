import { expect, it } from 'vitest';
import { classesOfPaths, classOfName, classOfPath } from './classes.ts';

const DIGITS = ['0', '1', '2', '10'];

it.each([
  ['a folder named after it', 'pictures/2/IMG_0001.png', 2],
  ['the nearest such folder', '1/2/x.png', 2],
  ['the whole file name', '1.jpg', 1],
  ['the beginning of the file name', '2_me.png', 2],
  ['the longest name that fits', '10-me.png', 3],
  ['no digits that merely begin alike', '123.png', null],
  ['nothing', 'cat.png', null],
])('the class of a picture is told by %s', (_, path, expected) => {
  expect(classOfPath(path, DIGITS)).toBe(expected);
});

it('capitals and accents do not matter', () => {
  expect(classOfPath('Café Noir.jpg', ['tea', 'cafe'])).toBe(1);
  expect(classOfPath('TEA/x.jpg', ['tea', 'cafe'])).toBe(0);
});

it('capitals and accents do matter where they tell classes apart', () => {
  expect(classOfName('A', ['a', 'A'])).toBe(1);
  expect(classOfName('a', ['a', 'A'])).toBe(0);
  expect(classOfName('á', ['a', 'A'])).toBeNull();
  expect(classOfPath('A_1.png', ['a', 'A'])).toBe(1);
  expect(classOfPath('Á_1.png', ['a', 'A'])).toBeNull();
  expect(classOfName('cafe\u0301', ['cafe', 'caf\u00e9'])).toBe(1);
});

it('numbers that merely count the files of a folder say nothing', () => {
  const digits = Array.from({ length: 10 }, (_, i) => `${i}`);
  const counted = Array.from({ length: 12 }, (_, i) => `pictures/${i + 1}.png`);
  expect(classesOfPaths(counted, digits)).toEqual(counted.map(() => null));
  expect(classesOfPaths(['1.png', '2.png', '3.png'], digits)).toEqual([null, null, null]);
  expect(classesOfPaths(['1.png', '123.png'], digits)).toEqual([null, null]);
  expect(classesOfPaths(['4/1.png', '4/2.png', '4/3.png'], digits)).toEqual([4, 4, 4]);
  expect(classesOfPaths(['1.png', '7.png', '3_a.png', '3_b.png'], digits)).toEqual([1, 7, 3, 3]);
});
