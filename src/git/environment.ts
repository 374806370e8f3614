export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Of git's own variables, those that say who one is and how one gets to a server. The others redirect git to another
 * place, run programs or write traces (git(1), "ENVIRONMENT VARIABLES").
 */
const KEPT =
  /^GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|SSH|SSH_COMMAND|SSH_VARIANT|SSL_.*|HTTP_.*|CEILING_DIRECTORIES)$/;
const DROPPED = /^(?:GIT_.*|LEASHD_.*|LC_.*|LANGUAGE|PAGER|EDITOR|VISUAL|SSH_ASKPASS.*|BASH_ENV|ENV)$/;

/** The person's environment for git: nobody is asked, nothing is opened, English words, no redirection. */
export function gitEnvironment(own: Environment): Record<string, string> {
  const kept = Object.entries(own).filter(([name]) => KEPT.test(name) || !DROPPED.test(name));
  return {
    ...(Object.fromEntries(kept.filter(([, value]) => value !== undefined)) as Record<string, string>),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: ':',
    GIT_SEQUENCE_EDITOR: ':',
    GIT_MERGE_AUTOEDIT: 'no',
    // A program that fails is an answer; none at all makes git look further.
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    SSH_ASKPASS_REQUIRE: 'never',
    GCM_INTERACTIVE: 'never',
  };
}

/** Settings that win over those of all files (git-config(1), GIT_CONFIG_COUNT, from git 2.31 on). */
export function settingsInEnvironment(
  settings: readonly (readonly [key: string, value: string])[],
): Record<string, string> {
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...(Object.fromEntries(pairs) as Record<string, string>),
    GIT_CONFIG_COUNT: String(settings.length),
  };
}
