import * as Comlink from 'comlink';
import type { Fault } from '../intake/fault.ts';
import { reportTo } from '../intake/progress.browser.ts';
import type { Proceed } from '../intake/report.ts';
import type { TableReading } from './examples.ts';
import type { BroughtFile } from './file.ts';
import type { TableLayout } from './layout.ts';
import type { TableMapping } from './mapping.ts';
import { openTable, readTable } from './reading.ts';
import type { TableSketch } from './sketch.ts';

/** The part of the intake's worker that tables need. */
export interface TableService {
  readonly open: typeof openTable;
  read(file: BroughtFile, layout: TableLayout, mapping: TableMapping, proceed: Proceed): Promise<TableReading>;
  sketch(file: BroughtFile, proceed: Proceed): Promise<TableSketch | Fault>;
}

export const tableService: TableService = {
  open: openTable,
  async read(file, layout, mapping, proceed) {
    const reading = await readTable(file, layout, mapping, reportTo(proceed));
    const { dataset } = reading;
    return dataset ? Comlink.transfer(reading, [dataset.inputs.buffer, dataset.labels.buffer]) : reading;
  },
  async sketch(file, proceed) {
    // Whoever takes part needs none.
    const { sketchTable } = await import('./sketch.ts');
    return sketchTable(file, reportTo(proceed));
  },
};
