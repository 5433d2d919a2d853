import { type Config, readConfig } from '@sotto/coordinator/config';
import { StartError } from '@sotto/coordinator/start-error';
import { reasonOf } from '../failure.ts';
import { ENGINE_CHECKS } from './engine-checks.ts';
import { type Check, type Finding, fail, ok } from './finding.ts';
import { machineChecks } from './machine-checks.ts';
import { serviceChecks } from './service-checks.ts';

export interface Found extends Finding {
  readonly check: string;
}

/** Everything there is to look at, one thing after the other; `url` is a coordinator that runs already. */
export async function* examine(
  environment: Readonly<Record<string, string | undefined>>,
  url: string | undefined,
): AsyncGenerator<Found> {
  for (const check of ENGINE_CHECKS) yield look(check);
  let config: Config | undefined;
  yield look({
    name: 'settings',
    look() {
      config = readConfig(environment);
      return ok('every variable is known and can be used');
    },
  });
  // What the settings should be, nobody knows while they cannot be read.
  if (config === undefined) return;
  for (const check of [...machineChecks(config), ...serviceChecks(config, url)]) yield look(check);
}

async function look(check: Check): Promise<Found> {
  try {
    return { check: check.name, ...(await check.look()) };
  } catch (error) {
    return { check: check.name, ...fail(error instanceof StartError ? error.message : reasonOf(error)) };
  }
}
