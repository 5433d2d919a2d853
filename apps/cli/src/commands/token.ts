import { type Command, Option } from 'commander';

interface TokenOptions {
  readonly data?: string;
  readonly role: 'admin' | 'viewer';
}

export function addToken(program: Command): void {
  program
    .command('token')
    .description('make a one-time link to sign in to a coordinator that runs on this machine')
    .option('--data <folder>', 'the coordinator’s data folder (SOTTO_DATA_DIR)')
    .addOption(
      new Option('--role <role>', 'what whoever opens it may do').choices(['admin', 'viewer']).default('admin'),
    )
    .action(makeToken);
}

async function makeToken({ data, role }: TokenOptions): Promise<void> {
  const { makeSignInToken, TOKEN_MS } = await import('@sotto/coordinator/sign-in/tokens');
  const { findNeighbour } = await import('../neighbour.ts');
  const { dataDir, publicUrl } = findNeighbour(data);
  const token = makeSignInToken(dataDir, role, Date.now() + TOKEN_MS);
  console.log(`${publicUrl}/admin#token=${token}`);
  console.error(`Good once, for ${TOKEN_MS / 60_000} minutes, as ${role}.`);
}
