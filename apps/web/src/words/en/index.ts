import { FAULTS } from '@sotto/learner/intake/fault';
import data from './data.json';
import learning from './learning.json';
import ledger from './ledger.json';
import memory from './memory.json';
import model from './model.json';
import problems from './problems.json';
import shell from './shell.json';
import trust from './trust.json';

// English is their reference, and what the command line says.
export default { data: { ...data, faults: FAULTS }, learning, ledger, memory, model, problems, shell, trust };
