import { createParticipant, type Participant, type ParticipantPorts } from '@sotto/participant/participant';
import { createSocketTransport } from '@sotto/participant/transport/socket';
import { createMemoryVault } from '@sotto/participant/vault/memory';
import { OPEN_PINS } from '@sotto/protocol/invite';

/** A device that is there for the committee, over a real socket, and comes before any round: it has nothing to seal or learn with. */
export async function connectIdleDevice(url: string, task: string, platform: string): Promise<Participant> {
  const never = async () => Promise.reject(new Error('there is no round for this device'));
  const ports: ParticipantPorts = {
    transport: createSocketTransport(url),
    vault: createMemoryVault(),
    trainer: { train: never, cancel() {} },
    sealer: { seal: never, check: never, open: never },
    clock: { now: Date.now, at: () => () => {}, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  };
  const about = () => ({ platform, agent: 'Node 24', backend: null, version: '0.1.0' });
  const participant = await createParticipant({ task, pins: OPEN_PINS, data: null, about }, ports);
  await participant.join();
  return participant;
}
