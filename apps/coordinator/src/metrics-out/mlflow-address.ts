import { hideSecret } from '../sign-in/secret.ts';
import type { MlflowServer } from './mlflow.ts';

/** `https://name:password@host/path` and a token → the server and how to speak to it; undefined where that is no such address. */
export function mlflowServer(address: string, token: string | null = null): MlflowServer | undefined {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search || url.hash) return undefined;
  const basic = [url.username, url.password].map(decodeURIComponent).join(':');
  const header =
    token !== null ? `Bearer ${token}` : basic === ':' ? null : `Basic ${Buffer.from(basic).toString('base64')}`;
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    authorization: header === null ? null : hideSecret(header),
  };
}
