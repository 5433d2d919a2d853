import { defineConfig } from 'vitest/config';

const NEVER = ['**/node_modules/**', '**/dist/**'];

/** Browser tests drive several tabs that train: side by side they would only starve one another. */
const ONE_BY_ONE = { fileParallelism: false, testTimeout: 300_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    // Whole rounds and the sealing of real models are slow on a small machine; a hang still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // node:sqlite and friends are chosen knowingly.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // All cores: Vitest alone would leave one of two idle.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'apps/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'tasks/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          exclude: NEVER,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: [...NEVER, 'e2e/page/**'],
          ...ONE_BY_ONE,
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['e2e/page/**/*.test.ts'],
          exclude: NEVER,
          ...ONE_BY_ONE,
          // A browser and a coordinator of its own for each file: they wait for one another more than they compute.
          fileParallelism: true,
          maxWorkers: 2,
        },
      },
    ],
  },
});
