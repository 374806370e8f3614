import type { RefusalCause, Refused } from '../core/ports/git-data.ts';
import type { RunResult } from '../process/run.ts';
import { cleanWords } from './clean-words.ts';

export function refuse(cause: RefusalCause, reason: string, hint: string, words?: string): Refused {
  const cleaned = words === undefined ? '' : cleanWords(words);
  return { kind: 'refused', cause, reason, hint, ...(cleaned === '' ? {} : { words: cleaned }) };
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'refused';
}

type Known = readonly [pattern: RegExp, cause: RefusalCause, reason: string, hint: string];

// Git's messages in the C locale, from its sources' text of 2.39.
const OF_A_CHANGE: readonly Known[] = [
  [
    /(?:index|HEAD|config|\.lock).*\.lock'?: File exists|Another git process seems to be running/i,
    'busy',
    'Another git is at work in this repository.',
    'Try again in a moment. If it stays so, a git that was cut off has left a .lock file in .git.',
  ],
  [
    /would be overwritten by|Please commit your changes or stash them|contains? (?:staged|unstaged|modified) (?:content|changes)|cannot be (?:merged|switched).*changes/i,
    'dirty',
    'Changes that are not committed are in the way.',
    'Commit or stash them first.',
  ],
  [
    /Please tell me who you are|unable to auto-detect email|empty ident name|no email was given/i,
    'no-identity',
    'Git does not know who you are.',
    'Set user.name and user.email once with git config --global on the machine.',
  ],
  [
    /gpg failed to sign|failed to write commit object|error: Load key|Couldn't (?:load|find) .*key/i,
    'git',
    'The commit could not be signed.',
    'Signing that asks for a passphrase works only at the desk; unlock the key there first.',
  ],
  [
    /is already checked out at|is already used by worktree/i,
    'dirty',
    'The branch is checked out in another working tree.',
    'Go there with /dir, or choose another branch.',
  ],
  [
    /refusing to merge unrelated histories/i,
    'git',
    'The two branches have no commit in common.',
    'Joining them is for the desk.',
  ],
];

const OF_A_CONNECTION: readonly Known[] = [
  [
    /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|Permission denied|Host key verification failed|returned error: 40[13]|access (?:denied|rights)|unable to read askpass/i,
    'no-access',
    'The remote did not let git in, or git would have had to ask for a password.',
    'Set up a key or a credential helper on the machine; a chat is no place for passwords.',
  ],
  [
    /Could not resolve|unable to access|Connection (?:refused|reset|timed out|closed)|Could not read from remote|does not appear to be a git repository|No route to host|repository .* not found|unable to connect/i,
    'unreachable',
    'The remote can not be reached.',
    'Check the network and the address of the remote.',
  ],
  [
    /transport '.*' not allowed/i,
    'own-program',
    'The address of the remote names a program that would run here.',
    'Give the remote an ordinary address (https, ssh or a path).',
  ],
];

/** Why a command that changes something failed. `doing`: what it was, as in "Git could not …". */
export function refusalOf(result: RunResult, doing: string): Refused {
  return classify(result, doing, OF_A_CHANGE);
}

/** The same for one that went to a remote. */
export function connectionRefusal(result: RunResult, doing: string): Refused {
  return classify(result, doing, [...OF_A_CONNECTION, ...OF_A_CHANGE]);
}

function classify(result: RunResult, doing: string, known: readonly Known[]): Refused {
  const words = wordsOf(result);
  if (result.timedOut)
    return refuse(
      'timed-out',
      `Git took too long to ${doing} and was stopped.`,
      'Try again, or see at the desk what it waits for.',
      words,
    );
  const found = known.find(([pattern]) => pattern.test(words));
  if (found !== undefined) return refuse(found[1], found[2], found[3], words);
  return refuse('git', `Git could not ${doing}.`, 'What git said stands below.', words);
}

export function wordsOf({ stdout, stderr }: RunResult): string {
  return `${stderr.trim()}\n${stdout.trim()}`.trim();
}
