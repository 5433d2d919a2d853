import { z } from 'zod';

/** What a contributor does with its own examples before sealing; part of the plan, so that it cannot change unseen. */
const Optimizer = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('sgd'),
    learningRate: z.number().positive(),
    momentum: z.number().min(0).lt(1).optional(),
  }),
  z.strictObject({ name: z.literal('adam'), learningRate: z.number().positive() }),
]);
export type Optimizer = z.infer<typeof Optimizer>;

export const Training = z.strictObject({
  optimizer: Optimizer,
  epochs: z.number().int().min(1).max(1000),
  batchSize: z.number().int().min(1).max(65_536),
  /** μ of FedProx: (μ/2)·‖w − w_t‖² is added to the loss, where w_t are the weights that training began with. */
  proximalMu: z.number().positive().max(1000).optional(),
});
export type Training = z.infer<typeof Training>;
