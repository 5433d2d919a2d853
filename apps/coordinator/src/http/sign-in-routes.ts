import { DONE, Done } from '@sotto/protocol/messages';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { type Person, SessionView } from '@sotto/protocol/views';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FLOW_MS, type OpenId } from '../sign-in/openid.ts';
import { ADMIN_COOKIE, type AdminSessions, cookieOf, nameOf } from '../sign-in/sessions.ts';
import type { NoteRefused } from './refused-attempts.ts';
import { type Caller, type Route, route } from './route.ts';

export interface SignInPorts {
  readonly admins: AdminSessions;
  /** Grants what a one-time token is for; it is used up when that is done. False when it is none. */
  readonly useToken: (token: string, grant: (role: Person['role']) => Promise<void>) => Promise<boolean>;
  readonly openId: OpenId | null;
  readonly publicUrl: () => string;
  /** Whether browsers reach this coordinator over TLS. */
  readonly secure: () => boolean;
  readonly audit: (caller: Caller | null, action: string, detail: unknown) => Promise<void>;
  readonly noteRefused: NoteRefused;
}

const SESSION_MS = 7 * 24 * 3_600_000;
/** A role that was taken away at the provider, or in the settings, is gone by the next day. */
const OPENID_SESSION_MS = 12 * 3_600_000;
const FLOW_COOKIE = 'sotto_sign_in';
const FLOW_PATH = '/api/admin/openid';

const SignIn = z.strictObject({ token: z.string().min(1).max(200) });

/** The ways in: the coordinator's one-time tokens, and an OpenID provider. Each attempt is in the audit log, refused ones too. */
export function signInRoutes({
  admins,
  useToken,
  openId,
  publicUrl,
  secure,
  audit,
  noteRefused,
}: SignInPorts): Route[] {
  const addCookie = (reply: FastifyReply, pair: string, path: string, sameSite: 'Lax' | 'Strict', lastsMs: number) =>
    reply.header(
      'set-cookie',
      `${pair}; Path=${path}; HttpOnly; SameSite=${sameSite}; Max-Age=${lastsMs / 1000}${secure() ? '; Secure' : ''}`,
    );
  const setSession = (reply: FastifyReply, value: string, lastsMs: number) =>
    addCookie(reply, `${ADMIN_COOKIE}=${value}`, '/', 'Strict', lastsMs);
  // Coming back from the provider is a cross-site navigation, which no Strict cookie survives.
  const setFlow = (reply: FastifyReply, flow: string, lastsMs: number) =>
    addCookie(reply, `${FLOW_COOKIE}=${flow}`, FLOW_PATH, 'Lax', lastsMs);
  const sessionIn = ({ headers }: FastifyRequest) => cookieOf(headers.cookie, ADMIN_COOKIE);
  const redirectUri = () => `${publicUrl()}${FLOW_PATH}/callback`;

  async function signIn(reply: FastifyReply, person: Person, way: string, lastsMs: number): Promise<void> {
    const cookie = await admins.open(person, lastsMs);
    // Nobody has a session that is not written down.
    await audit({ role: person.role, who: nameOf(person) }, 'sign in', { way, role: person.role });
    setSession(reply, cookie, lastsMs);
  }

  async function refused(request: FastifyRequest, way: string, why: Rejection): Promise<Rejection> {
    await noteRefused(request, null, 'sign-in refused', { way, why: why.rejected });
    return why;
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
        const granted = await useToken(body.token, (role) =>
          signIn(reply, { name: `local ${role}`, subject: null, role }, 'token', SESSION_MS),
        );
        if (granted) return DONE;
        return refused(
          request,
          'token',
          reject(
            'wrong_token',
            'This token is wrong, too old or was used before. “sotto token” on the coordinator’s machine makes a new one.',
          ),
        );
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
      method: 'DELETE',
      path: '/api/admin/sessions',
      summary: 'Sign everybody out, whoever asks included',
      role: 'admin',
      answer: Done,
      audit: { action: 'end all sessions', detail: () => ({}) },
      async handle({ reply }) {
        await admins.endAll();
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
      async handle({ reply }) {
        if (!openId) return undefined;
        const begun = await openId.begin(redirectUri());
        if (isRejection(begun)) return explain(begun.rejected);
        setFlow(reply, begun.flow, FLOW_MS);
        return begun.address;
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
        const { search } = new URL(request.url, publicUrl());
        const person = await openId.finish(
          new URL(redirectUri() + search),
          cookieOf(request.headers.cookie, FLOW_COOKIE),
        );
        // Any page can lead a browser here: what is no answer to this browser's question is nobody's attempt, and ends no sign-in.
        if (isRejection(person) && person.rejected === 'sign_in_expired') return explain(person.rejected);
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
