import { DeviceFilter, DeviceOrder } from '@sotto/protocol/admin/devices';
import { deviceIdOf } from '@sotto/protocol/ids';
import { type Command, Option } from 'commander';
import { type AdminOptions, addAdminOptions, openAdmin } from '../admin-session.ts';
import { wholeNumber } from '../arguments.ts';
import type { Looking } from '../devices.ts';
import { Failure } from '../failure.ts';

const TASK = ['<task>', 'the task’s id'] as const;
const DEVICES = ['<device...>', 'how their ids begin, or their names'] as const;

/** What the commands are made of loads when one of them is given. */
const load = async ({ url }: AdminOptions) => ({ admin: openAdmin(url), ...(await import('../devices.ts')) });

interface CertifyOptions extends AdminOptions {
  readonly key: string;
  readonly role: 'member' | 'device';
  readonly days: number;
  readonly renew?: true;
  readonly yes?: true;
}

export function addDevice(program: Command): void {
  const device = program.command('device').description('who takes part in a task, and who may sit on its committee');

  addAdminOptions(device.command('list'))
    .description('list devices')
    .argument(...TASK)
    .option('--search <words>', 'in names, owners, platforms, or how an id begins')
    .addOption(new Option('--show <which>', 'only those').choices(DeviceFilter.options))
    .addOption(new Option('--order <what>', 'what to sort by').choices(DeviceOrder.options))
    .option('--reversed', 'the other way round')
    .action(async (task: string, options: AdminOptions & Omit<Looking, 'reversed'> & { reversed?: true }) => {
      const { admin, listDevices, deviceTable } = await load(options);
      const { search, show, order, reversed } = options;
      const looking = {
        ...(search !== undefined && { search }),
        ...(show !== undefined && { show }),
        ...(order !== undefined && { order }),
        ...(reversed && { reversed: 'true' as const }),
      };
      const found = await listDevices(admin, task, looking);
      console.log(options.json ? JSON.stringify(found, null, 2) : deviceTable(found, Date.now()));
    });

  addAdminOptions(device.command('committee'))
    .description('who may sit on the committee, and what speaks against it')
    .argument(...TASK)
    .action(async (task: string, options: AdminOptions) => {
      const { admin, committeeOf, committeeLines } = await load(options);
      const view = await committeeOf(admin, task);
      console.log(options.json ? JSON.stringify(view, null, 2) : committeeLines(view, Date.now()));
    });

  addAdminOptions(device.command('approve'))
    .description('let devices in, also such as were shut out')
    .argument(...TASK)
    .argument(...DEVICES)
    .action(async (task: string, meant: string[], options: AdminOptions) => {
      const { admin, findDevices, decide } = await load(options);
      await decide(admin, task, await findDevices(admin, task, meant), 'admitted');
    });

  addAdminOptions(device.command('revoke'))
    .description('shut devices out, at once; “approve” lets them in again')
    .argument(...TASK)
    .argument(...DEVICES)
    .option('--everywhere', 'of every task there is or will be')
    .action(async (task: string, meant: string[], options: AdminOptions & { readonly everywhere?: true }) => {
      const { admin, findDevices, decide } = await load(options);
      await decide(admin, options.everywhere ? null : task, await findDevices(admin, task, meant), 'revoked');
    });

  addAdminOptions(device.command('name'))
    .description('say what people call a device, and whose it is')
    .argument(...TASK)
    .argument('<device>', 'how its id begins, or its name')
    .option('--name <name>', 'what people call it')
    .option('--owner <owner>', 'who can use it')
    .action(
      async (
        task: string,
        meant: string,
        options: AdminOptions & { readonly name?: string; readonly owner?: string },
      ) => {
        if (options.name === undefined && options.owner === undefined)
          throw new Failure('Nothing to say: give --name, --owner, or both.');
        const { admin, findDevices, nameDevice } = await load(options);
        const [found] = await findDevices(admin, task, [meant]);
        await nameDevice(admin, found!, options);
      },
    );

  addAdminOptions(device.command('certify'))
    .description('vouch for devices with the study key, and hand the certificates to the coordinator')
    .argument(...TASK)
    .argument('[device...]', DEVICES[1])
    .option('--key <file>', 'the study key', 'study-key.json')
    .addOption(new Option('--role <role>', 'what they may do').choices(['member', 'device']).default('member'))
    .option('--days <n>', 'how long the certificates hold', wholeNumber(1, 7), 7)
    .option('--renew', 'all that hold one of this key already')
    .option('--yes', 'their fingerprints have been compared')
    .action(certifyDevices);
}

async function certifyDevices(task: string, meant: string[], options: CertifyOptions): Promise<void> {
  const { role, days, renew = false } = options;
  if (renew === meant.length > 0)
    throw new Failure('Name devices, or give --renew for all that are certified already.');
  const { admin, certify, findDevices, fingerprint, renewable } = await load(options);
  const { loadStudyKey, signerOfStudy } = await import('../study-key.ts');
  const signer = await signerOfStudy(loadStudyKey(options.key));
  if (renew) {
    const held = await renewable(admin, signer, task, role);
    if (held.length === 0) throw new Failure(`Nobody in ${task} holds a certificate for the role ${role}.`);
    const expiry = await certify(
      admin,
      signer,
      held.map(({ key }) => ({ key, task, role })),
      days,
    );
    console.error(`Renewed ${held.length}, until ${new Date(expiry).toISOString()}.`);
    return;
  }
  const devices = await findDevices(admin, task, meant);
  const keys = devices.map(({ device, key }) => {
    if (key === null) throw new Failure(`The key of ${device.slice(0, 16)} is not known: it has never been here.`);
    return key;
  });
  const { agreed } = await import('../passphrase.ts');
  for (const [i, key] of keys.entries())
    console.error(`${fingerprint(deviceIdOf(key))}  ${devices[i]!.name || 'no name'}  ${devices[i]!.owner}`.trimEnd());
  if (!options.yes && !(await agreed('Have you compared these with what the devices themselves show?')))
    throw new Failure('Nobody was certified. Compare the fingerprints with what the devices show, then say --yes.');
  const expiry = await certify(
    admin,
    signer,
    keys.map((key) => ({ key, task, role })),
    days,
  );
  console.error(`Certified ${keys.length}, until ${new Date(expiry).toISOString()}.`);
}
