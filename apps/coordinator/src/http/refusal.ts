import { firstIssue, inWords } from '@sotto/protocol/in-words';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

const STATUS: Readonly<Record<string, number>> = {
  bad_message: 400,
  bad_config: 400,
  wrong_token: 401,
  not_signed_in: 401,
  foreign_origin: 403,
  not_allowed: 403,
  not_found: 404,
  unknown_task: 404,
  unknown_run: 404,
  unknown_model: 404,
  cannot_evaluate: 409,
  nothing_learned: 409,
  outdated_model: 409,
  nothing_published: 409,
  run_running: 409,
  unknown_revision: 404,
  no_sample_data: 404,
  bad_task: 400,
  task_fixed: 409,
  task_exists: 409,
  task_archived: 409,
  task_changed: 409,
  task_running: 409,
  part_out_of_order: 409,
  disk_full: 507,
  run_over: 409,
  run_paused: 409,
  study_key_changed: 409,
  study_key_fixed: 409,
  no_local_devices: 409,
  unknown_host: 421,
  too_many_requests: 429,
  internal: 500,
  not_ready: 503,
  too_busy: 503,
  unavailable: 503,
};

const refused = new WeakMap<FastifyReply, string>();

/** A Rejection as an HTTP answer: its code and message in the body, the nearest status in front unless there is a nearer one. */
export function refuse(reply: FastifyReply, rejection: Rejection, status?: number): FastifyReply {
  const { rejected, message, retryAfterMs } = rejection;
  refused.set(reply, rejected);
  reply.code(status ?? STATUS[rejected] ?? 400);
  if (retryAfterMs === undefined) return reply.send({ rejected, message });
  return reply.header('retry-after', Math.ceil(retryAfterMs / 1000)).send({ rejected, message, retryAfterMs });
}

/** The code that a reply refused its request with, if it did. */
export function refusalOf(reply: FastifyReply): string | undefined {
  return refused.get(reply);
}

export function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> | Rejection<'bad_message'> {
  const parsed = schema.safeParse(value ?? {}, { error: inWords });
  return parsed.success ? parsed.data : reject('bad_message', firstIssue(parsed.error));
}
