/** Asks one question at a time; of those that come meanwhile only the latest is worth asking. */
export interface Asker<Question> {
  ask(question: Question): void;
  /** Nothing that is still under way is told of. */
  forget(): void;
}

interface AskerPorts<Question, Answer> {
  readonly answer: (question: Question) => Promise<Answer>;
  readonly onAnswer: (answer: Answer, question: Question) => void;
  readonly onFailure: (error: unknown) => void;
}

export function createAsker<Question, Answer>({
  answer,
  onAnswer,
  onFailure,
}: AskerPorts<Question, Answer>): Asker<Question> {
  let next: { readonly question: Question } | null = null;
  let busy = false;
  let asked = 0;

  async function run(): Promise<void> {
    busy = true;
    while (next) {
      const { question } = next;
      next = null;
      const turn = asked;
      try {
        const given = await answer(question);
        if (turn === asked) onAnswer(given, question);
      } catch (error) {
        if (turn === asked) onFailure(error);
      }
    }
    busy = false;
  }

  return {
    ask(question) {
      next = { question };
      if (!busy) void run();
    },
    forget() {
      asked += 1;
      next = null;
    },
  };
}
