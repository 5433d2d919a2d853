/** Every setting of a run by the name it has in a request, which is also its name for `sotto run start` and, where it has the like, Flower's. */
export interface Field {
  /** `cohort.least`: a path into the request. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: 'whole' | 'number' | 'choice' | 'text';
  /** Of a choice: what may be chosen; the first is what is left out. */
  readonly options?: readonly (readonly [value: string, label: string])[];
  /** Of a choice: how what is left out is called, where others of its kind are told and it has to be. */
  readonly usual?: string;
  /** What one of the form is in the request: of seconds, 1000 ms. */
  readonly scale?: number;
  /** Only where another field says so; else it is left out of the request. */
  readonly when?: (values: FormValues) => boolean;
}

/** What stands in the form, by name; empty or missing: left out. */
export type FormValues = Readonly<Record<string, string>>;

export interface FieldGroup {
  readonly title: string;
  /** One sentence on what these decide. */
  readonly about: string;
  /** Shown at once, or folded. */
  readonly open: boolean;
  readonly fields: readonly Field[];
}

const seconds = { kind: 'number', scale: 1000 } as const;
const adaptive = ({ 'strategy.name': name = '' }: FormValues) => ['FedAdam', 'FedYogi', 'FedAdagrad'].includes(name);
const moments = ({ 'strategy.name': name = '' }: FormValues) => ['FedAdam', 'FedYogi'].includes(name);
const noisy = ({ 'dp.epsilon': epsilon = '', 'dp.noiseMultiplier': multiplier = '' }: FormValues) =>
  epsilon !== '' || multiplier !== '';
const given = (name: string) => (values: FormValues) => (values[name] ?? '') !== '';
const is =
  (name: string, ...those: string[]) =>
  (values: FormValues) =>
    those.includes(values[name] ?? '');

