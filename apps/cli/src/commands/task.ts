import { type Command, Option } from 'commander';
import { type AdminOptions, addAdminOptions, openAdmin } from '../admin-session.ts';
import { wholeNumber } from '../arguments.ts';
import { formatBytes } from '../table.ts';
import type { ImportOptions } from '../task-commands.ts';

const TASK = ['<task>', 'the task’s id'] as const;
const PATH = ['<path>', 'a task’s folder, or a zip file of an exported one'] as const;
const REVISIONS = 1_000_000;

/** What the commands are made of loads when one of them is given. */
const load = async (options: AdminOptions) => ({
  admin: openAdmin(options.url),
  ...(await import('../task-commands.ts')),
});

/** One JSON text, or the lines for people. */
function print(options: AdminOptions, value: unknown, lines: () => string): void {
  console.log(options.json ? JSON.stringify(value, null, 2) : lines());
}

const revisionOption = (words: string) => new Option('--revision <n>', words).argParser(wholeNumber(1, REVISIONS));

/** Overwrites its own line, where somebody looks on. */
function tell(sent: number, size: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${formatBytes(sent)} of ${formatBytes(size)}${sent === size ? '\n' : ''}`);
}

function addImportOptions(command: Command): Command {
  return addAdminOptions(command)
    .argument(...PATH)
    .option('--id <name>', 'its id, if not the one it has')
    .option('--no-sample', 'leave its training examples out: it then has no sample data');
}

export function addTask(program: Command): void {
  const task = program.command('task').description('what is learned: tasks and their revisions');

  addAdminOptions(task.command('list'))
    .description('list the tasks')
    .option('--archived', 'archived ones, too')
    .action(async (options: AdminOptions & { readonly archived?: true }) => {
      const { admin, listTasks, taskTable } = await load(options);
      const found = await listTasks(admin, options.archived === true);
      print(options, found, () => taskTable(found));
    });

  addAdminOptions(task.command('show'))
    .description('what a task is, and who changed what in it')
    .argument(...TASK)
    .addOption(revisionOption('as it was then (default: as it is)'))
    .action(async (id: string, options: AdminOptions & { readonly revision?: number }) => {
      const { admin, showTask, taskLines } = await load(options);
      const shown = await showTask(admin, id, options.revision);
      print(options, shown, () => taskLines(shown));
    });

  addAdminOptions(task.command('export'))
    .description('write a task into a folder that can be kept in git, or into a zip file; the same bytes each time')
    .argument(...TASK)
    .requiredOption('--out <path>', 'the folder, or a file that ends in .zip')
    .addOption(revisionOption('as it was then (default: as it is)'))
    .action(async (id: string, options: AdminOptions & { readonly out: string; readonly revision?: number }) => {
      const { admin, exportTask } = await load(options);
      const files = await exportTask(admin, id, options.out, options.revision);
      print(options, { files }, () => files.join('\n'));
    });

  addImportOptions(task.command('import'))
    .description('make a task, or its next revision, of a folder or zip file')
    .addOption(
      new Option('--from <revision>', 'refuse unless the task is at this revision').argParser(
        wholeNumber(1, REVISIONS),
      ),
    )
    .action(async (path: string, options: AdminOptions & ImportOptions) => {
      const { admin, importTask, readTask } = await load(options);
      const saved = await importTask(admin, await readTask(path), options, tell);
      print(options, saved, () => `Task ${saved.id} is at revision ${saved.revision}: ${admin.url}/t/${saved.id}`);
    });

  addImportOptions(task.command('check'))
    .description(
      'build the model of a folder’s or zip file’s task and judge it on the held-out examples; saves nothing',
    )
    .action(async (path: string, options: AdminOptions & ImportOptions) => {
      const { admin, checkTask, checkLines, readTask } = await load(options);
      const check = await checkTask(admin, await readTask(path), options, tell);
      print(options, check, () => checkLines(check));
    });

  addAdminOptions(task.command('copy'))
    .description('make a task of your own that begins as another one is')
    .argument(...TASK)
    .argument('<to>', 'the id of the copy')
    .option('--title <title>', 'its title (default: that of the other)')
    .action(async (id: string, to: string, options: AdminOptions & { readonly title?: string }) => {
      const { admin, copyTask } = await load(options);
      const copy = await copyTask(admin, id, to, options.title);
      print(options, copy, () => `Task ${copy.id} is made: ${admin.url}/t/${copy.id}`);
    });

  addAdminOptions(task.command('archive'))
    .description('put a task away: nobody takes part any more, and what was learned stays')
    .argument(...TASK)
    .action(async (id: string, options: AdminOptions) => {
      const { admin, archiveTask } = await load(options);
      const archived = await archiveTask(admin, id);
      print(options, archived, () => `Task ${id} is archived. “sotto task restore ${id}” takes it out again.`);
    });

  addAdminOptions(task.command('restore'))
    .description('take a task out again that was archived')
    .argument(...TASK)
    .action(async (id: string, options: AdminOptions) => {
      const { admin, restoreTask } = await load(options);
      const restored = await restoreTask(admin, id);
      print(options, restored, () => `Task ${id} is there again: ${admin.url}/t/${id}`);
    });
}
