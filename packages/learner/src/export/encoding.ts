import type { TaskManifest } from '@sotto/protocol/task';
import { TOKEN } from '../text/features.ts';

/** How one example becomes the model's inputs, for whoever uses the model elsewhere: in words, and as a function of JavaScript. */
interface Encoding {
  readonly words: string;
  readonly code: readonly string[];
}

export function encodingOf(task: TaskManifest): Encoding {
  const { text, columns, image } = task.input;
  if (text) return textEncoding(text);
  if (columns) return TABLE;
  return image ? imageEncoding(image) : ROW;
}

function textEncoding({ buckets, pairs, maxCharacters }: NonNullable<TaskManifest['input']['text']>): Encoding {
  return {
    words: [
      `The first ${maxCharacters} code points of the text, normalised to NFKC and lower-cased, are split into tokens: words, currency signs`,
      'and emoji as they are, web addresses as <url>, mail addresses as <email>, numbers as <number>, runs of ! as one.',
      `Each token${pairs ? ', and each two neighbouring tokens joined by a space,' : ''} has a bucket: the 32-bit FNV-1a hash of its UTF-8`,
      `bytes modulo ${buckets}. Inputs of buckets that occur are 1, all others 0.`,
    ].join(' '),
    code: [
      `const TOKEN = ${TOKEN};`,
      'function encode(text) {',
      `  const read = [...text].slice(0, ${maxCharacters}).join('').normalize('NFKC').toLowerCase();`,
      '  const tokens = [...read.matchAll(TOKEN)].map(({ 0: token, groups: { url, email, number, shout } }) =>',
      "    url ? '<url>' : email ? '<email>' : number ? '<number>' : shout ? '!' : token.replaceAll('’', \"'\"),",
      '  );',
      ...(pairs ? ["  tokens.push(...tokens.slice(1).map((token, i) => tokens[i] + ' ' + token));"] : []),
      `  const values = new Float32Array(${buckets});`,
      '  for (const token of tokens) {',
      '    let hash = 0x811c9dc5; // FNV-1a',
      '    for (const byte of new TextEncoder().encode(token)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;',
      `    values[hash % ${buckets}] = 1;`,
      '  }',
      '  return values;',
      '}',
    ],
  };
}

const TABLE: Encoding = {
  words: [
    'The columns stand under input.columns of the metadata, in the order of the inputs. A column of numbers is one input,',
    '(value − mean) / deviation, and 0 where the value is missing. A column of categories is one input for each of its values: 1 for',
    'the row’s, 0 for the others.',
  ].join(' '),
  code: [
    '// row: { name of a column: its value, … }',
    'function encode(row) {',
    '  return input.columns.flatMap(({ name, type, mean, deviation, values }) =>',
    "    type === 'number' ? [(Number(row[name] ?? mean) - mean) / deviation] : values.map((each) => Number(each === row[name])),",
    '  );',
    '}',
  ],
};

function imageEncoding({ width, height, channels }: NonNullable<TaskManifest['input']['image']>): Encoding {
  const grey = channels === 1;
  return {
    words: [
      `The pixels of a picture of ${width} × ${height}, row by row from the top left,`,
      grey
        ? 'one number from 0 (black) to 255 (white) each: 0.299 red + 0.587 green + 0.114 blue. Drawings and writing are light on dark;'
        : 'red, green and blue from 0 to 255 each.',
      ...(grey
        ? [
            'what is dark on light is turned round, cut out, scaled to fit 20/28 of the picture’s sides and moved until its centre of mass',
            'lies in the middle, as in MNIST. Without that the model guesses badly.',
          ]
        : []),
    ].join(' '),
    code: [
      `// picture: the ImageData of ${width} × ${height} pixels${grey ? ', light strokes on black, centred' : ''}`,
      'function encode({ data }) {',
      '  const values = [];',
      '  for (let i = 0; i < data.length; i += 4) {',
      grey
        ? '    values.push(Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]));'
        : '    values.push(data[i], data[i + 1], data[i + 2]);',
      '  }',
      '  return values;',
      '}',
    ],
  };
}

const ROW: Encoding = {
  words: 'The numbers of the example, as they are.',
  code: ['const encode = (numbers) => numbers;'],
};
