import { messageOf } from '../../../errors.ts';
import { bold, concat, plain, type RichText } from '../../../util/rich-text.ts';
import type { Invocation, NextStep } from '../command.ts';
import { chatKey } from '../../ports/chat.ts';
import { shownName, type Repository } from '../../ports/git.ts';
import type { Refused } from '../../ports/git-data.ts';
import type { Session } from '../../ports/store.ts';
import type { PromptAnswer } from '../../prompts/prompt-request.ts';
import { isInTheWay } from '../between-turns.ts';
import { directoriesOf, otherPlaces, placeAt, type GitPlace } from './git-place.ts';
import type { ChangeNotes, GitQuestion, GitSubcommand, GitTask, StepOptions } from './git-task.ts';
import { refusedText } from './git-words.ts';
import { stepsAfter } from './refusal-steps.ts';

export type GitRun = {
  readonly subcommand: GitSubcommand;
  readonly args: string;
  /** Left out: the chat's. */
  readonly directory?: string | undefined;
  readonly subcommands: readonly GitSubcommand[];
};

/** Runs a subcommand, behind the chat's others, where the person and the moment allow it. */
export async function runGit(invocation: Invocation, run: GitRun): Promise<void> {
  const { services, inbound, say } = invocation;
  await services.gitPlaces.inOrder(inbound.chat, async (letOthers) => {
    const refusal = run.subcommand.isChanging ? await notNow(invocation, run.subcommand) : undefined;
    if (refusal !== undefined) {
      await say(plain(refusal));
      return;
    }
    const session = await services.sessions.open(inbound.chat);
    const place = await placeFor(invocation, session, run);
    if (place) await run.subcommand.run(new Task({ invocation, session, place, run, letOthers }));
  });
}

async function notNow(
  { services, inbound }: Invocation,
  { name }: GitSubcommand,
): Promise<string | undefined> {
  const { queue, turns, mayApprove } = services;
  const { chat, person } = inbound;
  if (!mayApprove(chat, person)) return `Only those who may approve can use /git ${name} here.`;
  return (await isInTheWay(queue, turns, chat))
    ? `Claude is working. /stop it first, then /git ${name}. Looking is possible: /git status, /git diff, /git log.`
    : undefined;
}

async function placeFor(
  invocation: Invocation,
  session: Session,
  run: GitRun,
): Promise<GitPlace | undefined> {
  const { services, say, offer } = invocation;
  const { git, gitPlaces, hide } = services;
  if (!git) {
    await say(plain('Git can’t be used from here.'));
    return undefined;
  }
  const directory = run.directory ?? gitPlaces.directoryOf(session);
  const found = await placeAt(
    { git, directories: directoriesOf(services, session), signal: gitPlaces.stopping },
    directory,
  );
  if (found.kind === 'found') return found.place;
  const words =
    found.kind === 'refused'
      ? refusedText(found, hide)
      : plain(`${directory} is in no git repository. /dir goes elsewhere.`);
  const others = await otherPlaces(invocation, session, undefined);
  const repo = run.subcommands.find(({ name }) => name === 'repo');
  await offer(words, repo ? others.map((other) => placeStep(other, { ...run, subcommand: repo })) : []);
  return undefined;
}

/** Goes to another repository of the chat's. */
function placeStep({ name, directory }: GitPlace, run: GitRun): NextStep {
  return {
    label: `📂 ${shownName(name)}`,
    typed: `/git repo ${shownName(name)}`,
    isReading: true,
    run: (invocation) => runGit(invocation, { ...run, args: name, directory }),
  };
}

type TaskOptions = {
  readonly invocation: Invocation;
  readonly session: Session;
  readonly place: GitPlace;
  readonly run: GitRun;
  readonly letOthers: () => void;
};

class Task implements GitTask {
  readonly #options: TaskOptions;

  constructor(options: TaskOptions) {
    this.#options = options;
  }

  get invocation(): Invocation {
    return this.#options.invocation;
  }

  get args(): string {
    return this.#options.run.args;
  }

  get place(): GitPlace {
    return this.#options.place;
  }

  get hide(): (text: string) => string {
    return this.invocation.services.hide;
  }

  async read<Result>(
    operation: string,
    work: (repository: Repository) => Promise<Result>,
    detail?: string,
  ): Promise<Result> {
    await this.#record(operation, 'begun', { detail });
    return work(this.place.repository);
  }

  async change<Result extends { readonly kind: string }>(
    operation: string,
    work: (repository: Repository) => Promise<Result>,
    notes: ChangeNotes = {},
  ): Promise<Result | Refused> {
    const { queue } = this.invocation.services;
    let result: Result | Refused = WORKING;
    await queue.whileIdle(async () => {
      const isElsewhere = await isWorkedOn(this.invocation, this.place);
      result = isElsewhere ? WORKING_ELSEWHERE : await this.#changeNow(operation, work, notes);
    });
    return result;
  }

