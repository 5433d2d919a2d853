import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMail } from '@sotto/learner/text/mail';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { groupAlike } from './duplicates.ts';
import { split, withoutDuplicates } from './examples.ts';
import { textOf, wordsOf } from './text.ts';

const mail = (...lines: string[]) => readMail(Buffer.from(lines.join('\r\n'), 'latin1'));

describe('a stored mail', () => {
  it('is read through MIME, transfer encoding and character set, without the mailbox line', async () => {
    const read = await mail(
      'From someone@x.org  Thu Aug 22 13:17:22 2002',
      'Subject: =?iso-8859-1?Q?Gr=FC=DFe?=',
      'Content-Type: multipart/alternative; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Sch=F6ne Gr=FC=DFe aus K=F6ln, lange =',
      'Zeilen gehen weiter',
      '--b',
      'Content-Type: text/html',
      '',
      '<b>not this one</b>',
      '--b--',
    );
    expect(read.subject).toBe('Grüße');
    expect(read.body.trim()).toBe('Schöne Grüße aus Köln, lange Zeilen gehen weiter');
  });

  it('in HTML becomes what a person reads of it', async () => {
    const html =
      '<html><style>p{}</style><!-- hidden --><p>Earn&nbsp;cash <a href="http://x.y/">now</a></p><img src=z></html>';
    const { body } = await mail(
      'Subject: x',
      'Content-Type: text/html',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(html).toString('base64'),
    );
    expect(body.replace(/\s+/g, ' ').trim()).toBe('Earn cash now');
  });
});

describe('the text of a mail', () => {
  const text = (subject: string, body: string) => textOf({ subject, body });

  it('names nobody: addresses, links and numbers belong to no one', () => {
    expect(
      text('ask me', 'Write to jo.doe@mail.example, call +1 (555) 123-4567, see https://a.b/c?id=9 or www.shop.biz/x'),
    ).toBe('ask me\nWrite to name@example.com, call 000-000-0000, see http://example.com or http://example.com');
  });

  it('names nobody in the disguises that people use', () => {
    const body =
      'write to bob at mail dot example dot org, ann (at) place.org or joe[at]home [dot] com; visit .foo.net and @bar.com today';
    const said = text(`${'long '.repeat(38)} bob@mail.org is here`, body)!;
    expect(said).not.toMatch(/bob|ann|joe|place|home|foo|bar/);
    expect(said).not.toMatch(/@exampl(?!e\.com)/);
  });

  it('leaves prices and years alone', () => {
    expect(text('offer', 'Only $1,000,000 or 29.95 in 2002 for you')).toBe(
      'offer\nOnly $1,000,000 or 29.95 in 2002 for you',
    );
  });

  it('has no mark of a mailing list, no quotation, no footer and no signature', () => {
    const body = [
      'On Monday, Jo wrote:',
      '> what do you think of it',
      'I like it very much indeed',
      '-- ',
      'Jo, 12 Street',
      '_______________________________________________',
      'List mailing list',
    ].join('\n');
    expect(text('Re: [ILUG] RE: that', body)).toBe('that\nI like it very much indeed');
  });

  it('is cut between words after a thousand characters', () => {
    const long = text('a', 'word '.repeat(400))!;
    expect(long.length).toBeLessThanOrEqual(1002);
    expect(long).toMatch(/word$/);
  });

  it.each([
    ['says next to nothing', 'hi', 'ok'],
    ['is not fit for everybody', 'hot stuff', 'come and see hardcore pictures of all kinds'],
  ])('is left out when it %s', (_, subject, body) => {
    expect(text(subject, body)).toBeNull();
  });
});

const sentence = fc
  .array(fc.constantFrom('red', 'green', 'blue', 'one', 'two', 'three', 'sun', 'moon', 'star', 'tree'), {
    minLength: 8,
    maxLength: 20,
  })
  .map((words) => words.join(' '));

describe('near duplicates', () => {
  it('are one group however a sentence is added, chained or spelled in capitals', () => {
    const base = 'buy our wonderful garden hose today and never be tangled up in yard work again';
    const more = `${base} call now`;
    const most = `${more} while stocks last`;
    expect(
      groupAlike([base, 'something else entirely was written here by a friend', more.toUpperCase(), most]),
    ).toEqual([[0, 2, 3], [1]]);
  });

  it('are never on both sides of the split, and none is kept twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text: sentence, label: fc.constantFrom('a', 'b') }), { maxLength: 30 }),
        (examples) => {
          const kept = withoutDuplicates(examples);
          const { train, test } = split(kept, 0.3);
          expect([...train, ...test].map(({ text }) => text).sort()).toEqual(kept.map(({ text }) => text).sort());
          const groups = groupAlike([...train, ...test].map(({ text }) => text));
          expect(groups.every((group) => group.length === 1)).toBe(true);
        },
      ),
    );
  });

  it('that disagree about the label are left out altogether', () => {
    const text = 'the very same words under two labels';
    expect(
      withoutDuplicates([
        { text, label: 'a' },
        { text, label: 'b' },
      ]),
    ).toEqual([]);
  });
});

describe('the split', () => {
  it('has the same share of each label on both sides, and does not depend on the order', () => {
    const examples = Array.from({ length: 100 }, (_, i) => ({ text: `text ${i}`, label: i % 4 ? 'a' : 'b' }));
    const { train, test } = split(examples, 0.2);
    expect(test.filter(({ label }) => label === 'a')).toHaveLength(15);
    expect(test.filter(({ label }) => label === 'b')).toHaveLength(5);
    expect(split(examples.toReversed(), 0.2)).toEqual({ train, test });
  });
});

it('the script makes the same two files of the same corpus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-corpus-'));
  try {
    for (const [group, words] of Object.entries({
      'easy-ham-1': 'meet',
      'easy-ham-2': 'lunch',
      'hard-ham-1': 'news',
      'spam-1': 'win',
      'spam-2': 'cash',
    })) {
      mkdirSync(join(folder, 'data', group), { recursive: true });
      writeFileSync(
        join(folder, 'data', group, '1.txt'),
        `Subject: ${words}\n\n${words} one two "three", ${words} four\n`,
      );
    }
    const run = () => {
      execFileSync(process.execPath, [join(import.meta.dirname, 'main.ts'), folder, folder]);
      return ['train', 'test'].map((part) => readFileSync(join(folder, `${part}.csv`), 'utf8'));
    };
    const files = run();
    expect(run()).toEqual(files);
    const rows = files.flatMap(
      (file) => Papa.parse<Record<string, string>>(file, { header: true, skipEmptyLines: true }).data,
    );
    expect(rows).toHaveLength(5);
    expect(rows.find(({ text }) => text?.startsWith('win'))).toEqual({
      text: 'win\nwin one two "three", win four',
      label: 'spam',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('the committed files have no words that the preparation would leave out, and no address but those that belong to nobody', () => {
  for (const part of ['train', 'test']) {
    const file = readFileSync(join(import.meta.dirname, '..', `${part}.csv`), 'utf8');
    const { data, errors } = Papa.parse<{ text: string; label: string }>(file, { header: true, skipEmptyLines: true });
    expect(errors).toEqual([]);
    for (const { text } of data) {
      expect(wordsOf(text).length).toBeGreaterThanOrEqual(5);
      expect(text.match(/[\w.+-]+@[\w.-]+\.\w+/g)?.filter((address) => address !== 'name@example.com') ?? []).toEqual(
        [],
      );
    }
  }
});
