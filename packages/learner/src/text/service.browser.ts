import * as Comlink from 'comlink';
import { reportTo } from '../intake/progress.browser.ts';
import type { Proceed } from '../intake/report.ts';
import { readTexts, type TextFile, type TextReading, type TextTask } from './reading.ts';

/** The part of the intake's worker that texts need. */
export interface TextService {
  read(files: readonly TextFile[], task: TextTask, proceed: Proceed): Promise<TextReading>;
}

export const textService: TextService = {
  async read(files, task, proceed) {
    const reading = await readTexts(files, task, reportTo(proceed));
    const { dataset } = reading;
    return dataset ? Comlink.transfer(reading, [dataset.inputs.buffer, dataset.labels.buffer]) : reading;
  },
};
