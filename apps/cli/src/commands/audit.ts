import { AuditPage } from '@sotto/protocol/views';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AdminOptions, addAdminOptions, openAdmin } from '../admin-session.ts';
import { wholeNumber } from '../arguments.ts';
import { writeWhole } from '../json-file.ts';

interface Filter {
  readonly who?: string;
  readonly action?: string;
  readonly search?: string;
  readonly since?: number;
  readonly until?: number;
}

/** Adds what chooses entries, the same for all commands. */
function addFilter(command: Command): Command {
  return addAdminOptions(command)
    .option('--who <name>', 'by this person')
    .option('--action <words>', 'whose action begins so, such as “start run”')
    .option('--search <text>', 'with this text anywhere')
    .option('--since <time>', 'from this time on, such as 2026-05-04 or 2026-05-04T12:00Z', time)
    .option('--until <time>', 'before this time', time);
}

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('who did what on the admin pages and in the shell, and when');

  addFilter(audit.command('list'))
    .description('list entries, the newest first')
    .addOption(new Option('--most <n>', 'at the most').argParser(wholeNumber(1, 200)).default(50))
    .action(async (options: AdminOptions & Filter & { readonly most: number }) => {
      const admin = openAdmin(options.url);
      const query = queryOf(options);
      query.set('most', String(options.most));
      const page = await admin.get(AuditPage, `/api/admin/audit?${query}`);
      if (options.json) return console.log(JSON.stringify(page, null, 2));
      for (const { at, who, action, detail } of page.entries)
        console.log(`${new Date(at).toISOString()}  ${plain(who)}  ${plain(action)}  ${plain(JSON.stringify(detail))}`);
      if (page.entries.length === 0) console.log('There is no such entry.');
    });

  addFilter(audit.command('export'))
    .description('save every entry that fits')
    .addOption(new Option('--format <format>', 'how').choices(['csv', 'jsonl']).default('csv'))
    .option('--out <file>', 'where to (default: audit-log, here)')
    .action(async (options: AdminOptions & Filter & { readonly format: 'csv' | 'jsonl'; readonly out?: string }) => {
      const query = queryOf(options);
      query.set('format', options.format);
      const file = options.out ?? `audit-log.${options.format}`;
      writeWhole(file, await openAdmin(options.url).bytes(`/api/admin/audit/export?${query}`));
      console.log(options.json ? JSON.stringify({ file }, null, 2) : file);
    });
}

function queryOf({ who, action, search, since, until }: Filter): URLSearchParams {
  const given = Object.entries({ who, action, search, since, until });
  return new URLSearchParams(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}

/** What people wrote may hold anything, and a terminal obeys some of it. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}

function time(text: string): number {
  const at = Date.parse(text);
  if (Number.isSafeInteger(at) && at >= 0) return at;
  throw new InvalidArgumentError('It must be a date or time, such as 2026-05-04 or 2026-05-04T12:00Z.');
}
