import * as Comlink from 'comlink';
import { reportTo } from '../intake/progress.browser.ts';
import type { Proceed } from '../intake/report.ts';
import type { TableReading } from './examples.ts';
import type { BroughtFile } from './file.ts';
import type { TableLayout } from './layout.ts';
import type { TableMapping } from './mapping.ts';
import { openTable, readTable } from './reading.ts';

/** The part of the intake's worker that tables need. */
export interface TableService {
  readonly open: typeof openTable;
  read(file: BroughtFile, layout: TableLayout, mapping: TableMapping, proceed: Proceed): Promise<TableReading>;
}

export const tableService: TableService = {
  open: openTable,
  async read(file, layout, mapping, proceed) {
    const reading = await readTable(file, layout, mapping, reportTo(proceed));
    const { dataset } = reading;
    return dataset ? Comlink.transfer(reading, [dataset.inputs.buffer, dataset.labels.buffer]) : reading;
  },
};
