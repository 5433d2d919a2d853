import { DONE } from '@sotto/protocol/messages';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { type Person, SessionView } from '@sotto/protocol/views';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { FLOW_MS, type OpenId } from '../sign-in/openid.ts';
import { ADMIN_COOKIE, type AdminSessions, cookieOf, nameOf } from '../sign-in/sessions.ts';
import { type Caller, type Route, route } from './route.ts';

export interface SignInPorts {
  readonly admins: AdminSessions;
  /** What a one-time token grants; it is used up by being asked for. */
  readonly takeToken: (token: string) => Person['role'] | undefined;
  readonly openId: OpenId | null;
  readonly publicUrl: () => string;
  /** Whether browsers reach this coordinator over TLS. */
  readonly secure: () => boolean;
  readonly audit: (caller: Caller | null, action: string, detail: unknown) => Promise<void>;
}

const SESSION_MS = 7 * 24 * 3_600_000;
/** A role that was taken away at the provider, or in the settings, is gone by the next day. */
const OPENID_SESSION_MS = 12 * 3_600_000;
const FLOW_COOKIE = 'sotto_sign_in';
const FLOW_PATH = '/api/admin/openid';
/** Refused attempts in a minute from one address, and how many of all addresses' are written down. */
const MOST_REFUSED = 10;
const MOST_NOTED = 100;

const SignIn = z.strictObject({ token: z.string().min(1).max(200) });
const Done = z.strictObject({ done: z.literal(true) });

/** The ways in: the coordinator's one-time tokens, and an OpenID provider. Each attempt is in the audit log, refused ones too. */
export function signInRoutes({ admins, takeToken, openId, publicUrl, secure, audit }: SignInPorts): Route[] {
  const attempts = new RateLimiterMemory({ points: MOST_REFUSED, duration: 60 });
  const noted = new RateLimiterMemory({ points: MOST_NOTED, duration: 60 });

  const addCookie = (reply: FastifyReply, pair: string, path: string, sameSite: 'Lax' | 'Strict', lastsMs: number) =>
    reply.header(
      'set-cookie',
      `${pair}; Path=${path}; HttpOnly; SameSite=${sameSite}; Max-Age=${lastsMs / 1000}${secure() ? '; Secure' : ''}`,
    );
  const setSession = (reply: FastifyReply, value: string, lastsMs: number) =>
    addCookie(reply, `${ADMIN_COOKIE}=${value}`, '/', 'Strict', lastsMs);
  // Coming back from the provider is a cross-site navigation, which no Strict cookie survives.
  const setFlow = (reply: FastifyReply, handle: string, lastsMs: number) =>
    addCookie(reply, `${FLOW_COOKIE}=${handle}`, FLOW_PATH, 'Lax', lastsMs);
  const sessionIn = ({ headers }: FastifyRequest) => cookieOf(headers.cookie, ADMIN_COOKIE);
  const redirectUri = () => `${publicUrl()}${FLOW_PATH}/callback`;

  async function signIn(reply: FastifyReply, person: Person, way: string, lastsMs: number): Promise<void> {
    setSession(reply, await admins.open(person, lastsMs), lastsMs);
    await audit({ role: person.role, who: nameOf(person) }, 'sign in', { way, role: person.role });
  }

  async function refused({ ip }: FastifyRequest, way: string, why: Rejection): Promise<Rejection> {
    await attempts.penalty(ip);
    // Whoever tries all day must not fill the disk.
    if (await noted.consume('all').catch(() => null))
      await audit(null, 'sign-in refused', { way, why: why.rejected, ip });
    return why;
  }

  async function tooMany({ ip }: FastifyRequest): Promise<Rejection | undefined> {
    const found = await attempts.get(ip);
    if (!found || found.consumedPoints < MOST_REFUSED) return undefined;
    return {
      ...reject('too_many_requests', 'Too many refused attempts from this address. Wait a minute.'),
      retryAfterMs: Math.max(1, found.msBeforeNext),
    };
  }

  return [
    route({
      method: 'GET',
      path: '/api/admin/session',
      summary: 'Who is signed in, and which ways in there are',
      role: 'public',
      answer: SessionView,
      cache: 'never',
      handle: async ({ request }) => ({
        person: (await admins.whoIs(sessionIn(request))) ?? null,
        openId: openId !== null,
      }),
    }),
    route({
      method: 'POST',
      path: '/api/admin/session',
      summary: 'Sign in with a one-time token',
      role: 'public',
      body: SignIn,
      answer: Done,
      async handle({ body, request, reply }) {
        const wait = await tooMany(request);
        if (wait) return wait;
        const role = takeToken(body.token);
        if (!role)
          return refused(
            request,
            'token',
            reject(
              'wrong_token',
              'This token is wrong, too old or was used before. “sotto token” on the coordinator’s machine makes a new one.',
            ),
          );
        await signIn(reply, { name: `local ${role}`, subject: null, role }, 'token', SESSION_MS);
        return DONE;
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/admin/session',
      summary: 'Sign out',
      role: 'viewer',
      answer: Done,
      audit: { action: 'sign out', detail: () => ({}) },
      async handle({ request, reply }) {
        await admins.close(sessionIn(request)!);
        setSession(reply, '', 0);
        return DONE;
      },
    }),
    route({
      method: 'GET',
      path: `${FLOW_PATH}/start`,
      summary: 'Sign in by the OpenID provider: leads there',
      role: 'public',
      answer: 'redirect',
      async handle({ request, reply }) {
        if (!openId) return undefined;
        if (await tooMany(request)) return explain('too_many_requests');
        const flow = await openId.begin(redirectUri());
        if (isRejection(flow)) return explain(flow.rejected);
        setFlow(reply, flow.handle, FLOW_MS);
        return flow.address;
      },
    }),
    route({
      method: 'GET',
      path: `${FLOW_PATH}/callback`,
      summary: 'Where the OpenID provider leads back to',
      role: 'public',
      answer: 'redirect',
      async handle({ request, reply }) {
        if (!openId) return undefined;
        if (await tooMany(request)) return explain('too_many_requests');
        const { search } = new URL(request.url, publicUrl());
        const person = await openId.finish(
          new URL(redirectUri() + search),
          cookieOf(request.headers.cookie, FLOW_COOKIE),
        );
        setFlow(reply, '', 0);
        if (isRejection(person)) return explain((await refused(request, 'OpenID', person)).rejected);
        await signIn(reply, person, 'OpenID', OPENID_SESSION_MS);
        return '/admin';
      },
    }),
  ];
}

/** The sign-in page says what the code means. */
function explain(code: string): string {
  return `/admin#refused=${code}`;
}
