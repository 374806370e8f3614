import type { Clock } from '../util/clock.ts';
import type { Hide } from '../util/hidden-values.ts';
import type { Log } from '../util/log.ts';
import type { RichText } from '../util/rich-text.ts';
import type { Access } from './access/access.ts';
import { ActiveModes } from './modes/active-modes.ts';
import { createApprover } from './prompts/approvals.ts';
import { Budgets, type BudgetLimits } from './budget/budgets.ts';
import type { TextInbound } from './queue/chat-queue.ts';
import { COMMANDS } from './commands/all.ts';
import { GIT_SUBCOMMANDS } from './commands/git/all-git.ts';
import { GitPlaces } from './commands/git/git-places.ts';
import type { CommandServices } from './commands/command.ts';
import type { CoreContext } from './context.ts';
import type { EngineSettings, LiveSettings } from './engine-settings.ts';
import { Conversations } from './turns/conversations.ts';
import { Deliveries } from './replies/deliveries.ts';
import { Engine } from './engine.ts';
import { EventBus } from './events/event-bus.ts';
import { auth } from './middleware/auth.ts';
import type { Middleware } from './middleware/compose.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import { ModeRuns, type ModeRunsOptions } from './modes/mode-runs.ts';
import { createMergeWorker, type MergeWorkerOptions } from './merge/merge-worker.ts';
import { OneOffs } from './turns/one-off.ts';
import { OwnedWork } from './owned-work.ts';
import type { Agent, AgentEvent, TurnFinished } from './ports/agent.ts';
import type { Audit } from './ports/audit.ts';
import type { ChatKey, ChatRef, PersonId } from './ports/chat.ts';
import type { Connector } from './ports/connector.ts';
import type { Approver, Gate } from './ports/gate.ts';
import type { PersonFiles } from './ports/files.ts';
import type { Git } from './ports/git.ts';
import type { ProjectTests } from './ports/project-tests.ts';
import type { Remembered } from './ports/grants.ts';
import type { Stores } from './ports/store.ts';
import type { TestWorkflow } from './ports/test-workflow.ts';
import {
  createPlanAcceptance,
  type AcceptPlan,
  type PlanAcceptanceOptions,
} from './modes/plan-acceptance.ts';
import { createPlanReview } from './prompts/plan-review.ts';
import type { PlaywrightProjects } from './ports/playwright-projects.ts';
import { Prompts } from './prompts/prompts.ts';
import { createQuestions } from './prompts/questions.ts';
import { SessionDirectories, type SessionDirectoriesOptions } from './sessions/session-directories.ts';
import { Sessions } from './sessions/sessions.ts';
import { createTestWorker } from './test-runs/test-worker.ts';
import { Turns, type TurnsOptions } from './turns/turn.ts';
import { Unprompted } from './turns/unprompted.ts';

/** A connector, and who may come in through it. */
export type Channel = {
  readonly connector: Connector;
  readonly access: Access;
  /** Whose approvals count, read anew each time; left out: those of everybody who is let in. */
  readonly approvers?: readonly PersonId[] | undefined;
  /** Where its owners are told what happens to leashd itself; left out: in the chats that have a session by now. */
  readonly homes?: (() => readonly ChatRef[]) | undefined;
};

export interface EngineParts {
  readonly settings: EngineSettings;
  readonly channels: readonly Channel[];
  /** The gate needs the person, and the person is reached through the engine's prompts. */
  readonly createGate: (approver: Approver) => Gate;
  /** What an inbound passes behind the door and the rate limit, before the engine reads it. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** What the gate holds as approved in advance: to be shown and taken back. */
  readonly remembered: Remembered;
  readonly agent: Agent;
  /** Left out: no files of the machine are sent. */
  readonly files?: PersonFiles | undefined;
  /** Left out: there is no /test. */
  readonly testWorkflow?: TestWorkflow | undefined;
  /** Takes values that nobody is to read out of the agent's words. Must not throw. Left out: there are none. */
  readonly hidePrivate?: Hide | undefined;
  /** Left out: there is no git in the chat. */
  readonly git?: Git | undefined;
  /** Left out: there is no /healer. */
  readonly playwrightProjects?: PlaywrightProjects | undefined;
  /** Left out: no tests are looked for. */
  readonly projectTests?: ProjectTests | undefined;
  /** Takes secrets out of what files and git say before it goes to a chat; must not throw. Left out: nothing is. */
  readonly hide?: ((text: string) => string) | undefined;
  /** Markdown as people are to see it in a question; must not throw. Left out: as it is written. */
  readonly renderMarkdown?: ((markdown: string) => RichText) | undefined;
  readonly stores: Stores;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
}

/** The core, put together. */
export interface CreatedEngine {
  readonly engine: Engine;
  readonly events: EventBus;
  /** Says something in a chat, by its key, in passing; a chat that is gone hears nothing. Must not throw. */
  say(chat: string, markdown: string): void;
  /** Puts other settings in place of those it was made with, from here on and without an interruption. Must not throw. */
  reload(settings: EngineSettings): void;
}

