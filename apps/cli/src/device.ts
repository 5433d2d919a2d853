import { refusalOf } from '@sotto/participant/agreements';
import { createNodeParticipant } from '@sotto/participant/node';
import type { ParticipantState } from '@sotto/participant/state';
import { type Terms, termsOfTask } from '@sotto/participant/terms';
import { TURNED_AWAY } from '@sotto/protocol/admission';
import { Certificate } from '@sotto/protocol/certificate';
import { examplesHash } from '@sotto/protocol/task';
import type { Address } from './arguments.ts';
import { createCoordinatorApi } from './coordinator-api.ts';
import { newsBetween } from './device-news.ts';
import { Failure } from './failure.ts';
import { readJson } from './json-file.ts';
import { isTaskFolder, readOwnData } from './own-data.ts';
import { askPatiently } from './patience.ts';
import { agreedInvite } from './pins.ts';
import { untilToldToStop } from './stop-signal.ts';
import { dealPart, fetchSample, readTaskFolder } from './task-data.ts';

export interface JoinOptions {
  readonly url: Address;
  readonly task?: string;
  readonly shard: { readonly index: number; readonly count: number };
  readonly by: 'iid' | 'label';
  readonly limit?: number;
  readonly data?: string;
  readonly invite?: string;
  readonly state?: string;
  readonly certificate?: readonly string[];
  readonly committeeOnly?: true;
  readonly agree?: true;
  readonly rounds?: number;
  readonly once?: true;
}

/** Refusals that no waiting mends: another address, another link or another certificate is needed. */
const HOPELESS = ['coordinator_foreign', 'certificate_expired', ...TURNED_AWAY];

/** A device nobody watches: takes part until it is told to stop, or has seen as many published rounds as it was to. */
export async function runDevice(options: JoinOptions): Promise<void> {
  const { state: folder, committeeOnly, limit } = options;
  const stopped = untilToldToStop();
  const url = options.url.origin;
  const task = agreedTask(options);
  const pins = agreedInvite(options.url.invite, options.invite);
  const certificates = (options.certificate ?? []).map((file) => readJson(file, 'a certificate', Certificate));
  const say = (line: string) => console.log(line);
  const api = createCoordinatorApi(url);
  const shard = { ...options.shard, by: options.by };
  let terms: Terms | undefined;
  let readBy: string | undefined;
  const data = await askPatiently(
    async () => {
      const view = await api.task(task);
      terms = termsOfTask(view, pins);
      if (committeeOnly) return null;
      readBy = examplesHash(view.task);
      if (options.data === undefined) return fetchSample(api, view, shard, limit);
      return isTaskFolder(options.data)
        ? readTaskFolder(options.data, task, shard, limit)
        : dealPart(await readOwnData(options.data, view.task, say), shard, limit);
    },
    stopped,
    say,
  );
  if (data === undefined) return;
  const participant = await createNodeParticipant({
    url,
    task,
    pins,
    data,
    certificates,
    ...(terms && { terms }),
    ...(readBy !== undefined && { examples: readBy }),
    ...(folder !== undefined && { folder }),
  });
  say(`device ${participant.state().device}`);
  say(`key ${participant.key}`);
  say(data ? `${data.labels.length} examples of ${task}` : `committee duty for ${task}`);

  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  const most = options.once ? 1 : (options.rounds ?? Number.POSITIVE_INFINITY);
  const began = Date.now();
  let agreed = false;
  let last = participant.state();
  participant.subscribe(() => {
    const state = participant.state();
    for (const line of newsBetween(last, state)) say(line);
    last = state;
    if (state.disagreement && state.connection === 'off') {
      // Not to what changes later, while nobody looks.
      if (options.agree && state.status === null && !agreed) {
        agreed = true;
        say('agreeing to the changed terms');
        void participant.agree();
      } else reject(new Failure(`${refusalOf(state.disagreement).message} Start it with --agree to agree.`));
      return;
    }
    if (state.problem && HOPELESS.includes(state.problem.rejected)) reject(new Failure(state.problem.message));
    if (finishedSince(began, state) >= most) resolve();
  });
  try {
    await participant.join();
    await Promise.race([done, stopped]);
  } finally {
    await participant.close();
  }
  say('left');
}

/** What the link and --task say. @throws Failure when they say different things, or nothing */
function agreedTask({ url, task = url.task ?? undefined }: JoinOptions): string {
  if (task === undefined) throw new Failure('Which task? Give --task, or the whole invite link as --url.');
  if (url.task !== null && url.task !== task)
    throw new Failure(`The link is for the task ${url.task}, but --task says ${task}. Leave one out.`);
  return task;
}

/** Published rounds that ended since then and whose receipt is here; a device that comes back is told of older ones, too. */
function finishedSince(began: number, { outcomes, receipts }: ParticipantState): number {
  const recent = outcomes.flatMap((outcome) =>
    outcome.kind === 'published' && outcome.endedAt > began ? outcome.transcript : [],
  );
  return new Set(recent.filter((hash) => receipts.some(({ transcript }) => transcript === hash))).size;
}