export const FIELD_GROUPS: readonly FieldGroup[] = [
  {
    title: 'Rounds and devices',
    about: 'How often is learned, by how many.',
    open: true,
    fields: [
      { name: 'rounds', label: 'Rounds', kind: 'whole' },
      {
        name: 'cohort.least',
        label: 'Devices to wait for',
        hint: 'A round begins once so many are here.',
        kind: 'whole',
      },
      { name: 'cohort.most', label: 'Updates at the most', hint: 'The more, the coarser the levels.', kind: 'whole' },
      {
        name: 'minimumCohort',
        label: 'Fewest updates to open',
        hint: 'A sum of fewer is never opened.',
        kind: 'whole',
      },
      {
        name: 'fractionFit',
        label: 'Share of those present',
        hint: 'Flower’s fraction_fit: 0.1 asks a tenth.',
        kind: 'number',
      },
      {
        name: 'overSelection',
        label: 'Over-selection',
        hint: '1.3 asks 30 % more than are wanted, and lets the slowest go.',
        kind: 'number',
      },
    ],
  },
  {
    title: 'Strategy',
    about: 'What is made of a round’s mean, by Flower’s names.',
    open: true,
    fields: [
      {
        name: 'strategy.name',
        label: 'Strategy',
        kind: 'choice',
        options: [
          ['', 'FedAvg'],
          ['FedAvgM', 'FedAvgM'],
          ['FedProx', 'FedProx'],
          ['FedAdam', 'FedAdam'],
          ['FedYogi', 'FedYogi'],
          ['FedAdagrad', 'FedAdagrad'],
        ],
      },
      { name: 'strategy.eta', label: 'eta', hint: 'Learning rate of the server.', kind: 'number', when: adaptive },
      {
        name: 'strategy.eta_l',
        label: 'eta_l',
        hint: 'Learning rate of the devices; empty: the task’s.',
        kind: 'number',
        when: adaptive,
      },
      { name: 'strategy.beta_1', label: 'beta_1', hint: 'Decay of the first moment.', kind: 'number', when: moments },
      { name: 'strategy.beta_2', label: 'beta_2', hint: 'Decay of the second moment.', kind: 'number', when: moments },
      { name: 'strategy.tau', label: 'tau', hint: 'Adaptability.', kind: 'number', when: adaptive },
      {
        name: 'strategy.server_learning_rate',
        label: 'server_learning_rate',
        kind: 'number',
        when: is('strategy.name', 'FedAvgM'),
      },
      {
        name: 'strategy.server_momentum',
        label: 'server_momentum',
        kind: 'number',
        when: is('strategy.name', 'FedAvgM'),
      },
      {
        name: 'strategy.proximal_mu',
        label: 'proximal_mu',
        hint: 'How strongly a device is drawn back to where it started.',
        kind: 'number',
        when: is('strategy.name', 'FedProx'),
      },
      {
        name: 'schedule.name',
        label: 'Learning rate',
        kind: 'choice',
        usual: 'constant',
        options: [
          ['', 'constant'],
          ['step', 'step: falls every so many rounds'],
          ['exponential', 'exponential: falls each round'],
          ['cosine', 'cosine: falls to the end'],
        ],
      },
      { name: 'schedule.every', label: 'Falls every … rounds', kind: 'whole', when: is('schedule.name', 'step') },
      {
        name: 'schedule.factor',
        label: 'Times',
        hint: '0.5 halves it.',
        kind: 'number',
        when: is('schedule.name', 'step', 'exponential'),
      },
      { name: 'schedule.least', label: 'Share left at the end', kind: 'number', when: is('schedule.name', 'cosine') },
      {
        name: 'schedule.warmup',
        label: 'Warm-up rounds',
        hint: 'In which it rises to its full height.',
        kind: 'whole',
      },
      {
        name: 'earlyStopping.metric',
        label: 'Early stopping',
        kind: 'choice',
        options: [
          ['', 'never'],
          ['loss', 'when the loss no longer falls'],
          ['accuracy', 'when the accuracy no longer rises'],
        ],
      },
      {
        name: 'earlyStopping.patience',
        label: 'Patience',
        hint: 'Rounds without a gain.',
        kind: 'whole',
        when: given('earlyStopping.metric'),
      },
      { name: 'earlyStopping.minDelta', label: 'Least gain', kind: 'number', when: given('earlyStopping.metric') },
    ],
  },
  {
    title: 'Privacy',
    about: 'Noise that every device adds, so that the whole run tells little of any one. Empty: none.',
    open: true,
    fields: [
      {
        name: 'dp.epsilon',
        label: 'ε of the whole run',
        hint: 'The smaller, the better hidden, and the less is learned.',
        kind: 'number',
      },
      {
        name: 'dp.noiseMultiplier',
        label: 'Noise multiplier',
        hint: 'How loud the noise is, instead of what ε leaves.',
        kind: 'number',
      },
      { name: 'dp.delta', label: 'δ', hint: 'Well below one in the number of people.', kind: 'number', when: noisy },
      {
        name: 'dp.contributors',
        label: 'Honest contributors counted on',
        hint: 'Noise of so many hides each of them.',
        kind: 'whole',
        when: noisy,
      },
      {
        name: 'dp.clip',
        label: 'Clip',
        hint: 'Longest update; noise is as loud as that.',
        kind: 'number',
        when: noisy,
      },
    ],
  },
  {
    title: 'Deadlines',
    about: 'How long each phase may take, in seconds. Whoever is slower misses the round.',
    open: false,
    fields: [
      { name: 'durations.uploadMs', label: 'To learn and send', ...seconds },
      { name: 'durations.keysMs', label: 'For members’ keys', ...seconds },
      { name: 'durations.checkMs', label: 'To check', ...seconds },
      { name: 'durations.voteMs', label: 'To vote', ...seconds },
      { name: 'durations.openMs', label: 'To open', ...seconds },
      { name: 'durations.returnMs', label: 'For devices to come back', ...seconds },
    ],
  },
  {
    title: 'Committee and admission',
    about: 'Who opens the sum together, and who may contribute to it.',
    open: false,
    fields: [
      {
        name: 'committee',
        label: 'Committee',
        hint: 'Drawn protects against a coordinator that follows the protocol only.',
        kind: 'choice',
        options: [
          ['', 'drawn from those present longest'],
          ['named', 'named: devices that the study key certified'],
        ],
      },
      {
        name: 'admission',
        label: 'Contributors',
        kind: 'choice',
        options: [
          ['', 'as the task admits devices'],
          ['open', 'every device that is let in'],
          ['certified', 'only devices that the study key certified'],
        ],
      },
    ],
  },
  {
    title: 'Robustness',
    about: 'What a device that misleads can do to the model.',
    open: false,
    fields: [
      {
        name: 'groups.count',
        label: 'Groups',
        hint: 'Each with a sum of its own. Empty: one sum of all.',
        kind: 'whole',
      },
      {
        name: 'groups.least',
        label: 'Groups at least',
        hint: 'With fewer there is no result.',
        kind: 'whole',
        when: given('groups.count'),
      },
      {
        name: 'robust.rule',
        label: 'Means become one',
        kind: 'choice',
        options: [
          ['', 'weighted by examples'],
          ['median', 'by their median'],
          ['trimmed-mean', 'by their trimmed mean'],
        ],
        when: given('groups.count'),
      },
      { name: 'robust.trim', label: 'Trimmed at each end', kind: 'number', when: is('robust.rule', 'trimmed-mean') },
      {
        name: 'robust.gate',
        label: 'Gate',
        kind: 'choice',
        options: [
          ['', 'leaves out groups that make the model worse'],
          ['false', 'none'],
        ],
        when: given('robust.rule'),
      },
      { name: 'robust.tolerance', label: 'Accuracy a group may cost', kind: 'number', when: given('robust.rule') },
      { name: 'guard.mostDrop', label: 'Accuracy a round may cost', kind: 'number' },
      { name: 'guard.mostRise', label: 'Loss a round may add', kind: 'number' },
    ],
  },
  {
    title: 'Bytes and records',
    about: 'How finely updates are rounded, and what is kept.',
    open: false,
    fields: [
      { name: 'lanes', label: 'Weights to a coefficient', hint: 'A number from 1 to 8, or auto.', kind: 'text' },
      { name: 'bits', label: 'Bits of a level', hint: 'Where weights to a coefficient are auto.', kind: 'whole' },
      {
        name: 'rotation',
        label: 'Rotation',
        kind: 'choice',
        options: [
          ['', 'where levels are few'],
          ['true', 'always'],
          ['false', 'never'],
        ],
      },
      {
        name: 'ranges',
        label: 'Ranges',
        kind: 'choice',
        options: [
          ['', 'as earlier rounds were opened'],
          ['fixed', 'always those of the first round'],
        ],
      },
      {
        name: 'keepCiphertexts',
        label: 'Rounds whose ciphertexts are kept',
        hint: 'So that somebody can add them up again.',
        kind: 'whole',
      },
      {
        name: 'startFrom',
        label: 'Starts from model',
        hint: 'SHA-256 of one of this task’s; empty: untrained.',
        kind: 'text',
      },
      { name: 'seed', label: 'Seed', hint: 'Fixes first weights, selection and groups. Empty: any.', kind: 'whole' },
    ],
  },
];

export const FIELDS: readonly Field[] = FIELD_GROUPS.flatMap(({ fields }) => fields);
