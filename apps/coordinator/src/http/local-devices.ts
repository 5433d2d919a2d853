import { type Rejection, reject } from '@sotto/protocol/rejection';

export interface DeviceRequest {
  readonly task: string;
  readonly count: number;
  /** How the training data are dealt to them. */
  readonly shard: 'iid' | 'label';
  /** The code that lets them in, where the task asks for one. */
  readonly invite: string | null;
}

/** Headless participants under way; whoever supplies them says which device ids they turned out to have. */
export interface StartedDevices {
  ids(): Iterable<string>;
  stop(): Promise<void>;
}

/** Starts headless participants of the coordinator at `url` on this machine. */
export type StartDevices = (request: DeviceRequest & { readonly url: string }) => Promise<StartedDevices>;

/** The devices that this coordinator started on its own machine. */
export interface LocalDevices {
  start(request: DeviceRequest): Promise<Rejection<'no_local_devices'> | undefined>;
  stop(): Promise<void>;
  ids(): Set<string>;
}

export function createLocalDevices(startDevices: StartDevices | undefined, url: () => string): LocalDevices {
  const started = new Set<StartedDevices>();
  return {
    async start(request) {
      if (!startDevices)
        return reject('no_local_devices', 'This coordinator cannot start devices. Start them with “sotto join”.');
      started.add(await startDevices({ ...request, url: url() }));
      return undefined;
    },
    async stop() {
      const all = [...started];
      started.clear();
      await Promise.all(all.map((devices) => devices.stop()));
    },
    ids: () => new Set([...started].flatMap((devices) => [...devices.ids()])),
  };
}
