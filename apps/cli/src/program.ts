import { Command } from 'commander';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addDevice } from './commands/device.ts';
import { addDoctor } from './commands/doctor.ts';
import { addJoin } from './commands/join.ts';
import { addLogin } from './commands/login.ts';
import { addModel } from './commands/model.ts';
import { addRun } from './commands/run.ts';
import { addRunExport } from './commands/run-export.ts';
import { addSelftest } from './commands/selftest.ts';
import { addSharing } from './commands/sharing.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStart } from './commands/start.ts';
import { addStudy } from './commands/study.ts';
import { addTask } from './commands/task.ts';
import { addToken } from './commands/token.ts';
import { addVerify } from './commands/verify.ts';

/** Every command there is. What one is made of loads when it is given. */
export function createProgram(): Command {
  const program = new Command('sotto')
    .description('Federated learning in which nobody, the server included, can read one person’s update.')
    .configureHelp({ sortOptions: true })
    .showSuggestionAfterError();

  for (const add of [
    addStart,
    addJoin,
    addSimulate,
    addVerify,
    addStudy,
    addLogin,
    addModel,
    addDevice,
    addTask,
    addRun,
    addRunExport,
    addSharing,
    addAudit,
    addToken,
    addSelftest,
    addDoctor,
    addBackup,
  ])
    add(program);
  return program;
}
