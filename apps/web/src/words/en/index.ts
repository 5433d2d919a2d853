import data from './data.json';
import learning from './learning.json';
import ledger from './ledger.json';
import memory from './memory.json';
import model from './model.json';
import problems from './problems.json';
import shell from './shell.json';
import trust from './trust.json';

export default { data, learning, ledger, memory, model, problems, shell, trust };
