import { expect, it } from 'vitest';
import { classOfPath } from './classes.ts';

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
