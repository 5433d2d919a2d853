import { describe, expect, it } from 'vitest';
import { describeFault } from '../intake/fault.ts';
import { TrainingError } from '../training-error.ts';
import { encodeText } from './features.ts';
import { readTexts, type TextFile } from './reading.ts';

const TASK = { input: { buckets: 64, pairs: true, maxCharacters: 1000 }, classes: ['ham', 'spam'] };
const text = (path: string, content: BlobPart, label: number | null = null): TextFile => ({
  path,
  file: new Blob([content]),
  label,
});
const quiet = async () => {};

describe('texts in files', () => {
  it('are what their folder, the beginning of their name, or the person says', async () => {
    const files = [text('a/Spam/1.txt', 'Win now'), text('ham_2.txt', 'see you'), text('x.txt', 'well', 1)];
    const { dataset, beginnings, faults } = await readTexts(files, TASK, quiet);
    expect(faults.count).toBe(0);
    expect([...dataset!.labels]).toEqual([1, 0, 1]);
    expect(beginnings).toEqual(['Win now', 'see you', 'well']);
    const row = new Uint8Array(64);
    encodeText('see you', TASK.input, row);
    expect(dataset!.inputs.subarray(64, 128)).toEqual(row);
  });

  it('are each named when they cannot be used, with what to do', async () => {
    const files = [
      text('letter.txt', 'whose?'),
      text('ham/empty.txt', ''),
      text('ham/marks.txt', ' … - '),
      text('ham/picture.png', Uint8Array.of(0x89, 0x50, 0, 0)),
      text('ham/novel.txt', 'x'.repeat(6_000_000)),
      text('ham/good.txt', 'good'),
      text('ham/late.txt', 'late'),
    ];
    const { dataset, faults } = await readTexts(files, TASK, quiet, 1);
    expect(dataset!.labels).toHaveLength(1);
    const told = faults.first.map(describeFault);
    const expected = [
      'letter.txt: neither a folder',
      'ham/empty.txt: there is no text',
      'ham/marks.txt: there is no text',
      'not a plain text',
      '6 MB',
      'ham/late.txt: with it',
    ];
    expect(told).toHaveLength(expected.length);
    for (const [i, part] of expected.entries()) expect(told[i]).toContain(part);
  });

  it.each([
    ['text_file_table', 'ham/a.csv', 'text,label\nhello,ham\n'],
    ['text_file_table', 'ham/SMSSpamCollection', 'ham\tsee you\n'.repeat(6)],
    ['text_file_table', 'ham/a', 'PAR1…'],
    ['text_file_kind', 'ham/a.rtf', '{\\rtf1 hello}'],
    ['text_file_kind', 'ham/a.txt', '<!DOCTYPE html><html><body>hi'],
    ['text_file_kind', 'ham/a.txt', '%PDF-1.7'],
  ])('are not what other programs make of them or of many: %s for %s', async (code, path, content) => {
    const { dataset, faults } = await readTexts([text(path, content)], TASK, quiet);
    expect(dataset).toBeNull();
    expect(faults.first).toMatchObject([{ code }]);
  });

  it('may be UTF-16 that says so', async () => {
    const bytes = Uint8Array.from([0xff, 0xfe, ...[...'grün'].flatMap((c) => [c.charCodeAt(0), 0])]);
    expect((await readTexts([text('ham/n.txt', bytes)], TASK, quiet)).beginnings).toEqual(['grün']);
  });

  it('may be in Western Europe’s old coding, which is said', async () => {
    const files = [text('ham/1.txt', Uint8Array.of(0x67, 0x72, 0xfc, 0x6e)), text('ham/2.txt', 'grün')];
    expect(await readTexts(files, TASK, quiet)).toMatchObject({ beginnings: ['grün', 'grün'], guessed: 1, unread: 0 });
  });

  it('may lie in a folder that is called otherwise', async () => {
    const task = { ...TASK, names: [['good'], ['junk']] };
    const { dataset } = await readTexts([text('Junk/1.txt', 'a'), text('x/good/2.txt', 'b')], task, quiet);
    expect([...dataset!.labels]).toEqual([1, 0]);
  });

  it('are refused for what they are before anybody is asked about their class', async () => {
    const files = [text('letter.txt', Uint8Array.of(1, 2, 3, 0, 1)), text('void.txt', '')];
    const { faults } = await readTexts(files, TASK, quiet);
    expect(faults.first.map(({ code }) => code)).toEqual(['text_file_kind', 'text_file_empty']);
  });

  it('that were read when the reading is stopped are kept', async () => {
    const files = ['a', 'b', 'c', 'd'].map((letter) => text(`ham/${letter}.txt`, letter));
    const stopAfter = (most: number) => async (done: number) => {
      if (done === most) throw new TrainingError('cancelled', 'stop');
    };
    expect(await readTexts(files, TASK, stopAfter(3))).toMatchObject({ beginnings: ['a', 'b', 'c'], unread: 1 });
    const broken = async () => Promise.reject(new Error('gone'));
    await expect(readTexts(files, TASK, broken)).rejects.toThrow('gone');
  });

  it('are told of as they are read', async () => {
    const told: number[][] = [];
    await readTexts([text('ham/1.txt', 'a'), text('2.txt', 'b')], TASK, async (...at) => void told.push(at));
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});

describe('mails', () => {
  const MAIL = 'From: a@b.c\nSubject: One\n\nFirst\n';
  it.each([
    ['under a name that says nothing', 'ham/1234.abc', MAIL],
    ['with a mark of UTF-8 in front', 'ham/1.eml', `\ufeff${MAIL}`],
  ])('are known by their headers, %s', async (_, path, content) => {
    expect((await readTexts([text(path, content)], TASK, quiet)).beginnings).toEqual(['One First']);
  });

  it('are not what begins with one word and a colon', async () => {
    expect((await readTexts([text('ham/1.txt', 'Note: milk\n\nand eggs')], TASK, quiet)).beginnings).toEqual([
      'Note: milk and eggs',
    ]);
  });

  it('of a mailbox are one each', async () => {
    const second = 'From x@y.z Tue Jan  2 00:00:00 2024\nSubject: Two\nTo: me\n\nSecond\n\nFrom here on it is text.\n';
    const box = `From a@b.c Mon Jan  1 00:00:00 2024\n${MAIL}\n${second}`;
    const { beginnings, dataset } = await readTexts([text('spam/box', box)], TASK, quiet);
    expect(beginnings).toEqual(['One First', 'Two Second From here on it is text.']);
    expect([...dataset!.labels]).toEqual([1, 1]);
  });
});

describe('a mail', () => {
  const read = async (lines: (string | Uint8Array<ArrayBuffer>)[]) => {
    const file = new Blob(lines.flatMap((line) => [line, '\r\n']));
    const { beginnings, faults } = await readTexts([{ path: 'ham/1.eml', file, label: null }], TASK, quiet);
    expect(faults.first.map(describeFault)).toEqual([]);
    return beginnings[0];
  };

  it('is its subject and its body, for other headers give away where it came from', async () => {
    expect(await read(['From: a@b.c', 'Subject: Hello', '  again', 'List-Id: x', '', 'Body', '', 'more'])).toBe(
      'Hello again Body more',
    );
  });

  it('is decoded: words in its subject, its parts and their letters', async () => {
    expect(
      await read([
        'Subject: =?UTF-8?B?U2llIGhhYmVuIGdld29ubmVu?=',
        'Content-Type: multipart/alternative; boundary="b1"',
        '',
        '--b1',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        btoa('<html><body>Dear winner, <a href="http://x.y">click</a></body></html>'),
        '--b1--',
      ]),
    ).toBe('Sie haben gewonnen Dear winner, click');
    const latin = Uint8Array.from('Schöne Grüße', (char) => char.charCodeAt(0));
    expect(await read(['Subject: x', 'Content-Type: text/plain; charset=iso-8859-1', '', latin])).toBe(
      'x Schöne Grüße',
    );
  });

  it('without headers is all of it', async () => {
    expect(await read(['Dear Bob', '', 'how are you?'])).toBe('Dear Bob how are you?');
  });
});
