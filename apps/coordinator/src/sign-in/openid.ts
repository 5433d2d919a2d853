import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { Person } from '@sotto/protocol/views';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createFlows, type Flow } from './flows.ts';
import { type Claims, type Grants, roleOf } from './grants.ts';
import type { Secret } from './secret.ts';

export interface OpenIdSettings extends Grants {
  /** https, or http on this very machine. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** How long somebody may take at the provider. */
export const FLOW_MS = 10 * 60_000;

/** Sign-in by an OpenID provider: authorization code with PKCE, state and nonce (OpenID Connect Core 3.1, RFC 7636). */
export interface OpenId {
  /** Where the browser goes, and what it shows when it comes back. */
  begin(redirect: string): Promise<{ readonly address: string; readonly flow: string } | Rejection>;
  /** Who came back to this address: `sign_in_expired` when it is no answer to this flow. The provider takes each answer once. */
  finish(address: URL, flow: string | undefined): Promise<Person | Rejection>;
}

export function createOpenId(settings: OpenIdSettings, clock: Pick<Clock, 'now'>, log: Log): OpenId {
  const { issuer, clientId, clientSecret } = settings;
  const flows = createFlows();
  let known: Configuration | undefined;

  /** Asked at the first sign-in and not at start: rounds go on while the provider is away. */
  async function provider(): Promise<Configuration> {
    const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    known ??= await discovery(new URL(issuer), clientId, clientSecret.reveal(), undefined, {
      // The signature of an ID token is checked too, not only by whom it was handed over.
      execute: [...insecure, enableNonRepudiationChecks],
      timeout: 10,
    });
    return known;
  }

  const expired = () =>
    reject('sign_in_expired', 'This sign-in took too long or was begun in another browser. Try again.');
  const unavailable = (error: unknown) => {
    log.warn({ issuer, err: error }, 'the OpenID provider cannot be asked');
    return reject('sign_in_unavailable', 'The sign-in service does not answer. Try again later.');
  };

  return {
    async begin(redirect) {
      let config: Configuration;
      try {
        config = await provider();
      } catch (error) {
        return unavailable(error);
      }
      const flow = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
        until: clock.now() + FLOW_MS,
      };
      const address = buildAuthorizationUrl(config, {
        redirect_uri: redirect,
        scope: 'openid profile email',
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      });
      return { address: address.href, flow: flows.seal(flow) };
    },

    async finish(address, sealed = '') {
      const flow = flows.open(sealed);
      if (!flow || flow.until <= clock.now() || address.searchParams.get('state') !== flow.state) return expired();
      let claims: Claims;
      try {
        claims = await claimsOf(await provider(), address, flow);
      } catch (error) {
        if (error instanceof AuthorizationResponseError)
          return reject('sign_in_denied', 'The sign-in service refused, or you cancelled. Nothing has changed.');
        log.warn({ issuer, err: error }, 'a sign-in by OpenID failed');
        return reject('sign_in_failed', 'What the sign-in service answered does not fit what was asked. Try again.');
      }
      const role = roleOf(claims, settings);
      const name = [claims.name, claims.preferred_username, claims.email, claims.sub].find(
        (one): one is string => typeof one === 'string' && one !== '',
      )!;
      if (!role)
        return { ...reject('sign_in_no_role', 'You are known, but may not run or see studies here. Ask an admin.') };
      return { name: name.slice(0, 200), subject: String(claims.sub), role };
    },
  };
}

/** @throws when the answer is not the one to this flow, or not the provider's */
async function claimsOf(config: Configuration, address: URL, { state, nonce, verifier }: Flow): Promise<Claims> {
  const tokens = await authorizationCodeGrant(config, address, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims()!;
  // Many providers tell address and groups only here.
  const more = config.serverMetadata().userinfo_endpoint
    ? await fetchUserInfo(config, tokens.access_token, claims.sub)
    : {};
  return { ...claims, ...more };
}