  step(label: string, name: string, args = '', options: StepOptions = {}): NextStep {
    return { ...this.stepAt(this.place, label, name, args), ...options };
  }

  stepAt({ directory }: GitPlace, label: string, name: string, args = ''): NextStep {
    const { run } = this.#options;
    const subcommand = run.subcommands.find((each) => each.name === name);
    if (!subcommand) throw new TypeError(`there is no /git ${name}`);
    return {
      label,
      typed: `/git ${name}${args === '' ? '' : ` ${shownName(args)}`}`,
      isReading: !subcommand.isChanging,
      run: (invocation) => runGit(invocation, { ...run, subcommand, args, directory }),
    };
  }

  async offer(
    body: RichText | string,
    steps: readonly NextStep[],
    attachment?: Parameters<GitTask['offer']>[2],
  ): Promise<void> {
    await this.invocation.offer(this.#headed(body), steps, attachment);
  }

  async sayRefused(refused: Refused, steps = stepsAfter(this, refused.cause)): Promise<void> {
    await this.offer(refusedText(refused, this.hide), steps);
  }

  async ask(question: GitQuestion): Promise<PromptAnswer> {
    const { prompts, mayApprove, settings } = this.invocation.services;
    const { chat } = this.invocation.inbound;
    this.letOthers();
    const signal = new AbortController().signal;
    const common = {
      chat,
      isAside: prompts.canAskAside(chat),
      timeoutMs: settings.now.approvalTimeoutMs,
      mayAnswer: (person: Parameters<typeof mayApprove>[1]) => mayApprove(chat, person),
      whoMay: 'Only those who may approve can answer this',
    };
    return prompts.ask({ ...common, ...question, body: this.#headed(question.body) }, signal);
  }

  letOthers(): void {
    this.#options.letOthers();
  }

  #headed(body: RichText | string): RichText {
    return concat('📂 ', bold(shownName(this.place.name)), '\n', body);
  }

  async #changeNow<Result extends { readonly kind: string }>(
    operation: string,
    work: (repository: Repository) => Promise<Result>,
    notes: ChangeNotes,
  ): Promise<Result> {
    await this.#record(operation, 'begun', notes);
    let result: Result;
    try {
      result = await work(this.place.repository);
    } catch (fault) {
      await this.#recordEnd(operation, 'failed', { ...notes, detail: messageOf(fault) });
      throw fault;
    }
    const why = 'reason' in result && typeof result.reason === 'string' ? result.reason : undefined;
    const outcome = result.kind === 'refused' ? 'refused' : 'done';
    await this.#recordEnd(operation, outcome, { ...notes, detail: why ?? result.kind });
    return result;
  }

  /** It has happened, whatever becomes of this line. */
  async #recordEnd(
    operation: string,
    outcome: 'done' | 'failed' | 'refused',
    notes: ChangeNotes,
  ): Promise<void> {
    try {
      await this.#record(operation, outcome, notes);
    } catch (fault) {
      const words = `⚠️ How /git ${operation} ended could not be written to the audit log: ${messageOf(fault)}`;
      await this.invocation.say(plain(words));
    }
  }

  async #record(
    operation: string,
    outcome: 'begun' | 'done' | 'failed' | 'refused',
    { detail, by = this.invocation.inbound.person }: ChangeNotes,
  ): Promise<void> {
    const { invocation, session, place } = this.#options;
    await invocation.services.audit.record({
      event: 'git_operation',
      chat: chatKey(session.chat),
      session: session.id,
      directory: place.repository.top,
      operation,
      ...(detail === undefined ? {} : { detail: shownName(detail) }),
      outcome,
      by: by.id,
    });
  }
}

/** Whether Claude works in that repository for another chat. */
async function isWorkedOn(
  { services, inbound }: Invocation,
  { repository: { top } }: GitPlace,
): Promise<boolean> {
  const others = services.turns.working.filter((chat) => chatKey(chat) !== chatKey(inbound.chat));
  const sessions = await Promise.all(others.map((chat) => services.sessions.open(chat)));
  // Also from above: what lies below its directory is Claude's to work on.
  return sessions.some(
    ({ directory }) => `${directory}/`.startsWith(`${top}/`) || top.startsWith(`${directory}/`),
  );
}

const WORKING_ELSEWHERE: Refused = {
  kind: 'refused',
  cause: 'busy',
  reason: 'Claude works in this repository in another chat, so nothing was changed.',
  hint: 'Wait until it is done, or /stop it there.',
};

const WORKING: Refused = {
  kind: 'refused',
  cause: 'busy',
  reason: 'Claude has begun to work meanwhile, so nothing was changed.',
  hint: '/stop it first, or wait until it is done.',
};
