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
import { Conversations } from './turns/conversations.ts';
import { Deliveries } from './replies/deliveries.ts';
import { Engine } from './engine.ts';
import { EventBus } from './events/event-bus.ts';
import { auth } from './middleware/auth.ts';
import type { Middleware } from './middleware/compose.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import { ModeRuns, type ModeRunsOptions } from './modes/mode-runs.ts';
import type { ModeName } from './modes/modes.ts';
import { createMergeWorker, type MergeWorkerOptions } from './merge/merge-worker.ts';
import { OneOffs } from './turns/one-off.ts';
import { OwnedWork } from './owned-work.ts';
import type { Agent, AgentEvent, TurnFinished } from './ports/agent.ts';
import type { Audit } from './ports/audit.ts';
import type { BrowserState } from './ports/browser.ts';
import type { ChatKey, ChatRef, PersonId } from './ports/chat.ts';
import type { Connector } from './ports/connector.ts';
import type { Approver, Gate } from './ports/gate.ts';
import type { PersonFiles } from './ports/files.ts';
import type { Git } from './ports/git.ts';
import type { ProjectTests } from './ports/project-tests.ts';
import type { Remembered } from './ports/grants.ts';
import type { Stores } from './ports/store.ts';
import type { TestWorkflow } from './ports/test-workflow.ts';
import type { Workspace } from './ports/workspace.ts';
import {
  createPlanAcceptance,
  type AcceptPlan,
  type PlanAcceptanceOptions,
} from './modes/plan-acceptance.ts';
import { createPlanReview } from './prompts/plan-review.ts';
import type { PlaywrightProjects } from './ports/playwright-projects.ts';
import { Prompts } from './prompts/prompts.ts';
import { createQuestions } from './prompts/questions.ts';
import { SessionDirectories } from './sessions/session-directories.ts';
import { Sessions } from './sessions/sessions.ts';
import { createTestWorker } from './test-runs/test-worker.ts';
import { Turns, type TurnsOptions } from './turns/turn.ts';
import { Unprompted } from './turns/unprompted.ts';

export type EngineSettings = {
  /** Absolute real paths; the first is where a chat begins. */
  readonly approvedDirectories: readonly string[];
  /** Left out: none. */
  readonly workspaces?: readonly Workspace[] | undefined;
  readonly defaultMode: ModeName;
  readonly systemPrompt: string;
  readonly maxTurns: number;
  readonly approvalTimeoutMs: number;
  readonly turnTimeoutMs: number;
  /** Left out: none. */
  readonly budgets?: BudgetLimits | undefined;
  readonly agentIdleMs: number;
  readonly isStreaming: boolean;
  readonly rateLimitRpm: number;
  readonly rateLimitBurst: number;
  readonly version: string;
  /** Whether the agent's commands run in the operating system's sandbox, in a sentence; left out: nothing is said of it. */
  readonly osSandbox?: string | undefined;
  /** Left out: the agent has none. */
  readonly browser?: BrowserState | undefined;
};

/** Longer than the gate itself waits for the person, so that it is the gate that says why. */
const GATE_SLACK_MS = 30_000;

/** A connector, and who may come in through it. */
export type Channel = {
  readonly connector: Connector;
  readonly access: Access;
  /** Whose approvals count; left out: those of everybody who is let in. */
  readonly approvers?: readonly PersonId[] | undefined;
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
}

