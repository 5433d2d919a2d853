import { describe, expect, it } from 'vitest';
import { createAsker } from './asker.ts';

function create() {
  const open: { question: string; resolve: (answer: string) => void; reject: (error: Error) => void }[] = [];
  const heard: string[] = [];
  const asker = createAsker<string, string>({
    answer: (question) => new Promise((resolve, reject) => open.push({ question, resolve, reject })),
    onAnswer: (answer, question) => heard.push(`${question}: ${answer}`),
    onFailure: (error) => heard.push(`failed: ${(error as Error).message}`),
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { asker, open, heard, settled };
}

describe('an asker', () => {
  it('asks one thing at a time, and of those that wait the latest', async () => {
    const { asker, open, heard, settled } = create();
    for (const question of ['a', 'b', 'c']) asker.ask(question);
    expect(open.map(({ question }) => question)).toEqual(['a']);
    open[0]!.resolve('1');
    await settled();
    expect(open.map(({ question }) => question)).toEqual(['a', 'c']);
    open[1]!.resolve('2');
    await settled();
    expect(heard).toEqual(['a: 1', 'c: 2']);
  });

  it('goes on after a failure', async () => {
    const { asker, open, heard, settled } = create();
    asker.ask('a');
    open[0]!.reject(new Error('no'));
    await settled();
    asker.ask('b');
    open[1]!.resolve('yes');
    await settled();
    expect(heard).toEqual(['failed: no', 'b: yes']);
  });

  it('says nothing of what was forgotten, and answers what comes after', async () => {
    const { asker, open, heard, settled } = create();
    asker.ask('a');
    asker.ask('b');
    asker.forget();
    asker.ask('c');
    open[0]!.resolve('1');
    await settled();
    open[1]!.resolve('3');
    await settled();
    expect(heard).toEqual(['c: 3']);
  });
});
