import type { Dataset } from '../dataset.ts';
import { describeFault, type Fault, fault } from '../intake/fault.ts';
import { TrainingError } from '../training-error.ts';
import { createCsvReader } from './csv.ts';
import { sampleCsv } from './csv-sample.ts';
import { collectExamples } from './examples.ts';
import type { TableLayout } from './layout.ts';
import { isNamed, mappingFaults, suggestMapping } from './mapping.ts';

const SAMPLE_CHARACTERS = 1 << 19;

/**
 * A whole CSV file at once, such as a task's own: a header line that names the columns, in any order, then one example a line. Strict:
 * the first fault is thrown.
 * @throws TrainingError `bad_dataset`, naming file, line and column
 */
export function parseTable(text: string, layout: TableLayout, file: string): Dataset {
  const sample = sampleCsv(text.slice(0, SAMPLE_CHARACTERS), text.length <= SAMPLE_CHARACTERS, (cells) =>
    isNamed(cells, layout),
  );
  if (!sample) throw badDataset(fault('file_empty', { file }));
  const { header, headerLine, form, mark } = sample;
  const mapping = suggestMapping(header, layout);
  const [missing] = mappingFaults(file, header, layout, mapping);
  if (missing) throw badDataset(missing);
  const examples = collectExamples({ file, layout, mapping, header, mark });
  const reader = createCsvReader(form, {
    onRecord(cells, line) {
      if (line > headerLine) examples.add(line, cells);
      return true;
    },
    onBadLine: (line) => examples.addFault(fault('quotes', { file, line })),
  });
  reader.push(text);
  reader.end();
  const { dataset, faults } = examples.result();
  if (faults.first[0]) throw badDataset(faults.first[0]);
  if (!dataset) throw badDataset(fault('no_rows', { file }));
  return dataset;
}

function badDataset(found: Fault): TrainingError {
  return new TrainingError('bad_dataset', describeFault(found));
}
