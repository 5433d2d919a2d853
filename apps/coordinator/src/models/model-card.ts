import type { TaskManifest } from '@sotto/protocol/task';
import type { CardFacts } from './card-facts.ts';
import { lineageRows, privacyLines } from './card-record.ts';
import { fixed, percent, table } from './card-words.ts';

/**
 * The model card (Mitchell et al. 2019, "Model Cards for Model Reporting") of a version, Markdown: what it is for, how it was learned, how well it
 * does, what was and was not protected, and where the evidence is. Of the facts given and nothing else: the same facts, the same card.
 */
export function modelCard(facts: CardFacts): string {
  const { task, version } = facts;
  const sections = [
    `# Model card: ${task.title}, round ${version.round} of ${version.run}\n\n${task.summary}`,
    identity(facts),
    `## What it is for\n\n${purpose(task)}`,
    `## How it was learned\n\n${learning(facts)}`,
    `## How well it does\n\n${results(facts)}`,
    `## What was protected, and what was not\n\n${list(privacyLines(facts))}`,
    `## Evidence\n\n${evidence(facts)}`,
    `## Limits\n\n${list(limits(facts))}`,
    `## The task's data card\n\n${facts.dataCard.trim().replaceAll(/^#/gm, '###')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function identity({ version, parameters, coordinator }: CardFacts): string {
  return table(
    ['', ''],
    [
      ['Model (SHA-256 of the file)', `\`${version.model}\``],
      ['Made', new Date(version.made).toISOString()],
      ['Weights', parameters === null ? 'unknown: the file cannot be read' : String(parameters)],
      ['Coordinator', `\`${coordinator}\``],
    ],
  );
}

const KINDS = { image: 'a picture', table: 'a row of a table', text: 'a text' } as const;

function purpose({ kind, classes, input }: TaskManifest): string {
  const { image, columns, text } = input;
  const what = image
    ? `${KINDS[kind]} of ${image.width} × ${image.height} pixels, ${image.channels === 1 ? 'grey' : 'in colour'}`
    : columns
      ? `${KINDS[kind]} with the columns ${columns.map(({ name }) => name).join(', ')}`
      : `${KINDS[kind]}${text ? `, of which the first ${text.maxCharacters} characters are read` : ''}`;
  return [
    `It takes ${what}, and answers with a share for each of ${classes.length} classes: ${classes.join(', ')}. It always answers with one of these, also about something that is none of them.`,
    'It is meant for the question above and for data like those below. Nobody has tried it on anything else. Do not let it decide about people alone.',
  ].join('\n\n');
}

function learning(facts: CardFacts): string {
  const { task, version, ancestry } = facts;
  if (version.transcript === null && ancestry.length === 1)
    return 'Nobody contributed to it: these are the weights that a run began with.';
  const { optimizer, epochs, batchSize } = task.training;
  const contributions = ancestry.reduce((sum, { contributors }) => sum + contributors, 0);
  const steps = ancestry.filter(({ transcript }) => transcript !== null).length;
  return [
    `By federated learning: ${steps} ${steps === 1 ? 'round' : 'rounds'}, ${contributions} updates. In each round devices learned from their own examples, and the sum of their updates was opened, never one of them. A device that took part in ten rounds counts ten times; how many devices, people or examples are behind it is not known.`,
    table(['run', 'strategy', 'rounds', 'updates', 'right after the last', 'ε spent'], lineageRows(facts)),
    `On each device, as the task says now: ${optimizer.name}, learning rate ${optimizer.learningRate} unless the run said otherwise, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, batches of ${batchSize}.`,
  ].join('\n\n');
}

function results({ version, evaluation, task }: CardFacts): string {
  const measured = `On the examples that the coordinator holds out: ${percent(version.testAccuracy)} right, loss ${fixed(version.testLoss)}, measured when it was made.`;
  if (!evaluation)
    return `${measured}\n\nClass by class it was not evaluated yet: \`sotto model evaluate ${task.id} ${version.model.slice(0, 12)}\`.`;
  const { examples, correct, classes, heldOut, at } = evaluation;
  const most = Math.max(...classes.map((each) => each.examples));
  const rows = classes.map((each) => [
    each.name,
    String(each.examples),
    ...[each.precision, each.recall, each.f1].map((share) => (share === null ? '–' : percent(share))),
  ]);
  return [
    `${measured} Class by class: ${correct} of ${examples} right (${percent(correct / examples)}), evaluated ${new Date(at).toISOString()}.`,
    table(['class', 'examples', 'precision', 'recall', 'F1'], rows),
    `Always answering with the most frequent class would be right in ${percent(most / examples)}. Held-out examples: \`${heldOut}\` (SHA-256).`,
  ].join('\n\n');
}

const MOST_ROUNDS = 50;

function evidence({ ancestry, coordinator }: CardFacts): string {
  const rounds = ancestry.filter(({ transcript }) => transcript !== null);
  if (rounds.length === 0) return 'There is none: no round made it.';
  const shown = rounds.slice(0, MOST_ROUNDS);
  const rest = rounds.length - shown.length;
  return [
    `Each round has a transcript, signed by the coordinator \`${coordinator}\`: who contributed under which plan, what the committee answered, and which model came of it. \`sotto verify\` checks them without the server.`,
    table(
      ['run', 'round', 'transcript', 'model before'],
      shown.map(({ run, round, transcript, before }) => [run, String(round), `\`${transcript}\``, `\`${before}\``]),
    ),
    ...(rest > 0 ? [`${rest} earlier rounds are not listed here.`] : []),
  ].join('\n\n');
}

function limits({ evaluation, version, ancestry }: CardFacts): string[] {
  return [
    "The examples it learned from were seen by nobody but their owners: whether they were right, alike, or many, nobody can say. What is below is about the task's own data.",
    'The results on held-out examples are the coordinator’s word. The same examples decided which rounds were refused, and perhaps which version was chosen: expect it to do a little worse elsewhere.',
    ...(evaluation && evaluation.examples < 1000
      ? [
          `${evaluation.examples} held-out examples are few: a difference of a few per cent between versions may be chance.`,
        ]
      : []),
    ...(evaluation?.classes.some(({ examples }) => examples === 0)
      ? ['Of some classes there is no held-out example: nothing is known of how well it recognises them.']
      : []),
    ...(ancestry.some(({ run }) => run !== version.run)
      ? [
          'It goes on from a model of another run, so that what is said of privacy holds only over all of these runs together.',
        ]
      : []),
    'A participant can mislead the model by what it learns from. Clipping bounds how much one update moves it; it does not find wrong labels.',
  ];
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
