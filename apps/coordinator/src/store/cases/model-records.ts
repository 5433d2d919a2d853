import { type Case, ensureEqual } from '../../conformance.ts';
import type { Store } from '../store.ts';
import { beginPlannedRound } from './counted-once.ts';
import { hex, NOW, run, setup } from './samples.ts';

const pinned = (digit: string) => ({ model: hex(digit), run: run.run, round: Number(digit) });

export const modelRecordCases: readonly Case<Store>[] = [
  {
    promise: 'keeps one pinned model for each task until it is another, or none',
    async run(open) {
      const store = await open();
      ensureEqual(await store.pinnedModel('numbers'), null, 'none yet');
      await store.pinModel('numbers', pinned('1'));
      await store.pinModel('letters', pinned('2'));
      await store.pinModel('numbers', pinned('3'));
      await store.close();
      const again = await open();
      ensureEqual(await again.pinnedModel('numbers'), pinned('3'), 'replaced');
      await again.pinModel('numbers', null);
      ensureEqual(await again.pinnedModel('numbers'), null, 'taken away');
      ensureEqual(await again.pinnedModel('letters'), pinned('2'), 'of the other task');
      await again.close();
    },
  },
  {
    promise: 'keeps how a model did by the model and the examples, the last result of each',
    async run(open) {
      const store = await open();
      const result = {
        heldOut: hex('e'),
        at: NOW,
        examples: 3,
        correct: 2,
        loss: 0.5,
        confusion: [
          [1, 1],
          [0, 1],
        ],
      };
      const later = { ...result, at: NOW + 1, loss: 0.25 };
      await store.keepEvaluation(hex('1'), result);
      await store.keepEvaluation(hex('1'), later);
      await store.keepEvaluation(hex('1'), { ...result, heldOut: hex('f') });
      await store.close();
      const again = await open();
      ensureEqual(await again.evaluation(hex('1'), hex('e')), later, 'the last');
      ensureEqual(await again.evaluation(hex('1'), hex('f')), { ...result, heldOut: hex('f') }, 'of other examples');
      ensureEqual(await again.evaluation(hex('2'), hex('e')), undefined, 'of another model');
      await again.close();
    },
  },
  {
    promise: 'says which plans a round of a run had, by group',
    async run(open) {
      const store = await open();
      await beginPlannedRound(store);
      await store.addRound(
        run.run,
        run.task,
        2,
        [1, 2].map((group) => ({ group, setup })),
      );
      const none = await store.plansOf(run.run, []);
      ensureEqual([...none], [], 'of no round');
      ensureEqual(
        [...(await store.plansOf(run.run, [1, 2, 3]))],
        [
          [1, [hex('f')]],
          [2, []],
        ],
        'of one with a plan, and one before it',
      );
      await store.close();
    },
  },
];
