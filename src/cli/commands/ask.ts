import { createInterface } from 'node:readline/promises';
import type { Surroundings } from './cli-command.ts';

/** What the person types; `n` when they turn away from the question (Ctrl-C, Ctrl-D), or `signal` aborts. */
export async function ask(
  { input, output }: Pick<Surroundings, 'input' | 'output'>,
  question: string,
  signal?: AbortSignal,
): Promise<string> {
  const questions = createInterface({ input, output });
  const left = new AbortController();
  const leave = (): void => left.abort();
  questions.once('close', leave).once('SIGINT', () => questions.close());
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted === true) leave();
  try {
    return (await questions.question(question, { signal: left.signal })).trim();
  } catch {
    output.write('\n');
    return 'n';
  } finally {
    signal?.removeEventListener('abort', leave);
    questions.close();
  }
}

export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer);
}
