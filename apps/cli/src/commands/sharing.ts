import { TRUST, type Trust } from '@sotto/protocol/admin/link';
import { TaskAdmission } from '@sotto/protocol/admission';
import { Done } from '@sotto/protocol/messages';
import { Argument, type Command, Option } from 'commander';
import { z } from 'zod';
import { type AdminOptions, addAdminOptions, openAdmin } from '../admin-session.ts';
import { numberWithin, wholeNumber } from '../arguments.ts';

const TASK = ['<task>', 'the task’s id'] as const;

interface InviteOptions extends AdminOptions {
  readonly label: string;
  readonly uses: number;
  readonly days: number;
  readonly forEver?: true;
  readonly trust?: Trust;
}

const load = async ({ url }: AdminOptions) => ({ admin: openAdmin(url), ...(await import('../sharing.ts')) });
const trustOption = () =>
  new Option('--trust <whom>', 'whom devices with the link trust (default: the study key, where there is one)').choices(
    TRUST,
  );

/** What is shared of a task, and with whom: commands of `sotto task` and `sotto device`. */
export function addSharing(program: Command): void {
  const of = (name: string) => program.commands.find((command) => command.name() === name)!;
  addTaskSharing(of('task'));
  addLocalDevices(of('device'));
}

function addTaskSharing(task: Command): void {
  addAdminOptions(task.command('link'))
    .description('print the link by which devices come to a task')
    .argument(...TASK)
    .addOption(trustOption())
    .action(async (id: string, options: AdminOptions & { readonly trust?: Trust }) => {
      const { admin, linkOf } = await load(options);
      const link = await linkOf(admin, id, options.trust, null);
      console.log(options.json ? JSON.stringify({ link }, null, 2) : link);
    });

  addAdminOptions(task.command('admit'))
    .description('say or choose whom a task lets in; holds at once, also for those that are connected')
    .argument(...TASK)
    .addArgument(new Argument('[whom]', 'default: say who is let in now').choices(TaskAdmission.options))
    .action(async (id: string, whom: TaskAdmission | undefined, options: AdminOptions) => {
      const { admin, admissionOf, admissionLines } = await load(options);
      const path = `/api/admin/tasks/${encodeURIComponent(id)}/admission`;
      if (whom !== undefined) await admin.send('PUT', path, { admission: whom }, Done);
      const view = await admissionOf(admin, id);
      console.log(options.json ? JSON.stringify(view, null, 2) : admissionLines(view, Date.now()));
    });

  addAdminOptions(task.command('invite'))
    .description('make an invite code, and print the link that holds it; it is not shown again')
    .argument(...TASK)
    .option('--label <text>', 'whom it is for; only admins see that', '')
    .option('--uses <n>', 'devices that it lets in', wholeNumber(1, 100_000), 1)
    .option('--days <n>', 'how long it holds', numberWithin(0.001, 36_500), 7)
    .addOption(new Option('--for-ever', 'it holds until it is revoked').conflicts('days'))
    .addOption(trustOption())
    .action(async (id: string, options: InviteOptions) => {
      const { admin, linkOf, makeInvite } = await load(options);
      const { label, uses, trust } = options;
      // Before a code is made that nobody would be told of.
      await linkOf(admin, id, trust, null);
      const made = await makeInvite(admin, id, { label, uses, days: options.forEver ? null : options.days });
      const link = await linkOf(admin, id, trust, made.code);
      console.log(options.json ? JSON.stringify({ ...made, link }, null, 2) : link);
    });

  addAdminOptions(task.command('uninvite'))
    .description('revoke an invite code')
    .argument(...TASK)
    .argument('<invite>', 'how its digest begins, as “sotto task admit TASK” shows it')
    .option('--devices', 'and shut out the devices that it let in')
    .action(async (id: string, start: string, options: AdminOptions & { readonly devices?: true }) => {
      const { admin, inviteBeginning } = await load(options);
      const invite = await inviteBeginning(admin, id, start);
      const path = `/api/admin/invites/${invite}?devices=${options.devices ?? false}`;
      const { devices } = await admin.send('DELETE', path, undefined, z.strictObject({ devices: z.number().int() }));
      console.log(options.json ? JSON.stringify({ invite, devices }) : `revoked; devices shut out: ${devices}`);
    });
}

function addLocalDevices(device: Command): void {
  addAdminOptions(device.command('launch'))
    .description('start headless devices on the coordinator’s own machine, with parts of the sample data')
    .argument(...TASK)
    .option('--count <n>', 'how many', wholeNumber(1, 64), 3)
    .addOption(new Option('--by <way>', 'how the data are dealt').choices(['iid', 'label']).default('iid'))
    .action(async (task: string, options: AdminOptions & { readonly count: number; readonly by: string }) => {
      const { count, by } = options;
      await openAdmin(options.url).send('POST', '/api/admin/devices', { task, count, shard: by }, Done);
      if (options.json) console.log(JSON.stringify({ task, count }));
      else console.error(`${count} more devices take part in ${task} on the coordinator’s machine.`);
    });

  addAdminOptions(device.command('dismiss'))
    .description('stop all devices that were started on the coordinator’s own machine')
    .action(async (options: AdminOptions) => {
      const done = await openAdmin(options.url).send('DELETE', '/api/admin/devices', undefined, Done);
      if (options.json) console.log(JSON.stringify(done));
      else console.error('The coordinator has stopped the devices on its machine.');
    });
}
