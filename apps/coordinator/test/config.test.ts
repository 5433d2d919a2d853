import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../src/border/limits.ts';
import { readConfig } from '../src/config.ts';
import { StartError } from '../src/start-error.ts';

function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as Error).message;
  }
  throw new Error('the settings were taken');
}

describe('settings', () => {
  it('have defaults that start on this machine alone', () => {
    expect(readConfig({ PATH: '/bin', HOME: '/root' })).toEqual({
      dataDir: './data',
      databaseUrl: null,
      port: 8787,
      host: '127.0.0.1',
      publicUrl: null,
      tls: null,
      tasksDir: null,
      studyKey: null,
      openId: null,
      trustedProxies: [],
      unlimited: ['loopback'],
      limits: DEFAULT_LIMITS,
      diskQuota: null,
      metricsToken: null,
      mlflow: null,
      drainMs: 10_000,
      log: 'info',
    });
  });

  it('are taken from the environment; an empty one is none', () => {
    const config = readConfig({
      SOTTO_DATA_DIR: '/tmp/x',
      PORT: '0',
      HOST: '',
      SOTTO_PUBLIC_URL: 'https://learn.example.org/',
      SOTTO_TLS_CERT: 'c.pem',
      SOTTO_TLS_KEY: 'k.pem',
      SOTTO_STUDY_KEY: 'ab'.repeat(32),
    });
    expect(config).toMatchObject({
      dataDir: '/tmp/x',
      databaseUrl: null,
      port: 0,
      host: '127.0.0.1',
      publicUrl: 'https://learn.example.org',
      tls: { cert: 'c.pem', key: 'k.pem' },
      studyKey: 'ab'.repeat(32),
    });
  });

  it.each([
    ['PORT', '70000', /PORT=70000 .*0 to 65535/],
    ['PORT', '80a', /PORT=80a/],
    ['PORT', '-1', /PORT=-1/],
    ['SOTTO_PUBLIC_URL', 'learn.example.org', /SOTTO_PUBLIC_URL=learn\.example\.org .*http or https/],
    ['SOTTO_PUBLIC_URL', 'https://example.org/sotto', /without a path/],
    ['SOTTO_LOG', 'loud', /SOTTO_LOG=loud .*silent.*trace/],
    ['SOTTO_TLS_CERT', 'c.pem', /SOTTO_TLS_KEY .*both, or neither/],
    ['SOTTO_TLS_KEY', 'k.pem', /both, or neither/],
    ['SOTTO_TRUSTED_PROXIES', '10.0.0.1,nginx', /SOTTO_TRUSTED_PROXIES=10\.0\.0\.1,nginx .*192\.168/],
    ['SOTTO_UNLIMITED', '300.0.0.1', /addresses or networks/],
    ['SOTTO_LIMITS', 'connexions=5', /SOTTO_LIMITS=connexions=5 .*connectionsPerAddress/],
    ['SOTTO_LIMITS', 'connections=0', /SOTTO_LIMITS=connections=0/],
    ['SOTTO_DISK_QUOTA', '20 gigs', /20GB/],
  ])('name %s and its value “%s” when it cannot be used', (name, value, message) => {
    expect(refusal({ [name]: value })).toMatch(message);
  });

  it('change single limits and leave the others', () => {
    const { limits, diskQuota, unlimited, trustedProxies } = readConfig({
      SOTTO_LIMITS: 'connections=9, messagesPerSecond=7',
      SOTTO_DISK_QUOTA: '20GB',
      SOTTO_UNLIMITED: 'none',
      SOTTO_TRUSTED_PROXIES: 'loopback,10.0.0.0/8',
    });
    expect(limits).toEqual({ ...DEFAULT_LIMITS, connections: 9, messagesPerSecond: 7 });
    expect({ diskQuota, unlimited }).toEqual({ diskQuota: 20e9, unlimited: [] });
    expect(trustedProxies).toEqual(['loopback', '10.0.0.0/8']);
  });

  it('do not repeat what may be a private key pasted in the wrong place', () => {
    const pasted = '302e020100300506032b6570';
    expect(refusal({ SOTTO_STUDY_KEY: pasted })).toMatch(/SOTTO_STUDY_KEY/);
    expect(refusal({ SOTTO_STUDY_KEY: pasted })).not.toMatch(pasted);
  });

  it('point to the nearest name when one is misspelt', () => {
    expect(refusal({ SOTTO_DATADIR: 'x' })).toMatch(/no setting SOTTO_DATADIR\. Did you mean SOTTO_DATA_DIR\?/);
    expect(refusal({ SOTTO_TASK_DIR: 'x' })).toMatch(/SOTTO_TASKS_DIR\?/);
  });
});
