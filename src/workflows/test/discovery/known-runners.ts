/** The programs that a found command may begin with. */
const KNOWN_RUNNERS: ReadonlySet<string> = new Set(
  [
    'npm npx pnpm yarn bun bunx node deno',
    'pytest python uv poetry pipenv pdm tox nox flask fastapi uvicorn',
    'cargo go make just task mvn ./mvnw gradle ./gradlew',
    'bundle bin/rails php composer vendor/bin/phpunit vendor/bin/pest symfony mix dotnet',
  ].flatMap((names) => names.split(' ')),
);

/** Plain letters only: nothing that a shell, a policy or a reader could take for something else. */
const PLAIN_WORD = /^[A-Za-z0-9_@.+:/=-]{1,100}$/;
/** A name out of the project's files (a script, a target, a module) may not look like an option, or lead anywhere. */
const PLAIN_NAME = /^[A-Za-z0-9_@][A-Za-z0-9_@.+:/-]{0,79}$/;

export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name) && !/(?:^|[/:])\.\.?(?:\/|$)/.test(name);
}

/** Whether these words are a command that may be offered: a known program, and plain words. */
export function isKnownCommand(argv: readonly string[]): argv is [string, ...string[]] {
  const [program] = argv;
  return (
    program !== undefined &&
    KNOWN_RUNNERS.has(program) &&
    argv.length <= 12 &&
    argv.every((word) => PLAIN_WORD.test(word))
  );
}
