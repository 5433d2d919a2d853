import type { Readable } from 'node:stream';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';

/**
 * Who may call a route: everybody, a collector of metrics by its token, whoever is signed in, or only who may change things. Each may do
 * what those before it may.
 */
export type Role = 'public' | 'collector' | 'viewer' | 'admin';

/** Who is signed in. */
export interface Caller {
  /** As the audit log names them. */
  readonly who?: string;
  readonly role: Exclude<Role, 'public'>;
}

/** What a route answers with besides headers: JSON of a schema, bytes (at once or, uncached, as they come), plain text, or the address to go on to. */
type Answer = z.ZodType | 'bytes' | 'text' | 'redirect';
type Answered<A> = A extends z.ZodType ? z.output<A> : A extends 'bytes' ? Uint8Array | Readable : string;
type Read<S> = S extends z.ZodType ? z.output<S> : S extends 'bytes' ? Uint8Array : undefined;

/** What a request brought, already checked. */
export interface Given<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Null when nobody is signed in. */
  readonly caller: Caller | null;
  readonly request: FastifyRequest;
  /** For headers only: what is answered is what `handle` returns. */
  readonly reply: FastifyReply;
}

/**
 * One route as data. What checks requests also describes them (openapi.ts), so that neither can be true without the other. A request that
 * fits no schema is refused before `handle` sees it; a Rejection that `handle` returns is answered as one.
 */
interface Declaration<P, Q, B, A extends Answer> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As Fastify writes it: `/api/runs/:run`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly role: Role;
  /** Whether it may be called by any name: probes call by the bare address. For what is no secret and changes nothing. */
  readonly anyHost?: true;
  /** An address whose parameters do not fit leads nowhere: `not_found`. */
  readonly params?: P;
  readonly query?: Q;
  /** JSON of a schema, or bytes as they are. */
  readonly body?: B;
  /** Of a body, where more than usual is let in. */
  readonly mostBytes?: number;
  readonly answer: A;
  /** Of an answer that is no refusal; default 200. */
  readonly status?: 200 | 201;
  /** `forever`: named by its own digest, so it never changes. */
  readonly cache?: 'forever' | 'never';
  /**
   * Written into the audit log as `ACTION: begun` with all that the request brought, or what `begun` makes of it (so nothing of that may
   * be secret), before `handle` does anything; then as `ACTION` with the detail once it is done, or as `ACTION: refused` or `ACTION: failed`.
   */
  readonly audit?: {
    readonly action: string;
    begun?(given: Given<Read<P>, Read<Q>, Read<B>>): object;
    detail(given: Given<Read<P>, Read<Q>, Read<B>>, answered: Answered<A>): unknown;
  };
  handle(
    given: Given<Read<P>, Read<Q>, Read<B>>,
  ): Answered<A> | Rejection | undefined | Promise<Answered<A> | Rejection | undefined>;
}

/** A declared route whose schemas are its own business. */
export type Route = Declaration<
  z.ZodObject | undefined,
  z.ZodType | undefined,
  z.ZodType | 'bytes' | undefined,
  Answer
>;

/** Declares a route; `handle` and `audit` are typed by its schemas. `undefined` from `handle` means that nothing is there. */
export function route<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | 'bytes' | undefined = undefined,
  A extends Answer = Answer,
>(declaration: Declaration<P, Q, B, A>): Route {
  return declaration as unknown as Route;
}

export const NOTHING_HERE = reject('not_found', 'There is nothing at this address. Check it.');
