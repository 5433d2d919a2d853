/** The coordinator cannot start, or a command to it cannot be carried out. The message is for people: what, where, what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
