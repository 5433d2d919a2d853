import { StudyKeyChange, StudyKeyView } from '@sotto/protocol/admin/study';
import { type Command, Option } from 'commander';
import { type AdminOptions, addAdminOptions, openAdmin } from '../admin-session.ts';
import { publicKey, wholeNumber } from '../arguments.ts';
import { Failure } from '../failure.ts';
import { writeJson } from '../json-file.ts';

const KEY_FILE = 'study-key.json';
const AT = '/api/admin/study-key';

interface CertifyOptions {
  readonly key: string;
  readonly device: readonly string[];
  readonly task: string;
  readonly role: 'member' | 'device';
  readonly days: number;
  readonly out?: string;
}

interface FileOptions {
  readonly key: string;
  readonly out: string;
  readonly passphraseFile?: string;
}

export function addStudy(program: Command): void {
  const study = program
    .command('study')
    .description('the key that vouches for committee members; keep it off the server');

  study
    .command('init')
    .description('make a study key')
    .option('--out <file>', 'where it is kept', KEY_FILE)
    .action(async ({ out }: { out: string }) => {
      const { createStudyKey, saveStudyKey } = await import('../study-key.ts');
      const key = createStudyKey();
      saveStudyKey(out, key);
      console.log(key.publicKey);
      console.error(
        `The study key is in ${out}; above is its public half. Keep the file off the server, save a backup with “sotto study export”, and give the coordinator the public half with “sotto study use”.`,
      );
    });

  study
    .command('show')
    .description('print the public half of a study key')
    .option('--key <file>', 'where it is kept', KEY_FILE)
    .action(async ({ key }: { key: string }) => {
      const { loadStudyKey } = await import('../study-key.ts');
      console.log(loadStudyKey(key).publicKey);
    });

  study
    .command('export')
    .description('save a backup under a passphrase, which the page “Study key” takes, too')
    .option('--key <file>', 'the study key', KEY_FILE)
    .option('--out <file>', 'the backup', 'study-key-backup.json')
    .option('--passphrase-file <file>', 'begins with the passphrase; else it is asked for')
    .action(async ({ key, out, passphraseFile }: FileOptions) => {
      const { loadStudyKey, saveBackup } = await import('../study-key.ts');
      const { readPassphrase } = await import('../passphrase.ts');
      const held = loadStudyKey(key);
      await saveBackup(out, held, await readPassphrase(passphraseFile, true));
      console.error(`The backup is in ${out}. Without its passphrase it opens for nobody.`);
    });

  study
    .command('import')
    .description('take a study key out of its backup')
    .argument('<backup>', 'a file of “sotto study export”, or of the page “Study key”')
    .option('--out <file>', 'where the key is kept from now on', KEY_FILE)
    .option('--passphrase-file <file>', 'begins with the passphrase; else it is asked for')
    .action(async (backup: string, { out, passphraseFile }: FileOptions) => {
      const { openBackup, readBackup, saveStudyKey } = await import('../study-key.ts');
      const { readPassphrase } = await import('../passphrase.ts');
      const read = readBackup(backup);
      const key = await openBackup(read, await readPassphrase(passphraseFile, false));
      saveStudyKey(out, key);
      console.log(key.publicKey);
    });

  addAdminOptions(study.command('use'))
    .description('give a coordinator the public half of the study key, or none; without a key say which it has')
    .argument('[key]', 'the public half, or none', (text) => (text === 'none' ? text : publicKey(text)))
    .option('--replaces <key>', 'the key that it has now, where it has one', publicKey)
    .action(async (key: string | undefined, options: AdminOptions & { readonly replaces?: string }) => {
      const admin = openAdmin(options.url);
      const change = { key: key === 'none' ? null : key, replaces: options.replaces ?? null };
      const view =
        key === undefined
          ? await admin.get(StudyKeyView, AT)
          : await admin.send('PUT', AT, StudyKeyChange.parse(change), StudyKeyView);
      console.log(options.json ? JSON.stringify(view, null, 2) : (view.key ?? 'none'));
    });

  study
    .command('certify')
    .description(
      'vouch for a device without asking a coordinator: it may sit on the committee of a task, or take part where only certified devices may',
    )
    .option('--key <file>', 'the study key', KEY_FILE)
    .requiredOption(
      '--device <key...>',
      'public keys of devices, as “sotto join” and the admin page show them',
      (text, before: readonly string[] | undefined) => [...(before ?? []), publicKey(text)],
    )
    .requiredOption('--task <name>', 'the task it is vouched for in')
    .addOption(new Option('--role <role>', 'what it may do').choices(['member', 'device']).default('member'))
    .option('--days <n>', 'how long the certificate holds', wholeNumber(1, 7), 7)
    .option('--out <file>', 'write the certificate to this file')
    .action(certify);
}

async function certify({ key, device, task, role, days, out }: CertifyOptions): Promise<void> {
  if (out !== undefined && device.length > 1) throw new Failure('--out goes with a single --device.');
  const { loadStudyKey, signerOfStudy } = await import('../study-key.ts');
  const { issueCertificate } = await import('@sotto/protocol/certificate');
  const signer = await signerOfStudy(loadStudyKey(key));
  // The longest a certificate may hold is counted by whoever checks it, whose clock may be a little behind.
  const expiry = Date.now() + days * 24 * 3_600_000 - 60_000;
  const certificates = await Promise.all(
    device.map((each) => issueCertificate(signer, { key: each, task, role, expiry })),
  );
  if (out !== undefined) writeJson(out, certificates[0]);
  else for (const certificate of certificates) console.log(JSON.stringify(certificate, null, 2));
}
