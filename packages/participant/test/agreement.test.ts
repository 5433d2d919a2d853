import { OPEN_PINS, type Pins } from '@sotto/protocol/invite';
import { architectureHash } from '@sotto/protocol/model-file';
import type { Committee, Plan } from '@sotto/protocol/plan';
import type { PrivacyGoal } from '@sotto/protocol/privacy';
import { describe, expect, it } from 'vitest';
import { createAgreements, type Disagreement, refusalOf } from '../src/agreements.ts';
import {
  changesOf,
  joinedTerms,
  type NoiseTerms,
  presentTerms,
  promiseOf,
  settledTerms,
  type Terms,
  termsOfPlan,
  termsOfTask,
} from '../src/terms.ts';
import { createMemoryVault } from '../src/vault/memory.ts';
import { createRoom, type Device, must, otherModel } from './room.ts';

const key = (n: number) => `${n}`.padStart(2, '0').repeat(32);
const AGREED: Terms = {
  coordinator: key(90),
  studyKey: null,
  admission: 'open',
  minimumCohort: 10,
  committee: { choice: 'named', least: 3, keys: [1, 2, 3, 4].map(key) },
  architecture: architectureHash('{"a":1}'),
  clip: 3,
  exampleCap: 100,
  noise: 'none',
};
const STUDY: Terms = {
  ...AGREED,
  studyKey: key(80),
  admission: 'certified',
  committee: { choice: 'certified', least: 5 },
};
const NOISE: NoiseTerms = { epsilon: 2, delta: 1e-5, contributors: 10 };
const NOISY: Terms = { ...AGREED, noise: NOISE };
const terms = (agreed: Terms, change: Partial<Terms>) =>
  changesOf(agreed, { ...agreed, ...change }).map(({ term }) => term);

describe('terms that change for the worse, or to other ones, are', () => {
  it.each<[string, Terms, Partial<Terms>, string[]]>([
    ['another coordinator', AGREED, { coordinator: key(91) }, ['coordinator']],
    ['another study key', STUDY, { studyKey: key(81) }, ['studyKey']],
    ['no study key', STUDY, { studyKey: null }, ['studyKey']],
    ['open instead of certified admission', STUDY, { admission: 'open' }, ['admission']],
    ['a smaller cohort', AGREED, { minimumCohort: 9 }, ['minimumCohort']],
    [
      'one named member for another',
      AGREED,
      { committee: { choice: 'named', least: 4, keys: [1, 2, 3, 5].map(key) } },
      ['committee'],
    ],
    [
      'fewer named members than agreed',
      AGREED,
      { committee: { choice: 'named', least: 2, keys: [1, 2].map(key) } },
      ['committee'],
    ],
    ['a drawn committee for a named one', AGREED, { committee: { choice: 'drawn', least: 7 } }, ['committee']],
    [
      'a named committee for a drawn one',
      { ...AGREED, committee: { choice: 'drawn', least: 3 } },
      { committee: AGREED.committee },
      ['committee'],
    ],
    ['a drawn committee for a certified one', STUDY, { committee: { choice: 'drawn', least: 7 } }, ['committee']],
    ['a smaller certified committee', STUDY, { committee: { choice: 'certified', least: 4 } }, ['committee']],
    ['another architecture', AGREED, { architecture: architectureHash('{"a":2}') }, ['architecture']],
    ['no noise where there was some', NOISY, { noise: 'none' }, ['noise']],
    ['a larger ε', NOISY, { noise: { ...NOISE, epsilon: 2.1 } }, ['noise']],
    ['an ε without a limit', NOISY, { noise: { ...NOISE, epsilon: null } }, ['noise']],
    ['a larger δ', NOISY, { noise: { ...NOISE, delta: 1e-4 } }, ['noise']],
    ['noise counted on more contributors', NOISY, { noise: { ...NOISE, contributors: 11 } }, ['noise']],
    ['updates that may weigh more', AGREED, { clip: 3.5, exampleCap: 101 }, ['clip', 'exampleCap']],
  ])('%s', (_, agreed, change, expected) => {
    expect(terms(agreed, change)).toEqual(expected);
  });
});

