import type { Git } from '../core/ports/git.ts';
import { createGit } from '../git/create-git.ts';
import { secretKind } from '../safety/sandbox/secrets.ts';

/** Git with the person's own environment: none of leashd's secrets reaches a hook or a filter of a repository. */
export function personGit(
  environment: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[],
): Git {
  const forbidden = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const kept = Object.entries(environment).filter(
    ([name, value]) =>
      !name.toUpperCase().startsWith('LEASHD_') &&
      !forbidden.some((secret) => value?.includes(secret) === true),
  );
  return createGit({
    env: Object.fromEntries(kept),
    isClosed: (path) => secretKind(path) !== undefined,
  });
}
