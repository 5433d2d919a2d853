import { makeTasks, topology } from '../task-folder.ts';

/** Weights of the large task's model: its update goes up in three parts. */
const UNITS = 480;

const dense = (name: string, units: number, activation: string, inputs?: number) => ({
  class_name: 'Dense',
  config: { name, units, activation, use_bias: true, ...(inputs && { batch_input_shape: [null, inputs] }) },
});

/** A folder of tasks with the one task `tiny`, of six weights or of some two hundred thousand. */
export function makeTask(size: 'small' | 'large'): string {
  if (size === 'small') return makeTasks();
  const { class_name, config } = topology();
  const layers = [dense('a', UNITS, 'relu', 2), dense('b', UNITS - 70, 'relu'), dense('dense', 2, 'softmax')];
  return makeTasks({}, { 'model.json': JSON.stringify({ class_name, config: { ...config, layers } }) });
}
