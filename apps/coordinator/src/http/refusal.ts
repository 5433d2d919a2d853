import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { firstIssue } from '../first-issue.ts';

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
  run_running: 409,
  run_over: 409,
  no_local_devices: 409,
  unknown_host: 421,
  internal: 500,
  too_busy: 503,
};

/** A Rejection as an HTTP answer: its code and message in the body, the nearest status in front. */
export function refuse(reply: FastifyReply, { rejected, message }: Rejection): FastifyReply {
  return reply.code(STATUS[rejected] ?? 400).send({ rejected, message });
}

export function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> | Rejection<'bad_message'> {
  const parsed = schema.safeParse(value ?? {});
  return parsed.success ? parsed.data : reject('bad_message', firstIssue(parsed.error));
}
