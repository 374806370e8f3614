import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startBotApi, type BotApi, type BotApiOptions } from '../fixtures/bot-api/start.ts';
import type { Person } from '../fixtures/bot-api/person.ts';
import type { SeenMessage } from '../fixtures/bot-api/messages.ts';
import { auditLinesOf } from '../fixtures/books/tool-runs.ts';
import { createClaudeHome, type ClaudeHome } from '../fixtures/claude-home.ts';
import { startMessagesApi, type MessagesApi } from '../fixtures/messages-api/api.ts';
import { startLeashd, type LeashdProcess } from './leashd-process.ts';

/** leashd as a process, the real `claude` under it, and loopback servers for the model and for Telegram. */
export interface Rig {
  readonly model: MessagesApi;
  readonly telegram: BotApi;
  readonly home: ClaudeHome;
  /** The real path of the approved project. */
  readonly project: string;
  readonly owner: Person;
  leashd: LeashdProcess;
  /** Starts leashd (again) and waits until it polls Telegram. */
  start(settings?: Readonly<Record<string, string>>): Promise<LeashdProcess>;
  /** The newest message of the bot in a chat that satisfies the test, now or later. */
  sees(isIt: (message: SeenMessage) => boolean, where?: Pick<Person, 'chat'>): Promise<SeenMessage>;
  /** The newest card with buttons. */
  card(): Promise<SeenMessage>;
  auditLines(): readonly Record<string, unknown>[];
  dispose(): Promise<void>;
}

export const OWNER_ID = 4242;
const SLOW_MS = 20_000;

type RigOptions = {
  /** Replies grow in messages, which tests can look at, unless they ask for drafts. */
  readonly hasDrafts?: boolean | undefined;
  /** How often the bot may send; as often as it likes when absent. */
  readonly flood?: BotApiOptions['flood'];
  /** See LeashdOptions.nodeArguments. */
  readonly nodeArguments?: readonly string[] | undefined;
};

export async function createRig(options: RigOptions = {}): Promise<Rig> {
  const { hasDrafts = false, flood = 'off', nodeArguments } = options;
  const model = await startMessagesApi();
  const telegram = await startBotApi({ flood, hasDrafts });
  const home = await createClaudeHome(model.url);
  const state = join(home.home, 'leashd-start');
  mkdirSync(state);
  const owner = telegram.person(OWNER_ID, 'Ada');
  const auditPath = join(state, '.leashd', 'audit.jsonl');

  const rig: Rig = {
    model,
    telegram,
    home,
    project: home.project,
    owner,
    leashd: undefined as unknown as LeashdProcess,
    start: async (settings = {}) => {
      rig.leashd = startLeashd({
        args: ['start', '-f'],
        directory: state,
        nodeArguments,
        environment: {
          ...home.environment,
          LEASHD_APPROVED_DIRECTORIES: home.project,
          LEASHD_TELEGRAM_BOT_TOKEN: telegram.token,
          LEASHD_TELEGRAM_API_ROOT: telegram.url,
          LEASHD_ALLOWED_USER_IDS: String(OWNER_ID),
          LEASHD_STREAMING_THROTTLE_SECONDS: '0.1',
          ...settings,
        },
      });
      const gone = rig.leashd.exited().then((code) => {
        throw new Error(`leashd ended with ${code}:\n${rig.leashd.output()}`);
      });
      // Only while it starts is an end a fault.
      gone.catch(() => {});
      await Promise.race([telegram.waitFor(() => telegram.isPolled(), SLOW_MS), gone]);
      return rig.leashd;
    },
    sees: (isIt, where = owner) =>
      telegram.waitFor(
        () => where.chat.messages().findLast((message) => message.from.isBot && isIt(message)),
        SLOW_MS,
      ),
    card: () => rig.sees((message) => message.keyboard.length > 0),
    auditLines: () => auditLinesOf(auditPath),
    dispose: async () => {
      await rig.leashd.stop();
      await telegram.stop();
      await model.close();
      await home.remove();
    },
  };
  return rig;
}
