import { concat, type RichText } from '../../../util/rich-text.ts';
import type { Person } from '../../ports/chat.ts';
import type { GitTask } from './git-task.ts';

export type Confirmation = {
  readonly body: RichText;
  /** One line of plain text. */
  readonly subject: string;
  /** On the button. */
  readonly yes: string;
  /** `/git push`, for where nobody can be asked. */
  readonly words: string;
};

const NO = { id: 'no', label: '✖️ Don’t', key: 'n' };

/** Who said yes to what is shown; undefined: nobody. */
export async function confirm(
  task: GitTask,
  { body, subject, yes, words }: Confirmation,
): Promise<Person | undefined> {
  const { services, inbound } = task.invocation;
  if (!services.prompts.canAsk(inbound.chat)) {
    await task.offer(
      concat(body, `\n\n${words} needs somebody to confirm it, and nobody can be asked here.`),
      [],
    );
    return undefined;
  }
  const answer = await task.ask({
    body,
    subject,
    choices: [{ id: 'yes', label: yes, key: 'y' }, NO],
    outcome: (given) =>
      given.kind === 'choice' && given.choice === 'yes'
        ? `${yes}: ${given.by.name}`
        : `✖️ Not done${given.kind === 'timed-out' ? ': nobody answered' : ''}`,
  });
  return answer.kind === 'choice' && answer.choice === 'yes' ? answer.by : undefined;
}
