import type { Refused } from '../../ports/git-data.ts';

/** Without the quotes or backticks around it. */
export function unquoted(path: string): string {
  return path.replace(/^(["'`])([^]+)\1$/, '$2');
}

/** Words as a person writes them: `a.txt "b c.txt"`. */
function words(args: string): readonly string[] {
  return (args.match(/"[^"]*"|'[^']*'|`[^`]*`|\S+/g) ?? []).map(unquoted);
}

/** First as one path, which may have spaces in it; where there is no such file, as several. */
export async function onPaths<Result extends { readonly kind: string }>(
  args: string,
  work: (paths: readonly string[]) => Promise<Result | Refused>,
): Promise<Result | Refused> {
  const whole = await work([unquoted(args)]);
  const several = words(args);
  const isMissing = whole.kind === 'refused' && 'cause' in whole && whole.cause === 'no-such-file';
  return isMissing && several.length > 1 ? work(several) : whole;
}
