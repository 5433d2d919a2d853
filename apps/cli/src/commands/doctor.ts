import type { Command } from 'commander';
import { origin } from '../arguments.ts';
import { Failure } from '../failure.ts';
import { expectWritable, writeJson } from '../json-file.ts';

const MARKS = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' } as const;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look whether this machine can run a coordinator, with the settings of the environment')
    .option('--url <address>', 'also ask a coordinator that is running', origin)
    .option('--json <file>', 'write what was found')
    .action(async ({ url, json }: { url?: string; json?: string }) => {
      if (json !== undefined) expectWritable(json);
      const { examine } = await import('../doctor/examination.ts');
      const found: Awaited<ReturnType<ReturnType<typeof examine>['next']>>['value'][] = [];
      for await (const finding of examine(process.env, url)) {
        found.push(finding);
        console.log(`${MARKS[finding.level]}  ${finding.check}: ${finding.says}`);
      }
      if (json !== undefined) writeJson(json, { findings: found });
      const failed = found.filter((finding) => finding.level === 'fail').length;
      if (failed > 0) throw new Failure(`${failed} of ${found.length} checks failed.`);
    });
}
