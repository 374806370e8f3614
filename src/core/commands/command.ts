import type { Clock } from '../../util/clock.ts';
import type { RichText } from '../../util/rich-text.ts';
import type { LiveSettings } from '../engine-settings.ts';
import type { ActiveModes } from '../modes/active-modes.ts';
import type { Budgets } from '../budget/budgets.ts';
import type { ChatQueue } from '../queue/chat-queue.ts';
import type { Conversations } from '../turns/conversations.ts';
import type { ModeSender } from '../modes/mode-sender.ts';
import type { OneOffs } from '../turns/one-off.ts';
import type { Audit } from '../ports/audit.ts';
import type { BrowserState } from '../ports/browser.ts';
import type { ChatRef, Inbound, Person } from '../ports/chat.ts';
import type { Attachment } from '../ports/connector.ts';
import type { PersonFiles } from '../ports/files.ts';
import type { Git } from '../ports/git.ts';
import type { Remembered } from '../ports/grants.ts';
import type { PlaywrightProjects } from '../ports/playwright-projects.ts';
import type { Inbox, MessageStore } from '../ports/store.ts';
import type { TestWorkflow } from '../ports/test-workflow.ts';
import type { Prompts } from '../prompts/prompts.ts';
import type { SessionDirectories } from '../sessions/session-directories.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { RunningTurns } from '../turns/running-turns.ts';
import type { GitPlaces } from './git/git-places.ts';

/** A slash command, as data. The command menu, /help and the usage lines come from here. */
export type Command = {
  /** Without the slash, in lower case. */
  readonly name: string;
  /** Other names for it, to be typed; the menu has the first one alone. */
  readonly aliases?: readonly string[];
  /** For menu and /help, at most 60 characters. */
  readonly summary: string;
  /** What may follow the name: `[text]`. */
  readonly usage?: string;
  /** False: works only between turns, and says so while Claude works. */
  readonly isAllowedDuringTurn: boolean;
  /** True: what stands behind it may be handed to the agent, as a message. */
  readonly submits?: boolean;
  /** True: no turn begins from the moment it is received until it is done. */
  readonly holdsQueue?: boolean;
  readonly run: (invocation: Invocation) => Promise<void>;
};

export type Invocation = {
  readonly inbound: Inbound & { readonly kind: 'command' };
  readonly args: string;
  readonly services: CommandServices;
  /** Answers in the chat; a bare string is Markdown. */
  readonly say: (content: string | RichText, attachment?: Attachment) => Promise<void>;
  /** Answers with buttons that lead on; a bare string is Markdown. Resolves before anything is tapped. */
  readonly offer: (
    content: string | RichText,
    steps: readonly NextStep[],
    attachment?: Attachment,
  ) => Promise<void>;
  /** Hands `text` to the agent, as if it had been sent as a message. */
  readonly submit: (text: string) => void;
};

/** Something that may be done next: a button under an answer. */
export type NextStep = {
  /** On the button; a phone shows some thirty characters. */
  readonly label: string;
  /** The same in words, for where nobody can tap: `/git commit`. */
  readonly typed: string;
  /**
   * It only looks: anybody who may talk may tap it, also while Claude works. Left out, it is for those who may approve,
   * and between turns.
   */
  readonly isReading?: boolean | undefined;
  /** What the button says after a first tap; only a second one, by the same person, runs it. */
  readonly confirm?: string | undefined;
  /** The invocation is the tapping person's own. It may reject: then they are told. */
  readonly run: (invocation: Invocation) => Promise<void>;
};

export type CommandServices = {
  readonly commands: readonly Command[];
  readonly sessions: Sessions;
  readonly activeModes: ActiveModes;
  readonly modeRuns: ModeSender;
  readonly conversations: Conversations;
  readonly prompts: Prompts;
  readonly turns: RunningTurns;
  readonly queue: ChatQueue;
  readonly inbox: Inbox;
  readonly messages: MessageStore;
  /** Absent: no files of the machine are sent. */
  readonly files?: PersonFiles | undefined;
  /** Absent: there is no /test. */
  readonly testWorkflow?: TestWorkflow | undefined;
  /** Absent: there is no git. */
  readonly git?: Git | undefined;
  /** Which repository /git acts on where it is not the chat's directory. */
  readonly gitPlaces: GitPlaces;
  /** Takes secrets out of what files and git say. Must not throw. */
  readonly hide: (text: string) => string;
  readonly oneOffs: OneOffs;
  readonly remembered: Remembered;
  readonly budgets: Budgets;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly directories: SessionDirectories;
  /** Whether what they approve counts in that chat. */
  readonly mayApprove: (chat: ChatRef, person: Person) => boolean;
  readonly settings: LiveSettings<'approvalTimeoutMs' | 'reloadedAt'>;
  /** Markdown as people are to see it; left out: as it is written. */
  readonly renderMarkdown?: ((markdown: string) => RichText) | undefined;
  readonly version: string;
  /** Whether the agent's commands run in the operating system's sandbox, in a sentence. */
  readonly osSandbox?: string | undefined;
  /** Absent: the agent has no browser, and nobody looked for one. */
  readonly browser?: BrowserState | undefined;
  readonly playwrightProjects?: PlaywrightProjects | undefined;
};
