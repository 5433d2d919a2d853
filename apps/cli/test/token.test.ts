import { join } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { startCoordinator } from '@sotto/coordinator/main';
import { SessionView } from '@sotto/protocol/views';
import { expect, test } from 'vitest';
import { sotto, temporaryFolder } from './command.ts';

test('a link to sign in is made beside a running coordinator, for the address people use, and nowhere else', async () => {
  using folder = temporaryFolder();
  const data = join(folder.path, 'data');
  const refused = await sotto(['token', '--data', data]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("no running coordinator's data folder");
  const settings = { SOTTO_DATA_DIR: data, PORT: '0', SOTTO_LOG: 'silent', SOTTO_PUBLIC_URL: 'https://learn.test' };
  const coordinator = await startCoordinator(readConfig(settings), { pages: folder.path });
  try {
    const made = await sotto(['token', '--data', data, '--role', 'viewer']);
    // The data folder says under which address, whatever this command's own settings are.
    expect(made.stdout).toMatch(/^https:\/\/learn\.test\/admin#token=/);
    const token = /#token=([\w-]+)$/.exec(made.stdout.trim())?.[1];
    const address = `${coordinator.localUrl}/api/admin/session`;
    const headers = { 'content-type': 'application/json' };
    const signedIn = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ token }) });
    const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
    const { person } = SessionView.parse(await (await fetch(address, { headers: { cookie } })).json());
    expect(person).toEqual({ name: 'local viewer', subject: null, role: 'viewer' });
  } finally {
    await coordinator.close();
  }
  expect((await sotto(['token', '--data', data])).stderr).toContain("no running coordinator's data folder");
});