/** Puts the core together. Nothing runs before `engine.start`. */
export function createEngine(parts: EngineParts): CreatedEngine {
  const { stores, hidePrivate } = parts;
  const { inbox, outbox } = stores;
  const settings = { now: parts.settings };
  const directories = new SessionDirectories(placesIn(parts.settings));

  const connectors = new Map(parts.channels.map(({ connector }) => [connector.name, connector]));
  const context = contextOf(parts, connectors);
  const prompts = new Prompts({ ...context, store: stores.prompts });
  const endGrants = (chat: ChatKey): Promise<number> => parts.remembered.endAll(chat, 'directory');
  const isInTurn = (chat: ChatRef): boolean => turns.isInSession(chat);
  const places = { settings, directories, endGrants, isInTurn };
  const sessions = new Sessions({ ...context, store: stores.sessions, ...places });
  const gate = parts.createGate(approverOf(parts, context, prompts, sessions));
  const activeModes = new ActiveModes({ pin: (rules) => gate.pinRules?.(rules) ?? rules });
  context.events.on('session.ended', ({ session }) => activeModes.clear(session));
  const deliveries = new Deliveries({ ...context, outbox });
  const unprompted = new Unprompted({ ...context, sessions, outbox, deliveries, hide: hidePrivate });
  const budgets = budgetsOf(parts, context, settings);
  const submit = (text: TextInbound): void => engine.submit(text);
  const gitPlaces = new GitPlaces();
  const hide = parts.hide ?? ((text: string): string => text);
  const running = { ...context, sessions, activeModes, inbox, settings, submit };
  const modeRuns = modeRunsOf(parts, { ...running, directories, gitPlaces, hide });
  const talk = { prompts, sessions, activeModes, directories, budgets, unprompted };
  const house = { ...context, ...talk, settings, gate, submit };
  const conversations = conversationsOf(parts, house);
  const turns = turnsOf(parts, { ...house, conversations, deliveries, modeRuns });
  const services = {
    ...context,
    ...stores,
    ...givenTo(parts),
    settings,
    sessions,
    activeModes,
    modeRuns,
    conversations,
    prompts,
    turns,
    budgets,
    gitPlaces,
    hide,
    oneOffs: new OneOffs({ ...context, agent: parts.agent, sessions, budgets, outbox }),
    directories,
  };
  const middleware = middlewareOf(parts, context, settings);
  const homes = (): readonly ChatRef[] => homesOf(parts.channels, sessions);
  const engine = new Engine({ ...context, connectors, middleware, deliveries, services, homes });
  const reload = reloadOf(settings, directories, conversations);
  return { engine, events: context.events, say: sayIn(context, sessions), reload };
}

/** The directories first: what is told to leave looks there. */
function reloadOf(
  settings: { now: EngineSettings },
  directories: SessionDirectories,
  conversations: Conversations,
): CreatedEngine['reload'] {
  return (next) => {
    directories.replace(placesIn(next));
    settings.now = next;
    conversations.leaveDirectories();
  };
}

/** @throws TypeError without an approved directory: a bug. */
function placesIn({ approvedDirectories, workspaces }: EngineSettings): SessionDirectoriesOptions {
  const [first, ...others] = approvedDirectories;
  if (first === undefined) throw new TypeError('an engine needs an approved directory');
  return { approved: [first, ...others], workspaces };
}

function homesOf(channels: readonly Channel[], sessions: Sessions): readonly ChatRef[] {
  return channels.flatMap(
    ({ connector, homes }) =>
      homes?.() ?? sessions.chats().filter((chat) => chat.connector === connector.name),
  );
}

/** What commands work with, as it was given. */
function givenTo(parts: EngineParts): Pick<CommandServices, GivenService> {
  const { settings, files, testWorkflow, git, remembered, renderMarkdown, playwrightProjects } = parts;
  const { version, osSandbox, browser } = settings;
  return {
    commands: COMMANDS,
    files,
    testWorkflow,
    git,
    remembered,
    renderMarkdown,
    playwrightProjects,
    mayApprove: (chat, { id }) => approversIn(parts.channels)(chat)?.includes(id) ?? true,
    version,
    osSandbox,
    browser,
  };
}

type GivenService =
  | 'commands'
  | 'files'
  | 'testWorkflow'
  | 'git'
  | 'remembered'
  | 'renderMarkdown'
  | 'playwrightProjects'
  | 'mayApprove'
  | 'version'
  | 'osSandbox'
  | 'browser';

function turnsOf(
  { stores: { messages, inbox, outbox }, hidePrivate: hide }: EngineParts,
  options: Omit<TurnsOptions, 'messages' | 'inbox' | 'outbox'>,
): Turns {
  return new Turns({ ...options, messages, inbox, outbox, hide });
}

