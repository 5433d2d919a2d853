import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainingError } from '@sotto/learner/training-error';
import { reject } from '@sotto/protocol/rejection';
import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import english from './en/index.ts';
import { describeProblem, KINDS, problemOf } from './problem.ts';
import type { Words } from './words.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/** Where refusals and failures come from that reach a participant's page. */
const SOURCES = [
  // Records are checked for whoever runs a study, not for participants.
  'packages/participant/src/**/!(evidence-*).ts',
  'packages/fl-core/src/round/{contribution,coordinator,member}.ts',
  'apps/coordinator/src/{desk,border,socket}/**/*.ts',
  'apps/coordinator/src/{draining,unavailable}.ts',
  'apps/web/src/session/*.ts',
  'apps/web/src/api/request.ts',
  'packages/protocol/src/{admission,invite}.ts',
];

const CODE = /\b(?:reject|RequestError)\(\s*'([a-z_]+)'|\brefuse\(\s*\w+,\s*'([a-z_]+)'|\brejected: '([a-z_]+)'/g;

function codesIn(text: string): string[] {
  return [...text.matchAll(CODE)].map(([, a, b, c]) => (a ?? b ?? c)!);
}

/** The members of `export type <name> = | 'a' | 'b' …;` */
function membersOf(file: string, name: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const [, body = ''] = text.split(`export type ${name} =`);
  return [...body.slice(0, body.indexOf(';')).matchAll(/'([a-z_]+)'/g)].map(([, code]) => code!);
}

async function wordsOf(): Promise<Words<'problems'>> {
  const instance = createInstance();
  await instance.init({ lng: 'en', ns: ['problems'], resources: { en: english } });
  return instance.getFixedT(null, 'problems') as Words<'problems'>;
}

describe('what a participant’s page may be told', () => {
  const told = new Set(
    SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).flatMap((file) =>
      codesIn(readFileSync(join(ROOT, file), 'utf8')),
    ),
  );
  const failures = membersOf('packages/learner/src/training-error.ts', 'TrainingErrorCode');

  it('is found in the sources', () => {
    expect(told.size).toBeGreaterThan(50);
    expect(failures).toContain('not_finite');
  });

  it.each([...new Set([...told, ...failures])].sort())('%s has words of its own in every language', (code) => {
    expect(Object.keys(KINDS)).toContain(code);
  });

  it('is explained, with what to do', async () => {
    const t = await wordsOf();
    for (const kind of Object.values(KINDS)) {
      const { title, todo } = english.problems[kind];
      const rejected = Object.keys(KINDS).find((code) => KINDS[code] === kind)!;
      expect(describeProblem(t, { rejected })).toEqual({ title, todo });
      expect(title.length * todo.length).toBeGreaterThan(0);
    }
  });

  it('is called unknown when the code is new, and never told in the program’s own words', async () => {
    const t = await wordsOf();
    for (const rejected of ['full_moon', 'constructor'])
      expect(describeProblem(t, { rejected })).toEqual(english.problems.unknown);
  });

  it('has the code of what was thrown, and its message', () => {
    expect(problemOf(new TrainingError('worker_gone', 'It ended.'))).toEqual(reject('worker_gone', 'It ended.'));
    expect(problemOf(new DOMException('No room.', 'QuotaExceededError'))).toEqual(reject('unexpected', 'No room.'));
    expect(problemOf('odd')).toEqual(reject('unexpected', 'odd'));
  });
});
