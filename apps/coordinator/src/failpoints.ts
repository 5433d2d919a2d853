import type { RoundEvent } from '@sotto/fl-core/round/round';
import { type KyselyPlugin, type OperationNode, type QueryId, type RootOperationNode, TableNode } from 'kysely';
import type { Engine } from './aggregation/engine.ts';
import { BLOB_FOLDERS } from './aggregation/upload-layout.ts';
import { aroundCalls } from './around-calls.ts';
import type { Blobs } from './blobs/blobs.ts';
import type { Store } from './store/store.ts';

/**
 * Called by name around and within everything that is written, and waited for: crash tests end the process there. In production there
 * is none, and nothing below is in the way.
 */
export type Failpoint = (name: string) => unknown;

/** What the store is asked to write, one failpoint before and one after each; `append` has its own for each kind of event. */
export const STORE_WRITES: readonly string[] = [
  'remember',
  'saveTask',
  'addRevision',
  'setArchived',
  'keepFile',
  'forgetFiles',
  'addRun',
  'setRunState',
  'addRound',
  'conclude',
  'keepFacts',
  'sawDevice',
  'attended',
  'heard',
  'nameDevice',
  'pinModel',
  'keepEvaluation',
  'keepCertificate',
  'setStudyKey',
  'setAdmission',
  'wait',
  'admit',
  'revoke',
  'addInvite',
  'revokeInvite',
  'redeem',
  'openSession',
  'sessionOf',
  'closeSession',
  'endSessions',
  'audit',
];

/** What changes nothing there. */
export const STORE_READS: readonly string[] = [
  'recall',
  'parametersOf',
  'revisions',
  'revision',
  'archivedTasks',
  'keptFile',
  'runs',
  'rounds',
  'facts',
  'factsOf',
  'events',
  'plan',
  'transcript',
  'pinnedModel',
  'evaluation',
  'plansOf',
  'devices',
  'deviceNames',
  'attendance',
  'silentDevices',
  'certificates',
  'studyKeys',
  'admissionOf',
  'verdictOn',
  'verdicts',
  'invites',
  'auditNames',
  'auditEntries',
  'close',
];

/** `published` comes with the conclusion of its round. */
const EVENTS: Readonly<Record<Exclude<RoundEvent['type'], 'published'>, true>> = {
  'one-time-key': true,
  planned: true,
  update: true,
  left: true,
  returned: true,
  withdrawn: true,
  answer: true,
  judged: true,
  vote: true,
  summed: true,
  opening: true,
  opened: true,
  'not-opened': true,
  failed: true,
  clock: true,
};

const ENGINE_CALLS: readonly string[] = ['verify', 'sum', 'judge', 'open', 'combine', 'step'];

const around = (name: string): string[] => [`${name}:before`, `${name}:after`];

/**
 * Every failpoint that has a name of its own. Besides these there is `sql:VERB:TABLE` after every statement that changes the database,
 * inside its transaction.
 */
export const FAILPOINTS: readonly string[] = [
  ...STORE_WRITES.flatMap((call) => around(`store:${call}`)),
  ...Object.keys(EVENTS).flatMap((type) => around(`append:${type}`)),
  ...BLOB_FOLDERS.flatMap((kind) =>
    ['before', 'temporary', 'renamed', 'after'].map((step) => `blob:write:${kind}:${step}`),
  ),
  ...['before', 'half', 'after'].map((step) => `blob:append:${step}`),
  ...around('blob:remove'),
  ...ENGINE_CALLS.flatMap((call) => around(`engine:${call}`)),
  ...around('evaluate'),
  'identity:temporary',
  'identity:renamed',
];

export function failingStore(store: Store, failpoint: Failpoint | undefined): Store {
  if (!failpoint) return store;
  const guarded = guard(store, STORE_WRITES, 'store', failpoint);
  return {
    ...guarded,
    async append(entry) {
      await failpoint(`append:${entry.event.type}:before`);
      await store.append(entry);
      await failpoint(`append:${entry.event.type}:after`);
    },
  };
}

export function failingEngine(engine: Engine, failpoint: Failpoint | undefined): Engine {
  return failpoint ? guard(engine, ENGINE_CALLS, 'engine', failpoint) : engine;
}

/** Around whole calls; the steps of a write are the file blobs' own, and an append stops half-way. */
export function failingBlobs(blobs: Blobs, failpoint: Failpoint | undefined): Blobs {
  if (!failpoint) return blobs;
  return {
    ...guard(blobs, ['remove'], 'blob', failpoint),
    async write(name, bytes) {
      await failpoint(`${writeOf(name)}:before`);
      await blobs.write(name, bytes);
      await failpoint(`${writeOf(name)}:after`);
    },
    async append(name, bytes) {
      const half = bytes.length >> 1;
      await failpoint('blob:append:before');
      await blobs.append(name, bytes.subarray(0, half));
      await failpoint('blob:append:half');
      const size = await blobs.append(name, bytes.subarray(half));
      await failpoint('blob:append:after');
      return size;
    },
  };
}

/** The failpoints of a blob that is written whole. */
export function writeOf(name: string): string {
  return `blob:write:${name.split('/')[0]}`;
}

/** `sql:insert:updates` and the like: the statement is done, its transaction is not. */
export function statementFailpoints(failpoint: Failpoint | undefined): KyselyPlugin[] {
  if (!failpoint) return [];
  const names = new Map<QueryId, string>();
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const name = statementOf(node);
      if (name !== undefined) names.set(queryId, name);
      return node;
    },
    async transformResult({ queryId, result }) {
      const name = names.get(queryId);
      names.delete(queryId);
      if (name !== undefined) await failpoint(name);
      return result;
    },
  };
  return [plugin];
}

function statementOf(node: RootOperationNode): string | undefined {
  switch (node.kind) {
    case 'CreateTableNode':
    case 'AlterTableNode':
      return nameOf('migrate', node.table);
    case 'InsertQueryNode':
      return nameOf('insert', node.into);
    case 'UpdateQueryNode':
      return nameOf('update', node.table);
    case 'DeleteQueryNode':
      return nameOf('delete', node.from.froms[0]);
    default:
      return undefined;
  }
}

function nameOf(verb: string, table: OperationNode | undefined): string | undefined {
  return table && TableNode.is(table) ? `sql:${verb}:${table.table.identifier.name}` : undefined;
}

/** Failpoints before and after each of these calls. */
function guard<Port extends object>(port: Port, calls: readonly string[], prefix: string, failpoint: Failpoint): Port {
  return aroundCalls(port, (name, call) =>
    calls.includes(name)
      ? async (...values) => {
          await failpoint(`${prefix}:${name}:before`);
          const result = await call(...values);
          await failpoint(`${prefix}:${name}:after`);
          return result;
        }
      : call,
  );
}
