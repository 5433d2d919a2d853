import { benchLearning } from './learning/bench.ts';
import { benchLoad } from './load/bench.ts';
import { benchPage } from './page/bench.ts';
import { benchSeal } from './seal/bench.ts';

/** Each prints its table, writes JSON where `--json FILE` asks for it, and tells whether its target was met. */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<boolean>>> = {
  learning: benchLearning,
  load: benchLoad,
  page: benchPage,
  seal: benchSeal,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench) {
  process.exitCode = (await bench(args)) ? 0 : 1;
} else {
  console.error(name === '' ? 'Which benchmark?' : `There is no benchmark “${name}”.`);
  console.error(`There are: ${Object.keys(BENCHES).join(', ')}. For example: npm run bench -- seal --json seal.json`);
  process.exitCode = 1;
}
