import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import type { Status } from '@sotto/protocol/run';
import { TaskView } from '@sotto/protocol/views';
import { messageOf } from '../../src/error-message.ts';
import type { OpenApi } from '../../src/http/openapi.ts';
import { PLOTS } from '../crash/plots.ts';
import type { Plot, Stage } from '../crash/script.ts';
import { play } from '../crash/stage.ts';
import { type CallerPorts, callRaw, callRoute } from './caller.ts';
import { type Chance, createChance } from './chance.ts';
import { decodersOf } from './decoders.ts';
import { overhear } from './overheard.ts';
import { keepSilent } from './silence.ts';
import { newSigner, visitAsStranger } from './stranger.ts';

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Connections that are opened besides and say nothing. */
  readonly silent?: number;
  readonly onProgress?: (inputs: number, published: number) => void;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly crashes: number;
  /** It hangs, or the machine is too slow. */
  readonly timeouts: number;
  readonly doubled: number;
  /** Rounds of the honest devices that were published meanwhile. */
  readonly published: number;
  /** The coordinator's memory when the honest rounds had begun and at its largest, MB. */
  readonly memory: { readonly before: number; readonly most: number };
  readonly problems: readonly string[];
}

/** At once, so that sessions overlap; the same devices' too. */
const STRANGERS = 12;
const MOST_MB = 600;
/** In each hundred inputs: by HTTP and as raw bytes. What is left comes over sockets. */
const CALLS = 30;
const RAW = 5;
/** Of all inputs: decoded in this process, and sent by somebody who is signed in, at the end. */
const DECODED = 0.1;
const SIGNED_IN = 0.03;
const REGULARS = 3;
/** Silent connections come from three addresses, each beyond this. */
const MOST_SILENT = 2000;
/** Without another input; the honest rounds go on whatever hangs. */
const QUIET_MS = 60_000;
/** Said by the stage: where to look, and that it gave up waiting. */
const PLACE = /^its folder is /;
const TIMEOUT = /^(nothing was heard|it did not end|nothing went on)/;

/** For what does not come to an end although something goes on. */
const LIMIT_MS = 3_600_000;
const SETTINGS = { SOTTO_UNLIMITED: '127.0.0.1', SOTTO_LIMITS: `connectionsPerAddress=${MOST_SILENT}` };

/** Honest rounds of three devices, any two more beside them; strangers are asked as well and answer nonsense. */
const ROUNDS: Plot = {
  ...PLOTS[0]!,
  name: 'fuzz',
  devices: 4,
  run: {
    task: 'tiny',
    rounds: 10_000,
    cohort: { least: 4, most: 4 },
    durations: { keysMs: 2000, uploadMs: 5000, checkMs: 2000, voteMs: 2000, openMs: 2000, returnMs: 300 },
    seed: 1,
  },
};

/**
 * Strangers at a real coordinator in a process of its own, while honest devices run rounds there. It must live, publish, count nothing
 * twice and stay small; what came out is judged by the plaintext oracle of the crash tests.
 */
