import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { origin } from '../arguments.ts';
import { Failure } from '../failure.ts';

interface Place {
  readonly origin: string;
  /** Of the one-time link that was given as address. */
  readonly token: string | null;
}

/** An address, or the whole one-time link. */
function place(text: string): Place {
  const [, token = null] = /#token=([\w-]+)$/.exec(text) ?? [];
  if (text.includes('#') && token === null)
    throw new InvalidArgumentError('It must be an address, or a whole one-time link that ends in #token=….');
  return { origin: origin(text), token };
}

export function addLogin(program: Command): void {
  program
    .command('login')
    .description('log in to a coordinator, for all commands that ask one')
    .addOption(
      new Option('--url <address>', 'where the coordinator is, or the whole one-time link')
        .argParser(place)
        .makeOptionMandatory()
        .env('SOTTO_URL'),
    )
    .addOption(
      new Option(
        '--token <token>',
        'the one-time token that it printed, or “sotto token” (default: that of the link, else it is asked for)',
      ).env('SOTTO_TOKEN'),
    )
    .action(async ({ url, token }: { url: Place; token?: string }) => {
      const { logIn } = await import('../admin-session.ts');
      const given = token ?? url.token ?? (await askForToken());
      const person = await logIn(url.origin, tokenIn(given));
      console.error(`Logged in to ${url.origin} as ${person.name}, ${person.role}.`);
    });

  program
    .command('logout')
    .description('end a login')
    .addOption(
      new Option('--url <address>', 'the coordinator (default: the one that was logged in to last)')
        .argParser(origin)
        .env('SOTTO_URL'),
    )
    .action(async ({ url }: { url?: string }) => {
      const { logOut } = await import('../admin-session.ts');
      const { url: left, ended } = await logOut(url);
      console.error(
        ended
          ? `Logged out of ${left}.`
          : `The login at ${left} is forgotten here. The coordinator did not answer: there it lapses within a week.`,
      );
    });
}

/** The whole link is as good as the token in it. */
function tokenIn(text: string): string {
  return text.trim().replace(/^.*#token=/, '');
}

/** From the keyboard, or the first line of what is piped in. */
async function askForToken(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY });
  if (process.stdin.isTTY) process.stderr.write('One-time token, or the link with it: ');
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new Failure('There is no token. “sotto token” on the coordinator’s machine makes one.');
}
