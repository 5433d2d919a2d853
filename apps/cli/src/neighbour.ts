import { resolve } from 'node:path';
import { readAddresses } from '@sotto/coordinator/address-file';
import { readConfig } from '@sotto/coordinator/config';
import { Failure, reasonOf } from './failure.ts';

export interface Neighbour {
  readonly dataDir: string;
  /** Where commands on this machine reach it. */
  readonly url: string;
  readonly publicUrl: string;
}

/** The coordinator that runs beside this command, by its data folder alone. @throws Failure when none does */
export function findNeighbour(data: string | undefined): Neighbour {
  const { dataDir } = readConfig({ ...process.env, ...(data !== undefined && { SOTTO_DATA_DIR: data }) });
  const path = resolve(dataDir);
  let addresses: ReturnType<typeof readAddresses>;
  try {
    addresses = readAddresses(path);
  } catch (error) {
    throw new Failure(`${path} cannot be read (${reasonOf(error)}). Run this command as the coordinator’s user.`);
  }
  if (!addresses)
    throw new Failure(
      `${path} is no running coordinator's data folder. Give --data, or set SOTTO_DATA_DIR as for the start.`,
    );
  // Not by way of a proxy, if there is one; with TLS of its own, under the name its certificate is for.
  const url = addresses.local.startsWith('https:') ? addresses.public : addresses.local;
  return { dataDir: path, url, publicUrl: addresses.public };
}