/** Puts the core together. Nothing runs before `engine.start`. */
export function createEngine(parts: EngineParts): CreatedEngine {
  const { settings, stores } = parts;
  const { defaultMode } = settings;
  const [first, ...others] = settings.approvedDirectories;
  if (first === undefined) throw new TypeError('an engine needs an approved directory');
  const { workspaces } = settings;
  const directories = new SessionDirectories({ approved: [first, ...others], workspaces });

  const connectors = new Map(parts.channels.map(({ connector }) => [connector.name, connector]));
  const context = contextOf(parts, connectors);
  const prompts = new Prompts({ ...context, store: stores.prompts });
  const endGrants = (chat: ChatKey): Promise<number> => parts.remembered.endAll(chat, 'directory');
  const places = { defaultMode, directories, endGrants };
  const sessions = new Sessions({ ...context, store: stores.sessions, ...places });
  const gate = parts.createGate(approverOf(parts, context, prompts, sessions));
  const activeModes = new ActiveModes({ pin: (rules) => gate.pinRules?.(rules) ?? rules });
  context.events.on('session.ended', ({ session }) => activeModes.clear(session));
  const { outbox } = stores;
  const deliveries = new Deliveries({ ...context, outbox });
  const { hidePrivate } = parts;
  const unprompted = new Unprompted({ ...context, sessions, outbox, deliveries, hide: hidePrivate });
  const budgets = budgetsOf(parts, context);
  const submit = (text: TextInbound): void => engine.submit(text);
  const { inbox } = stores;
  const gitPlaces = new GitPlaces();
  const hide = parts.hide ?? ((text: string): string => text);
  const running = { ...context, sessions, activeModes, inbox, defaultMode, submit };
  const modeRuns = modeRunsOf(parts, { ...running, directories, gitPlaces, hide });
  const house = {
    ...context,
    gate,
    prompts,
    sessions,
    activeModes,
    directories,
    budgets,
    unprompted,
    submit,
  };
  const conversations = conversationsOf(parts, house);
  const turns = turnsOf(parts, { ...house, conversations, deliveries, modeRuns });
  const services = {
    ...context,
    ...stores,
    ...givenTo(parts),
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
  const middleware = middlewareOf(parts, context);
  const engine = new Engine({ ...context, connectors, middleware, deliveries, services });
  return { engine, events: context.events, say: sayIn(context, sessions) };
}

/** What commands work with, as it was given. */
function givenTo(parts: EngineParts): Pick<CommandServices, GivenService> {
  const { settings, files, testWorkflow, git, remembered, renderMarkdown, playwrightProjects } = parts;
  const { approvalTimeoutMs: promptTimeoutMs, version, osSandbox, browser } = settings;
  return {
    commands: COMMANDS,
    files,
    testWorkflow,
    git,
    remembered,
    renderMarkdown,
    playwrightProjects,
    mayApprove: (chat, { id }) => approversIn(parts.channels)(chat)?.includes(id) ?? true,
    promptTimeoutMs,
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
  | 'promptTimeoutMs'
  | 'version'
  | 'osSandbox'
  | 'browser';

function turnsOf(
  { settings, stores: { messages, inbox, outbox }, hidePrivate: hide }: EngineParts,
  options: Omit<TurnsOptions, 'messages' | 'inbox' | 'outbox' | 'turnTimeoutMs' | 'isStreaming'>,
): Turns {
  const { turnTimeoutMs, isStreaming } = settings;
  return new Turns({ ...options, messages, inbox, outbox, turnTimeoutMs, isStreaming, hide });
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
  const approvers = new Map(channels.map(({ connector, approvers }) => [connector.name, approvers]));
  return ({ connector }) => approvers.get(connector);
}

function budgetsOf({ settings, channels, stores }: EngineParts, context: CoreContext): Budgets {
  const { budgets: limits = {} } = settings;
  return new Budgets({ ...context, limits, messages: stores.messages, approversOf: approversIn(channels) });
}

interface House extends PlanParts {
  readonly gate: Gate;
  readonly activeModes: ActiveModes;
  readonly directories: SessionDirectories;
  readonly budgets: Budgets;
  readonly unprompted: Unprompted;
}

function conversationsOf(parts: EngineParts, house: House): Conversations {
  const { agent, settings } = parts;
  const { prompts, budgets, unprompted } = house;
  const onUnprompted = (chat: ChatRef, event: AgentEvent): void => {
    budgets.takeUnprompted(chat, event, () => conversations.interrupt(chat));
    unprompted.take(chat, event);
  };
  const conversations = new Conversations({
    ...house,
    agent,
    putQuestions: createQuestions({ prompts, timeoutMs: settings.approvalTimeoutMs }),
    acceptPlan: plansOf(parts, house),
    systemPrompt: settings.systemPrompt,
    maxTurns: settings.maxTurns,
    gateTimeoutMs: settings.approvalTimeoutMs + GATE_SLACK_MS,
    idleMs: settings.agentIdleMs,
    hasBrowser: settings.browser?.kind === 'ready' && settings.browser.isAlways,
    isCostWatched: budgets.isOn,
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

function plansOf({ settings, stores, channels, renderMarkdown }: EngineParts, given: PlanParts): AcceptPlan {
  const { prompts } = given;
  const putPlan = createPlanReview({
    prompts,
    timeoutMs: settings.approvalTimeoutMs,
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
  { settings, channels, middleware = [] }: EngineParts,
  context: CoreContext,
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
  const { rateLimitRpm: requestsPerMinute, rateLimitBurst: burst } = settings;
  return [
    auth({ ...context, accessOf, say }),
    rateLimit({ ...context, requestsPerMinute, burst, say: (chat, text) => say(chat, text, true) }),
    ...middleware,
  ];
}
