import { type Command, Option } from 'commander';
import { origin, publicKey, wholeNumber } from '../arguments.ts';
import { Failure } from '../failure.ts';
import { writeJson } from '../json-file.ts';

const KEY_FILE = 'study-key.json';

interface CertifyOptions {
  readonly key: string;
  readonly device: readonly string[];
  readonly task: string;
  readonly role: 'member' | 'device';
  readonly days: number;
  readonly out?: string;
  readonly url?: string;
  readonly token?: string;
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
        `The study key is in ${out}; above is its public half. Keep the file off the server, and start the coordinator with SOTTO_STUDY_KEY set to the public half.`,
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
    .command('certify')
    .description(
      'vouch for a device: it may sit on the committee of a task, or take part where only certified devices may',
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
    .option('--url <address>', 'hand the certificate to the coordinator at this address', origin)
    .option('--token <token>', 'the one-time admin token it printed when it started')
    .action(certify);
}

async function certify({ key, device, task, role, days, out, url, token }: CertifyOptions): Promise<void> {
  if ((url === undefined) !== (token === undefined)) throw new Failure('--url and --token go together.');
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
  if (url !== undefined && token !== undefined) {
    const { createCoordinatorApi } = await import('../coordinator-api.ts');
    await createCoordinatorApi(url).postAsAdmin(token, '/api/admin/certificates', certificates);
    console.error(`The coordinator at ${url} keeps what was certified, until ${new Date(expiry).toISOString()}.`);
  }
  if (out === undefined && url === undefined)
    for (const certificate of certificates) console.log(JSON.stringify(certificate, null, 2));
}