export async function fuzz({
  inputs: wanted,
  seed,
  silent = 0,
  onProgress = () => {},
}: FuzzOptions): Promise<FuzzResult> {
  const failures: string[] = [];
  const timeouts: string[] = [];
  const memory = { before: 0, most: 0 };
  let inputs = 0;
  let published = 0;
  const fail = (what: string) => {
    if (failures.length < 20) failures.push(what.slice(0, 500));
    return undefined;
  };
  const onTimeout = (what: string) => void timeouts.push(what.slice(0, 500));
  const onRejection = (reason: unknown) => fail(`a promise of the fuzzer's was rejected: ${messageOf(reason)}`);
  process.on('unhandledRejection', onRejection);

  async function act(stage: Stage): Promise<void> {
    const { url, adminToken, pid } = stage.at();
    const cookie = await signIn(url, adminToken);
    const admin = async (path: string, method = 'GET') =>
      fetch(new URL(path, url), { method, headers: { cookie, origin: new URL(url).origin } });
    const publishedNow = async () => {
      published = Math.max(published, (await statusAt(url)).history.length - 1);
      return published;
    };
    await stage.until(async () => (await publishedNow()) >= 1);
    const overhearing = overhear(stage.devices);
    memory.before = memoryOf(pid);

    const api = (await (await fetch(new URL('/api/openapi.json', url))).json()) as OpenApi;
    const regulars = await Promise.all(Array.from({ length: REGULARS }, newSigner));
    const transcripts = await transcriptsOf(url, Object.keys(stage.runs()));
    const known = [...Object.keys(stage.runs()), 'tiny', ...transcripts];
    const transcript: unknown = await (await fetch(new URL(`/api/transcripts/${transcripts[0]}`, url))).json();
    const { model } = (transcript as { body: { model: string } }).body;
    const bytes = new Uint8Array(await (await fetch(new URL(`/api/models/${model}`, url))).arrayBuffer());
    const decoders = Object.entries(decodersOf({ transcript, model: bytes }));
    const agent = new Agent({ keepAlive: true, maxSockets: STRANGERS });

    const anonymous = Math.ceil(wanted * (1 - DECODED - SIGNED_IN));
    const take = () => {
      if (inputs >= anonymous) return false;
      inputs += 1;
      return true;
    };
    const caller = (chance: Chance, as: string | null): CallerPorts => ({
      url,
      chance,
      api,
      known,
      cookie: as,
      agent,
      onFailure: fail,
      onTimeout,
    });
    const stranger = async (index: number): Promise<void> => {
      for (let visit = 0; inputs < anonymous; visit++) {
        const chance = createChance(seed + 7919 * index + 104_729 * visit);
        const kind = chance.below(100);
        // One visit by socket brings some thirty inputs.
        if (kind < 80) await visitAsStranger({ url, chance, overhearing, regulars, take, onFailure: fail });
        else
          for (let call = 0; call < 30 && take(); call++)
            await (chance.below(CALLS + RAW) < RAW ? callRaw({ url, chance }) : callRoute(caller(chance, null)));
      }
    };
    const { promise: stalled, reject: stall } = Promise.withResolvers<never>();
    const quiet = setTimeout(() => stall(new Error(`nothing went on for ${QUIET_MS} ms`)), QUIET_MS);
    let progress = 0;
    const watching = setInterval(() => {
      if (inputs > progress) quiet.refresh();
      progress = inputs;
      memory.most = Math.max(memory.most, memoryOf(pid));
      void publishedNow().then((now) => onProgress(inputs, now), fail);
    }, 1000);
    const attack = async () => {
      const [silence] = await Promise.all([
        keepSilent(url, silent),
        ...Array.from({ length: STRANGERS }, (_, index) => stranger(index)),
      ]);
      if (silence.most > MOST_SILENT) fail(`${silence.most} silent connections of one address were let stand`);
      silence.end();
      for (let i = 0; i < wanted * DECODED; i++, inputs++) {
        const [name, decode] = decoders[i % decoders.length]!;
        const at = seed + 15_485_863 * i;
        try {
          await decode(createChance(at));
        } catch (error) {
          fail(`the decoder of ${name} threw on ${at}: ${messageOf(error)}`);
        }
      }
      // Nobody has been harmed: who lives and is honest goes on.
      const before = await publishedNow();
      await stage.until(async () => (await publishedNow()) > before);
      // Whoever is signed in may stop the rounds, so this comes last; nothing may break all the same.
      for (; inputs < wanted; inputs++) await callRoute(caller(createChance(seed + 32_452_843 * inputs), cookie));
      memory.most = Math.max(memory.most, memoryOf(pid));
      // The round under way comes to its end first, and what is left of it is cleared away.
      for (const run of Object.keys(stage.runs())) await admin(`/api/admin/runs/${run}/pause`, 'POST');
      await stage.until(async () => (await statusAt(url)).phase === 'waiting');
      for (const run of Object.keys(stage.runs())) await admin(`/api/admin/runs/${run}/stop`, 'POST');
      for (const line of errorsIn(readFileSync(stage.log, 'utf8'))) fail(`the log says: ${line}`);
      const health = await fetch(new URL('/healthz', url));
      if (!health.ok) fail(`/healthz answers ${health.status}`);
    };
    try {
      await Promise.race([attack(), stalled]);
    } finally {
      clearTimeout(quiet);
      clearInterval(watching);
      agent.destroy();
    }
  }

  const played = await play({
    plot: { ...ROUNDS, script: () => ({ act, mayStop: true, settings: SETTINGS }) },
    kills: [],
    fates: new Map(),
    server: null,
    limitMs: LIMIT_MS,
  });
  process.off('unhandledRejection', onRejection);
  if (memory.most > MOST_MB) fail(`the coordinator grew from ${memory.before} to ${memory.most} MB`);
  const found = played.problems.filter((problem) => !PLACE.test(problem));
  timeouts.push(...found.filter((problem) => TIMEOUT.test(problem)));
  const faults = found.length - found.filter((problem) => TIMEOUT.test(problem)).length;
  const problems = [...failures, ...timeouts, ...played.problems.filter((problem) => !TIMEOUT.test(problem))];
  return {
    inputs,
    crashes: failures.length + (played.doubled === 0 ? faults : 0),
    timeouts: timeouts.length,
    doubled: played.doubled,
    published,
    memory,
    problems,
  };
}

async function signIn(url: string, token: string): Promise<string> {
  const response = await fetch(new URL('/api/admin/session', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify({ token }),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`signing in gave ${response.status} ${await response.text()}`);
  return cookie;
}

async function statusAt(url: string): Promise<Status> {
  const { status } = TaskView.parse(await (await fetch(new URL('/api/tasks/tiny', url))).json());
  return status;
}

async function transcriptsOf(url: string, runs: readonly string[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const run of runs) {
    const { rounds } = (await (await fetch(new URL(`/api/runs/${run}`, url))).json()) as {
      rounds: readonly { readonly transcript?: string }[];
    };
    hashes.push(...rounds.flatMap(({ transcript }) => transcript ?? []));
  }
  return hashes;
}

/** What went wrong inside; refusals are no errors. */
function errorsIn(log: string): string[] {
  return log.split('\n').filter((line) => /^\{"level":(50|60)/.test(line));
}

/** Resident memory of a process, MB; 0 where the system does not say. */
function memoryOf(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}