describe('terms that stay, or change for the better, are no change', () => {
  it.each<[string, Terms, Partial<Terms>]>([
    ['the same', AGREED, {}],
    ['a larger cohort', AGREED, { minimumCohort: 11 }],
    ['some of the named members', AGREED, { committee: { choice: 'named', least: 3, keys: [1, 2, 4].map(key) } }],
    [
      'a larger drawn committee',
      { ...AGREED, committee: { choice: 'drawn', least: 3 } },
      { committee: { choice: 'drawn', least: 7 } },
    ],
    ['a study key where there was none', AGREED, { studyKey: key(80), committee: { choice: 'certified', least: 3 } }],
    ['certified contributors where anybody could come', { ...STUDY, admission: 'open' }, { admission: 'certified' }],
    ['noise where there was none', AGREED, { noise: NOISE }],
    ['more noise, counted on fewer contributors', NOISY, { noise: { epsilon: 1, delta: 1e-6, contributors: 9 } }],
    ['noise of which nothing is known before a run begins', NOISY, { noise: null }],
    ['a smaller clip and cap', AGREED, { clip: 1, exampleCap: 10 }],
    [
      'what was not known and is now',
      { ...AGREED, committee: null, architecture: null },
      { committee: AGREED.committee, architecture: AGREED.architecture },
    ],
  ])('%s', (_, agreed, change) => {
    expect(terms(agreed, change)).toEqual([]);
  });

  it('and whoever joins again under better ones has agreed to what was agreed to at first', () => {
    const better = { ...AGREED, minimumCohort: 20, clip: 1, exampleCap: 10, committee: null };
    expect(joinedTerms(AGREED, better)).toEqual(AGREED);
    expect(joinedTerms({ ...AGREED, architecture: null }, better)).toEqual(AGREED);
  });

  it('and noise, once a run has some, is promised from then on, also to whoever agreed before there was any', () => {
    const { noise: _, ...old } = AGREED;
    for (const agreed of [AGREED, { ...AGREED, noise: null }, old as Terms]) {
      expect(settledTerms(agreed, NOISY).noise).toEqual(NOISE);
      expect(joinedTerms(agreed, NOISY).noise).toEqual(NOISE);
    }
    expect(settledTerms(NOISY, { ...NOISY, noise: { ...NOISE, epsilon: 1 } }).noise).toEqual(NOISE);
    expect(settledTerms(NOISY, AGREED).noise).toEqual(NOISE);
  });

  it('and a page shows what was agreed to, whatever is offered at present', () => {
    for (const minimumCohort of [3, 20]) expect(presentTerms(AGREED, { ...AGREED, minimumCohort })).toEqual(AGREED);
    expect(presentTerms(null, STUDY)).toEqual(STUDY);
    expect(presentTerms(AGREED, STUDY)).toEqual(STUDY);
  });

  it('and whoever joins again by a link that asks for more has agreed to that', () => {
    expect(joinedTerms(AGREED, STUDY)).toEqual(STUDY);
  });
});

describe('what a task’s page offers', () => {
  const view = (
    committee: 'named' | 'drawn' | null,
    state: 'running' | 'finished' = 'running',
    dp: PrivacyGoal | null = null,
  ) =>
    ({
      task: { privacy: { clip: 3, range: 1, exampleCap: 100, minimumCohort: 5 } },
      topology: '{"a": 1}',
      coordinator: key(90),
      members: [4, 1, 2, 3].map(key),
      run: committee && { state, config: { committee, minimumCohort: 8, dp } },
    }) as unknown as Parameters<typeof termsOfTask>[0];

  it('is the present run’s cohort and committee, of which some named members may be away', () => {
    expect(termsOfTask(view('named'), OPEN_PINS)).toEqual({ ...AGREED, minimumCohort: 8 });
    expect(termsOfTask(view('drawn'), OPEN_PINS).committee).toEqual({ choice: 'drawn', least: 3 });
  });

  it('is what the task says, with the committee open, before the first run and after the last one', () => {
    for (const before of [view(null), view('drawn', 'finished')])
      expect(termsOfTask(before, OPEN_PINS)).toMatchObject({ minimumCohort: 5, committee: null, noise: null });
  });

  it('is the noise of the present run: what it may cost, and on how many it counts', () => {
    const { noise } = termsOfTask(view('drawn', 'running', { epsilon: 2, delta: 1e-5, contributors: 10 }), OPEN_PINS);
    expect(noise).toEqual(NOISE);
    const settled = view('drawn', 'running', { noiseMultiplier: 1, delta: 1e-5, contributors: 10 });
    expect(termsOfTask(settled, OPEN_PINS).noise).toEqual({ ...NOISE, epsilon: null });
  });

  it('is, with a study key in the link, whomever that vouches for', () => {
    const pins: Pins = { ...OPEN_PINS, studyKey: key(80), leastCommittee: 5, admission: 'certified' };
    expect(termsOfTask(view('drawn'), pins)).toEqual({ ...STUDY, minimumCohort: 8 });
  });
});

