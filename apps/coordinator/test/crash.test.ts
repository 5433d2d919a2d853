import { describe, expect, it } from 'vitest';
import { readDeaths } from './crash/deaths.ts';
import { PLOTS } from './crash/plots.ts';
import { play } from './crash/stage.ts';
import { describeOnPostgres } from './postgres.ts';

const LIMIT_MS = 300_000;

/** `npm run test:crash` kills at every failpoint; these few are among those where most could go wrong. */
const KILLS = {
  rounds: 'store:addRun:before,sql:insert:updates@2+50,store:conclude:before',
  parts: 'blob:append:half@5,append:update:before',
  withdrawal: 'append:withdrawn:after,append:judged:after,device-1:request:after@5',
  liar: 'append:not-opened:before,append:opened:after,device-2:write:after@4',
  stopped: 'append:failed:before,store:addRun:after',
  tasks:
    'blob:append:half,store:keepFile:before,sql:insert:task_revisions,store:addRevision:after,store:setArchived:before',
  groups: 'append:opened:after@2,engine:step:after,store:conclude:after',
};

async function playOut(name: string, deaths: string, server: string | null) {
  const { kills, fates } = readDeaths(deaths);
  const played = await play({
    plot: PLOTS.find((plot) => plot.name === name)!,
    kills,
    fates,
    server,
    limitMs: LIMIT_MS - 10_000,
  });
  expect(played).toMatchObject({ lost: 0, doubled: 0, problems: [], killed: kills });
  return played;
}

describe('a coordinator that is killed in the middle of it', () => {
  for (const [name, deaths] of Object.entries(KILLS))
    it(
      `loses and doubles nothing: ${name}, at ${deaths}`,
      async () => {
        const { resumed } = await playOut(name, deaths, null);
        // What did not go on in the middle was sent from the beginning, or was sent whole before.
        if (name === 'parts') expect(resumed).toBeGreaterThan(0);
      },
      LIMIT_MS,
    );
});

describeOnPostgres('a coordinator with its truth in PostgreSQL that is killed in the middle of it', () => {
  it(
    'loses and doubles nothing',
    () =>
      playOut(
        'liar',
        'sql:migrate:rounds,identity:temporary,append:update:before@2+50',
        process.env.SOTTO_TEST_POSTGRES!,
      ),
    LIMIT_MS,
  );
});
