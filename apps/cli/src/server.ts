import { resolve } from 'node:path';
import { readConfig } from '@sotto/coordinator/config';
import { createLog } from '@sotto/coordinator/log';
import { type Coordinator, startCoordinator } from '@sotto/coordinator/main';
import { formatInvite, OPEN_PINS } from '@sotto/protocol/invite';
import { pino } from 'pino';
import { showDemo } from './demo.ts';
import { startDevices } from './local-devices.ts';
import { createMeasurements } from './simulation/measurements.ts';
import { untilToldToStop } from './stop-signal.ts';

export interface StartOptions {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly demo?: true;
  readonly exit?: true;
}

/** A coordinator until it is told to stop. Flags stand above the environment; what they say is checked alike. */
export async function runServer({ port, host, data, demo, exit }: StartOptions): Promise<void> {
  const stopped = untilToldToStop();
  const config = readConfig({
    ...process.env,
    ...(port !== undefined && { PORT: port }),
    ...(host !== undefined && { HOST: host }),
    ...(data !== undefined && { SOTTO_DATA_DIR: data }),
    // Whoever sits at a terminal is told what matters in words; the log is for machines.
    SOTTO_LOG: process.env.SOTTO_LOG || (demo || process.stderr.isTTY ? 'warn' : 'info'),
  });
  const measurements = createMeasurements();
  await using endings = new AsyncDisposableStack();
  const coordinator = await startCoordinator(config, {
    startDevices,
    logger: createLog(config.log, pino.destination({ fd: 2, sync: true })),
    ...(demo && { onOpened: measurements.opened }),
  });
  endings.defer(() => coordinator.close());
  const folder = resolve(config.dataDir);
  const told = addresses(coordinator, config.studyKey, folder);
  if (demo) {
    // Those who want to watch need the addresses now, those who want to go on need them in the end.
    console.log(`${told}\n`);
    const shown = showDemo(coordinator, measurements, folder, endings);
    const done = await Promise.race([shown.then(() => true), stopped.then(() => false)]);
    if (exit || !done) return;
  }
  console.log(told);
  await stopped;
  console.log('Stopping.');
}

function addresses(coordinator: Coordinator, studyKey: string | null, folder: string): string {
  const { url, tasks, adminToken, coordinatorKey } = coordinator;
  // With a study key there is something to insist on; without, a plain link is all there is to give.
  const fragment = studyKey === null ? '' : formatInvite({ ...OPEN_PINS, studyKey, coordinator: coordinatorKey });
  return [
    `Sotto is running at ${url}. Ctrl-C stops it.`,
    '',
    ...[...tasks.values()].map(({ manifest: { id, title } }) => `  ${title}: ${url}/t/${id}${fragment}`),
    `  Admin (the link is good once): ${url}/admin#token=${adminToken}`,
    '',
    `Data: ${folder}`,
  ].join('\n');
}