/** Gives the members' round 1 to everybody, then a second round as `change` makes it. */
async function secondRound(change: (plan: Plan) => Plan | Promise<Plan>, choice: Committee['choice'] = 'drawn') {
  const room = await createRoom();
  const devices = await Promise.all([1, 2, 3, 4, 5].map(() => room.device()));
  const chosen = (plan: Plan): Plan => ({ ...plan, minimumCohort: 4, committee: { ...plan.committee, choice } });
  const first = await room.plan(devices.slice(0, 4), chosen);
  for (const device of devices) must(await room.contribute(device, first.hash));
  const second = await room.plan(devices.slice(0, 4), (plan) => plan, 2);
  const made = await room.publish(await change(chosen(second.plan)));
  return { room, devices, made };
}

async function expectRefused(
  device: Device,
  made: { hash: string; plan: Plan },
  code: string,
  room: Awaited<ReturnType<typeof createRoom>>,
) {
  device.sent.length = 0;
  device.done.length = 0;
  const refusal = { rejected: code, message: expect.stringContaining('→') };
  expect(await room.contribute(device, made.hash)).toMatchObject(refusal);
  expect(await room.check(device, made, [])).toMatchObject(refusal);
  expect(device.done).not.toContain('train');
  // The others are not left waiting; nothing else is said.
  expect([...new Set(device.sent.map(({ name }) => name))]).toEqual(['withdraw']);
}

describe('a coordinator that, in mid-run,', () => {
  it('lowers the cohort is refused before anything is learned or answered, also after the device restarted', async () => {
    const { room, devices, made } = await secondRound((plan) => ({ ...plan, minimumCohort: 3 }));
    await expectRefused(devices[0]!, made, 'changed_cohort', room);
    devices[0]!.restart();
    await expectRefused(devices[0]!, made, 'changed_cohort', room);
  });

  it('raises it goes on', async () => {
    const { room, devices, made } = await secondRound((plan) => ({ ...plan, minimumCohort: 5 }));
    for (const device of devices) must(await room.contribute(device, made.hash));
  });

  it('swaps one named member, or draws a committee instead, is refused', async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3, 4, 5].map(() => room.device()));
    const as = (choice: Committee['choice']) => (plan: Plan) => ({ ...plan, committee: { ...plan.committee, choice } });
    const [first] = devices as [Device];
    must(await room.contribute(first, (await room.plan(devices.slice(0, 4), as('named'))).hash));
    const swapped = await room.plan([first, ...devices.slice(2)], as('named'), 2);
    await expectRefused(first, swapped, 'changed_committee', room);
    const drawn = await room.plan(devices.slice(0, 4), as('drawn'), 3);
    await expectRefused(first, drawn, 'changed_committee', room);
    const someAway = await room.plan(devices.slice(0, 3), as('named'), 4);
    must(await room.contribute(first, someAway.hash));
  });

  it('has a committee named instead of drawn is refused', async () => {
    const { room, devices, made } = await secondRound((plan) => ({
      ...plan,
      committee: { ...plan.committee, choice: 'named' },
    }));
    await expectRefused(devices[0]!, made, 'changed_committee', room);
  });

  it('changes the model’s layers is refused by those who learn and by members that only check; other weights are not', async () => {
    const { room, devices, made } = await secondRound((plan) => ({
      ...plan,
      model: otherModel({ topology: '{"layers":2}' }).hash,
    }));
    const layers = otherModel({ topology: '{"layers":2}' });
    room.documents.set(`/api/models/${layers.hash}`, layers.bytes);
    await expectRefused(devices[0]!, made, 'changed_model', room);
    const weights = otherModel({ weight: 1 });
    room.documents.set(`/api/models/${weights.hash}`, weights.bytes);
    const third = await room.plan(
      devices.slice(0, 4),
      (plan) => ({ ...plan, minimumCohort: 4, model: weights.hash }),
      3,
    );
    must(await room.contribute(devices[0]!, third.hash));
  });

  it('is refused by a second session over the same vault, too', async () => {
    const { devices, made } = await secondRound((plan) => ({ ...plan, minimumCohort: 3 }));
    const [device] = devices as [Device];
    const { contributing } = device;
    device.restart();
    for (const session of [contributing, device.contributing])
      expect(await session.asked(made.hash)).toMatchObject({ rejected: 'changed_cohort' });
  });
});

