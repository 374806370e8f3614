import type { AgentReadiness } from '../../core/ports/agent.ts';
import { loadSettings, type LoadedSettings } from '../../config/load-settings.ts';
import { PersonError } from '../../errors.ts';
import { approvedDirectoriesOf } from '../approved-directories.ts';
import { checkDotenv, requireKnownDotenv } from '../dotenv-trust.ts';
import { KEYS, type ServiceManager } from './service-manager.ts';
import type { ServiceParts } from './service-parts.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type ReadyOptions = {
  readonly manager: ServiceManager;
  readonly parts: ServiceParts;
  readonly homeDirectory: string;
  /** The person's own. */
  readonly environment: Environment;
  /** Asks the person at the machine; absent where nobody sits there. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** Nothing is done: nobody vouches for anything by it. */
  readonly isDryRun?: boolean | undefined;
  readonly checkLogIn: (loaded: LoadedSettings, environment: Environment) => Promise<AgentReadiness>;
};

/** What a service of these parts sees: no setting and no key that stands in a shell alone. */
function serviceEnvironment(parts: ServiceParts, environment: Environment, home: string): Environment {
  const kept = ['USER', 'LOGNAME', 'SHELL', 'XDG_RUNTIME_DIR'].map(
    (name) => [name, environment[name]] as const,
  );
  return { ...Object.fromEntries(kept), ...parts.environment, HOME: home };
}

/**
 * The settings as the service will have them.
 * @throws PersonError for the first thing that is to be done before leashd can run by itself.
 */
export async function checkReady(options: ReadyOptions): Promise<LoadedSettings> {
  const { manager, parts, homeDirectory, environment, confirm, isDryRun, checkLogIn } = options;
  const seen = serviceEnvironment(parts, environment, homeDirectory);
  const loaded = loadSettings({ startDirectory: parts.directory, homeDirectory, environment: seen });
  const [shellOnly] = Object.keys(environment).filter(
    (name) => name.startsWith('LEASHD_') && environment[name] !== '',
  );
  if (loaded.settings.telegramBotToken === undefined) {
    throw new PersonError(
      'SERVICE_NEEDS_TOKEN',
      `a service needs a bot, and no LEASHD_TELEGRAM_BOT_TOKEN is set for ${parts.directory}`,
      {
        hint: `Run: leashd init${shellOnly === undefined ? '' : `. What is set in this shell (${shellOnly}) no service sees; put it into ~/.leashd/config.yaml`}`,
      },
    );
  }
  if (shellOnly !== undefined) {
    throw new PersonError(
      'SERVICE_SHELL_SETTING',
      `${shellOnly} is set in this shell, which no service sees`,
      {
        hint: `Put it into ~/.leashd/config.yaml, then: unset ${shellOnly}`,
      },
    );
  }
  approvedDirectoriesOf(loaded);
  if (isDryRun === true) await requireKnownDotenv({ loaded, environment: seen });
  else await checkDotenv({ loaded, environment: seen, confirm });
  const readiness = await checkLogIn(loaded, { ...(await manager.logInVariables()), ...seen });
  if (readiness.ready) return loaded;
  const key = KEYS.find((name) => (environment[name] ?? '') !== '');
  // That sentence is about a shell.
  const hint = readiness.hint.replace(/, or set ANTHROPIC_API_KEY\.?$/, '').replace(/([^.])$/, '$1.');
  throw new PersonError('SERVICE_NEEDS_LOG_IN', `Claude is not ready for a service: ${readiness.reason}`, {
    hint: key === undefined ? hint : `${key} of this shell no service sees. ${hint} Or ${manager.keyPlace}.`,
  });
}
