import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Addresses = z.strictObject({
  /** Where it listens on this machine. */
  local: z.string(),
  /** Where people reach it. */
  public: z.string(),
});

const fileIn = (dataDir: string) => join(dataDir, 'addresses.json');

/** Leaves word in the data folder, for commands beside the coordinator that do not know its settings. @returns what ends that */
export function tellAddresses(dataDir: string, addresses: z.infer<typeof Addresses>): () => void {
  writeFileSync(fileIn(dataDir), JSON.stringify(addresses));
  return () => rmSync(fileIn(dataDir), { force: true });
}

/** Of the coordinator that runs on this data folder, or was killed there; undefined when there is none. */
export function readAddresses(dataDir: string): z.infer<typeof Addresses> | undefined {
  try {
    return Addresses.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
