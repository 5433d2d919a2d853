import { TaskManifest } from '@sotto/protocol/task';
import { describe, expect, it } from 'vitest';
import { emptyColumn } from './column-draft.ts';
import { changeDraft, choiceOf, type Draft, type DraftChange, emptyDraft, idFrom } from './draft.ts';
import { checkDraft, draftOf, manifestOf, shippedTopology } from './manifest.ts';

const after = (draft: Draft, ...changes: DraftChange[]) => changes.reduce(changeDraft, draft);
const set = (to: Partial<Draft>): DraftChange => ({ type: 'set', to });

const WORDS = set({ summary: 'A network learns to tell leaves apart.', card: '# Leaves\n' });
const LEAVES = after(
  emptyDraft(),
  { type: 'title', title: 'Leaves of trees' },
  WORDS,
  set({ classes: ['oak', 'elm'] }),
);
const PATIENTS = after(
  emptyDraft('table'),
  { type: 'title', title: 'Patients' },
  WORDS,
  set({
    classes: ['ill', 'well'],
    label: 'outcome',
    columns: [
      { ...emptyColumn('id'), use: 'none' },
      { ...emptyColumn('age'), mean: '50', deviation: '12.5', least: '0', unit: 'years' },
      { ...emptyColumn('ward'), use: 'category', values: ['a', 'b', 'c'], missing: 'fill' },
    ],
  }),
);
const MAILS = after(
  emptyDraft('text'),
  { type: 'title', title: 'Mails' },
  WORDS,
  set({ classes: ['spam', 'ham'], label: 'kind' }),
);

describe('a draft of a task', () => {
  it.each([
    ['images', LEAVES, [28, 28, 1]],
    ['a table', PATIENTS, [4]],
    ['texts', MAILS, [4096]],
  ])('becomes a manifest that the coordinator’s own schema takes: %s', (_, draft, shape) => {
    const { manifest, problems } = checkDraft(draft);
    expect([...problems]).toEqual([]);
    expect(TaskManifest.parse(manifest)).toEqual(manifest);
    expect(manifest!.input.shape).toEqual(shape);
    expect(shippedTopology(draft)!.parameters).toBeGreaterThan(0);
  });

  const TOLD = after(PATIENTS, {
    type: 'run',
    to: {
      strategy: 'FedAdam',
      settings: { eta: '0.05', proximal_mu: '1' },
      committee: 'named',
      bits: '6',
      epsilon: '8',
    },
  });

  it('says what runs are told, and nothing of what is left empty', () => {
    expect(checkDraft(PATIENTS).manifest).not.toHaveProperty('run');
    expect(checkDraft(TOLD).manifest!.run).toEqual({
      strategy: { name: 'FedAdam', eta: 0.05, beta_1: 0.9, beta_2: 0.99, tau: 1e-9 },
      committee: 'named',
      bits: 6,
      dp: { epsilon: 8 },
    });
    const wrong = after(TOLD, {
      type: 'run',
      to: { strategy: 'FedProx', settings: {}, bits: '1', epsilon: '', delta: '1e-6' },
    });
    expect(Object.fromEntries(checkDraft(wrong).problems)).toEqual({
      'run.proximal_mu': 'is missing: give a number',
      'run.bits': 'must be at least 2, not 1',
      'run.epsilon': 'is missing: give a number',
    });
  });

  it.each([LEAVES, PATIENTS, MAILS, TOLD])('reads the same when what it became is taken up again', (draft) => {
    const { manifest } = checkDraft(draft);
    const again = draftOf(manifest!, draft.card, 'open');
    expect(checkDraft(again, manifest).manifest).toEqual(manifest);
  });

  it('keeps what the form does not show', () => {
    const base = TaskManifest.parse({
      ...(manifestOf(LEAVES) as object),
      translations: { de: { title: 'Blätter', summary: 'Ein Netz lernt Blätter.' } },
      aliases: { classes: { oak: ['quercus'] } },
    });
    const changed = changeDraft(draftOf(base, 'card', 'open'), set({ summary: 'Another.' }));
    expect(checkDraft(changed, base).manifest).toEqual({ ...base, summary: 'Another.' });
  });

  it('says what is missing or wrong by the field it is typed in, in words', () => {
    const { manifest, problems } = checkDraft(
      after(
        PATIENTS,
        { type: 'privacy', to: { clip: '-1', minimumCohort: '2' } },
        { type: 'training', to: { learningRate: 'fast', epochs: '' } },
        { type: 'column', at: 1, to: { deviation: '0', least: '5', most: '1' } },
        { type: 'column', at: 2, to: { values: ['a', 'a'] } },
        set({ label: 'age', rounds: '1.5', card: ' ' }),
      ),
    );
    expect(manifest).toBeNull();
    expect(Object.fromEntries(problems)).toEqual({
      'privacy.clip': 'must be more than 0, not -1',
      'privacy.minimumCohort': 'must be at least 3, not 2',
      'training.learningRate': 'must be a number, not “fast”',
      'training.epochs': 'is missing: give a number',
      'columns.1.deviation': 'must be more than 0, not 0',
      'columns.1.least': 'the least value comes first, then the most',
      'columns.2.values': 'each value is listed once',
      label: expect.stringMatching(/choose another/),
      rounds: 'must be a whole number, not 1.5',
      card: expect.stringMatching(/^is missing/),
    });
    expect([...checkDraft(emptyDraft()).problems.keys()].sort()).toEqual(['card', 'classes', 'id', 'summary', 'title']);
  });

  it('is called in addresses by its title, until somebody says otherwise', () => {
    expect(idFrom('Blätter & Bäume: groß!')).toBe('blatter-baume-gross');
    expect(LEAVES.id).toBe('leaves-of-trees');
    const own = after(LEAVES, set({ id: 'mine', idWritten: true }), { type: 'title', title: 'Trees' });
    expect([own.id, own.title]).toEqual(['mine', 'Trees']);
  });

  it('takes the model that suits the data, until somebody chooses one', () => {
    expect(choiceOf(LEAVES)).toEqual({ name: 'small-cnn' });
    expect(choiceOf(changeDraft(LEAVES, { type: 'image', to: { width: '4' } }))?.name).toBe('mlp');
    expect(choiceOf(PATIENTS)?.name).toBe('mlp');
    const chosen = changeDraft(LEAVES, set({ model: { from: 'shipped', choice: { name: 'fedavg-cnn' } } }));
    expect(checkDraft(changeDraft(chosen, { type: 'image', to: { width: '4' } })).problems.get('model')).toMatch(
      /8 × 8/,
    );
    expect(choiceOf(emptyDraft())).toBeNull();
  });

  it('forgets what was said of another kind of data, and keeps the words', () => {
    const table = changeDraft(LEAVES, { type: 'kind', kind: 'table' });
    expect(table).toMatchObject({ kind: 'table', title: 'Leaves of trees', classes: [], model: { choice: null } });
    expect(changeDraft(table, { type: 'kind', kind: 'table' })).toBe(table);
  });
});
