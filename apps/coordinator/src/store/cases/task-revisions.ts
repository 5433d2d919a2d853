import type { TaskManifest } from '@sotto/protocol/task';
import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import type { RevisionRecord } from '../task-revisions.ts';
import { hex, NOW, run } from './samples.ts';

const manifest: TaskManifest = {
  version: 1,
  id: 'rain',
  title: 'Rain',
  summary: 'Tells rain from sun.',
  kind: 'image',
  classes: ['rain', 'sun'],
  input: { shape: [4], image: { width: 2, height: 2, channels: 1 } },
  model: 'model.json',
  data: { format: 'dataset', test: 'held-out.safetensors', scale: 1 / 255 },
  card: 'DATA.md',
  training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 4 },
  privacy: { clip: 1, range: 1, exampleCap: 10, minimumCohort: 3 },
  rounds: 2,
};

const first: RevisionRecord = {
  task: 'rain',
  revision: 1,
  content: { manifest, card: '# Rain', model: hex('a'), heldOut: hex('b'), sample: null, weights: null },
  parameters: 10,
  heldOutExamples: 5,
  sampleExamples: 0,
  at: NOW,
  by: 'Ada',
};
const second: RevisionRecord = {
  ...first,
  revision: 2,
  content: { ...first.content, sample: hex('c'), weights: hex('d') },
  sampleExamples: 7,
  at: NOW + 1,
};

export const taskRevisionCases: readonly Case<Store>[] = [
  {
    promise: 'keeps every revision of a task as it was, and the last of each task at hand, over a restart',
    async run(open) {
      const store = await open();
      const other = { ...first, task: 'snow' };
      for (const record of [first, second, other]) ensureEqual(await store.addRevision(record), true, 'new');
      await store.close();
      const again = await open();
      ensureEqual(await again.revisions(null), [second, other], 'the last ones');
      ensureEqual(await again.revisions('rain'), [first, second], 'all of one task');
      ensureEqual(await again.revision('rain', 1), first, 'one');
      ensureEqual(await again.revision('rain', 3), undefined, 'none');
      await again.close();
    },
  },
  {
    promise: 'lets one of two have a revision, and changes nothing for the other',
    async run(open) {
      const store = await open();
      const added = await Promise.all([store.addRevision(first), store.addRevision({ ...first, by: 'Grace' })]);
      ensureEqual(added.filter(Boolean).length, 1, 'added');
      ensureEqual((await store.revision('rain', 1))?.by, added[0] ? 'Ada' : 'Grace', 'the one that was told so');
      await store.close();
    },
  },
  {
    promise: 'puts tasks away and takes them out again, however often it is told',
    async run(open) {
      const store = await open();
      for (const at of [NOW, NOW + 1]) await store.setArchived('rain', at);
      await store.setArchived('snow', NOW);
      ensureEqual(await store.archivedTasks(), ['rain', 'snow'], 'put away');
      for (const _ of [1, 2]) await store.setArchived('rain', null);
      ensureEqual(await store.archivedTasks(), ['snow'], 'taken out');
      await store.close();
    },
  },
  {
    promise: 'knows which files are there, and forgets old ones that no revision speaks of',
    async run(open) {
      const store = await open();
      for (const digit of ['a', 'b', 'c', 'd', 'e']) await store.keepFile(hex(digit), NOW);
      await store.keepFile(hex('a'), NOW + 1);
      await store.addRevision(first);
      const left = async (before: number) => (await store.forgetFiles(before)).map(([digit]) => digit);
      await store.keepFile(hex('f'), NOW + 1);
      ensureEqual(await left(NOW), ['a', 'b', 'c', 'd', 'e', 'f'], 'young');
      ensureEqual(await left(NOW + 1), ['a', 'b', 'f'], 'of the first, and young');
      for (const digit of ['c', 'd']) await store.keepFile(hex(digit), NOW);
      await store.addRevision(second);
      ensureEqual(await left(NOW + 2), ['a', 'b', 'c', 'd'], 'of both');
      ensureEqual([await store.keptFile(hex('a')), await store.keptFile(hex('e'))], [true, false], 'there, and not');
      await store.close();
    },
  },
  {
    promise: 'knows by which revision of its task a run learns',
    async run(open) {
      const store = await open();
      const learning = { ...run, revision: 2 };
      await store.addRun(learning);
      ensureEqual(await store.runs(), [learning], 'the run');
      await store.close();
    },
  },
];