describe('an agreement in the vault', () => {
  const PLAN = (plan: Partial<Plan>) => plan as Plan;
  const setUp = (offered: Terms | null, vault = createMemoryVault(), address = 'https://a') => ({
    vault,
    ...createAgreements({ vault, task: 'digits', pins: OPEN_PINS, address, offered }, () => 1),
  });
  const drawnPlan = async () => {
    const room = await createRoom();
    const devices = await Promise.all([1, 2, 3].map(() => room.device()));
    const drawn = ({ committee, ...made }: Plan): Plan => ({ ...made, committee: { ...committee, choice: 'drawn' } });
    const { plan } = await room.plan(devices, drawn);
    return { plan, promised: promiseOf(termsOfPlan(plan, null, OPEN_PINS), OPEN_PINS) };
  };
  const terms = (disagreement: Disagreement | undefined) => disagreement?.changes.map(({ term }) => term);

  it('holds over sessions: what is offered at the next join must be no worse', async () => {
    const { vault, meet } = setUp(AGREED);
    expect(await meet(AGREED.coordinator)).toBeUndefined();
    const worse = setUp({ ...AGREED, minimumCohort: 3 }, vault);
    const disagreement = await worse.meet(AGREED.coordinator);
    expect(terms(disagreement)).toEqual(['minimumCohort']);
    expect(refusalOf(disagreement!)).toMatchObject({
      rejected: 'changed_cohort',
      message: expect.stringContaining('10 → 3'),
    });
    await worse.agree(disagreement!);
    expect(await worse.meet(AGREED.coordinator)).toBeUndefined();
    expect(await setUp(null, vault).meet(AGREED.coordinator)).toBeUndefined();
  });

  it('is the same whether or not the page was loaded anew in a round with better terms', async () => {
    const { plan, promised } = await drawnPlan();
    const better = PLAN({ ...plan, minimumCohort: plan.minimumCohort + 1 });
    for (const reloaded of [false, true]) {
      const { vault, meet, check } = setUp(promised);
      await meet(plan.coordinator);
      expect(await check(better, null)).toBeUndefined();
      const again = reloaded ? setUp({ ...promised, minimumCohort: better.minimumCohort }, vault) : { meet, check };
      expect(await again.meet(plan.coordinator)).toBeUndefined();
      expect(await again.check(plan, null)).toBeUndefined();
      expect(terms(await again.check(PLAN({ ...plan, minimumCohort: plan.minimumCohort - 1 }), null))).toEqual([
        'minimumCohort',
      ]);
    }
  });

  it('is with one coordinator: another one at the same address, or than the page showed, was not agreed to', async () => {
    const { vault, meet } = setUp(AGREED);
    expect(terms(await meet(key(91)))).toEqual(['coordinator']);
    await meet(AGREED.coordinator);
    for (const offered of [null, { ...AGREED, coordinator: key(91) }]) {
      expect(terms(await setUp(offered, vault).meet(key(91)))).toEqual(['coordinator']);
      // The same device at another address: another study.
      expect(await setUp(offered, vault, 'https://b').meet(key(91))).toBeUndefined();
    }
    const back = setUp(AGREED, vault);
    expect(await back.meet(AGREED.coordinator)).toBeUndefined();
  });

  it('of two sessions at once stands for both', async () => {
    const vault = createMemoryVault();
    const joined = [AGREED, { ...AGREED, minimumCohort: 20 }].map((offered) => setUp(offered, vault));
    await Promise.all(joined.map(({ meet }) => meet(AGREED.coordinator)));
    const worse = setUp({ ...AGREED, minimumCohort: 9 }, vault);
    expect(terms(await worse.meet(AGREED.coordinator))).toEqual(['minimumCohort']);
  });

  it('takes what nobody knew at the join from the first plan that says it', async () => {
    const { plan, promised } = await drawnPlan();
    const { vault, meet, check } = setUp({ ...promised, committee: null });
    await meet(plan.coordinator);
    expect(await check(plan, null)).toBeUndefined();
    expect(await check(plan, 'aa'.repeat(32))).toBeUndefined();
    const other = setUp(null, vault);
    expect(terms(await other.check(plan, 'bb'.repeat(32)))).toEqual(['architecture']);
    const named = PLAN({ ...plan, committee: { ...plan.committee, choice: 'named' } });
    expect(terms(await other.check(named, null))).toEqual(['committee']);
  });
});