function modeRunsOf(
  { git, projectTests, testWorkflow: workflow }: EngineParts,
  options: ModeRunsOptions & Pick<MergeWorkerOptions, 'directories' | 'gitPlaces' | 'hide'>,
): ModeRuns {
  const modeRuns = new ModeRuns(options);
  const subcommands = GIT_SUBCOMMANDS;
  if (git) modeRuns.register(createMergeWorker({ ...options, git, projectTests, subcommands }));
  if (workflow) modeRuns.register(createTestWorker({ ...options, workflow }));
  return modeRuns;
}

function approverOf(
  { channels }: EngineParts,
  { events }: CoreContext,
  prompts: Prompts,
  sessions: Sessions,
): Approver {
  return createApprover({
    prompts,
    events,
    chatOf: (key) => sessions.chatOf(key),
    approversOf: approversIn(channels),
  });
}

function approversIn(channels: readonly Channel[]): (chat: ChatRef) => readonly PersonId[] | undefined {
  return (chat) => channels.find(({ connector }) => connector.name === chat.connector)?.approvers;
}

function budgetsOf(
  { channels, stores }: EngineParts,
  context: CoreContext,
  settings: LiveSettings<'budgets'>,
): Budgets {
  const limits = (): BudgetLimits => settings.now.budgets ?? {};
  return new Budgets({ ...context, limits, messages: stores.messages, approversOf: approversIn(channels) });
}

interface House extends PlanParts {
  readonly settings: LiveSettings;
  readonly gate: Gate;
  readonly activeModes: ActiveModes;
  readonly directories: SessionDirectories;
  readonly budgets: Budgets;
  readonly unprompted: Unprompted;
}

function conversationsOf(parts: EngineParts, house: House): Conversations {
  const { agent } = parts;
  const { prompts, budgets, unprompted, settings } = house;
  const { browser } = settings.now;
  const onUnprompted = (chat: ChatRef, event: AgentEvent): void => {
    budgets.takeUnprompted(chat, event, () => conversations.interrupt(chat));
    unprompted.take(chat, event);
  };
  const conversations = new Conversations({
    ...house,
    agent,
    putQuestions: createQuestions({ prompts, timeoutMs: () => settings.now.approvalTimeoutMs }),
    acceptPlan: plansOf(parts, house),
    hasBrowser: browser?.kind === 'ready' && browser.isAlways,
    isCostWatched: () => budgets.isOn,
    onUnprompted,
    // What an ended agent did not get to say it has done has been said and spent.
    onClosed: (chat) => onUnprompted(chat, { ...CUT_SHORT, costUsd: budgets.unpromptedUsd(chat) }),
  });
  return conversations;
}

const CUT_SHORT: TurnFinished = {
  kind: 'finished',
  outcome: { kind: 'interrupted' },
  costUsd: 0,
  durationMs: 0,
};

type PlanParts = Omit<PlanAcceptanceOptions, 'putPlan' | 'inbox'> & { readonly prompts: Prompts };

function plansOf({ stores, channels, renderMarkdown }: EngineParts, given: House): AcceptPlan {
  const { prompts, settings } = given;
  const putPlan = createPlanReview({
    prompts,
    timeoutMs: () => settings.now.approvalTimeoutMs,
    render: renderMarkdown,
    approversOf: approversIn(channels),
  });
  return createPlanAcceptance({ ...given, inbox: stores.inbox, putPlan });
}

function contextOf(
  { clock, log, audit }: EngineParts,
  connectors: ReadonlyMap<string, Connector>,
): CoreContext {
  const connectorOf = (chat: ChatRef): Connector => {
    const connector = connectors.get(chat.connector);
    if (!connector) throw new TypeError(`no connector is called ${chat.connector}`);
    return connector;
  };
  return { connectorOf, clock, log, audit, events: new EventBus({ log }) };
}

function sayIn(context: CoreContext, sessions: Sessions): CreatedEngine['say'] {
  const work = new OwnedWork({ log: context.log });
  return (key, markdown) => {
    const chat = sessions.chatOf(key);
    if (chat) work.own('a notice', context.connectorOf(chat).send(chat, { content: { markdown } }));
  };
}

function middlewareOf(
  { channels, middleware = [] }: EngineParts,
  context: CoreContext,
  settings: LiveSettings,
): Middleware[] {
  // Owned, not awaited: under a flood limit a notice may take minutes, and no tap may wait behind it.
  const work = new OwnedWork({ log: context.log });
  const say = (chat: ChatRef, markdown: string, isPassing = false): void =>
    work.own('a notice', context.connectorOf(chat).send(chat, { content: { markdown }, isPassing }));
  const accesses = new Map(channels.map(({ connector, access }) => [connector.name, access]));
  const accessOf = (chat: ChatRef): Access => {
    const access = accesses.get(chat.connector);
    if (!access) throw new TypeError(`nobody is let in through ${chat.connector}`);
    return access;
  };
  return [
    auth({ ...context, accessOf, say }),
    rateLimit({ ...context, settings, say: (chat, text) => say(chat, text, true) }),
    ...middleware,
  ];
}
