import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { messageOf } from './error-message.ts';
import { StartError } from './start-error.ts';

/**
 * Certificate and key as PEM texts, known to belong together.
 * @throws StartError naming the setting.
 */
export function readTls({ cert, key }: NonNullable<Config['tls']>): { cert: string; key: string } {
  const pem = { cert: readPem('SOTTO_TLS_CERT', cert), key: readPem('SOTTO_TLS_KEY', key) };
  try {
    createSecureContext(pem);
    return pem;
  } catch (cause) {
    throw new StartError(
      `SOTTO_TLS_CERT=${cert} and SOTTO_TLS_KEY=${key} are not a certificate and its key in PEM (${messageOf(cause)}). Give the certificate with its chain, and the unencrypted key it was made for.`,
      { cause },
    );
  }
}

function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartError(
      `${setting}=${path} cannot be read: ${messageOf(cause)}. Set it to a PEM file that this user may read.`,
      { cause },
    );
  }
}

/**
 * Takes the port.
 * @returns the address at which this machine reaches it.
 * @throws StartError when it is taken or forbidden.
 */
export async function listen(app: FastifyInstance, config: Config): Promise<string> {
  try {
    await app.listen({ port: config.port, host: config.host });
  } catch (cause) {
    throw new StartError(listenMessage(config, cause), { cause });
  }
  const { port } = app.server.address() as AddressInfo;
  return `${config.tls ? 'https' : 'http'}://${isAnyOrLoopback(config.host) ? 'localhost' : hostInUrl(config.host)}:${port}`;
}

function listenMessage({ port, host }: Config, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken, perhaps by another coordinator. Stop it, or set PORT to another one (PORT=0 takes any free port).`;
  if (code === 'EACCES') return `This user may not listen on port ${port}. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST=${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for every network.`;
  return `Cannot listen on ${host}:${port}: ${messageOf(cause)}.`;
}

function isAnyOrLoopback(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1', '0.0.0.0', '::'].includes(host);
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
