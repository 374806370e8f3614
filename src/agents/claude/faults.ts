import type { TurnOutcome } from '../../core/ports/agent.ts';
import { findClaude } from './binary.ts';
import type { ClaudeResult } from './messages.ts';
import { withoutFullStop } from '../../util/without-full-stop.ts';

/**
 * How to log in. It names the program that leashd starts, since there may be no `claude` on the PATH;
 * `auth login` (Claude Code 2.1.330) shows an address to open and takes a code, in any directory.
 */
export function logInHint(claudePath = findClaude() ?? 'claude'): string {
  const program = /^[\w@./-]+$/.test(claudePath) ? claudePath : `'${claudePath.replaceAll("'", `'\\''`)}'`;
  return `Log in on this machine with \`${program} auth login\`, or set ANTHROPIC_API_KEY.`;
}

// Agent SDK 0.3.330, `SDKAssistantMessageError`.
const errorWords: Readonly<Record<string, string>> = {
  authentication_failed: 'the log-in was refused',
  oauth_org_not_allowed: 'the organization does not allow this log-in',
  account_on_hold: 'the account is on hold',
  verification_required: 'the account has to be verified',
  billing_error: 'the account can’t be billed',
  rate_limit: 'the rate limit is reached',
  overloaded: 'the API is overloaded',
  invalid_request: 'the API did not accept the request',
  model_not_found: 'the model is not known',
  server_error: 'the API failed',
  max_output_tokens: 'the answer grew too long',
  cloud_credential_error: 'the cloud credentials were refused',
};

const logInErrors = ['authentication_failed', 'oauth_org_not_allowed', 'cloud_credential_error'];

/** Whether trying again is in vain until the person has logged in. */
export function isLogInFault(error: string, status: number | null = null): boolean {
  return logInErrors.includes(error) || status === 401 || status === 403;
}

/** Why a request is tried again, as a part of a sentence. */
export function retryReason(error: string, status: number | null): string {
  const words = errorWords[error];
  if (words !== undefined) return words;
  return status === null ? 'the API could not be reached' : `the API answered with status ${status}`;
}

/**
 * How a turn ended that was not interrupted by us. `fault`: what the API refused with, where it did.
 * Reasons are sentences without their full stop, hints have one.
 */
export function outcomeOf(result: ClaudeResult, fault: string | undefined): TurnOutcome {
  if (fault !== undefined && isLogInFault(fault)) {
    const words = result.subtype === 'success' && result.words !== '' ? ` (${oneLine(result.words)})` : '';
    return failed(`Claude is not logged in: ${errorWords[fault] ?? fault}${words}`, logInHint());
  }
  if (!result.isError) return { kind: 'done' };
  if (result.subtype === 'error_max_turns') return { kind: 'max-turns' };
  if (result.ending.startsWith('aborted')) return { kind: 'interrupted' };
  if (isUnknownSession(result.words)) {
    const reason = 'The earlier conversation is gone';
    return {
      kind: 'failed',
      reason,
      hint: 'Send the message again to start a new one.',
      isResumeStale: true,
    };
  }
  return failed(oneLine(result.words) || 'Claude ended the turn with an error', hintFor(fault, result.words));
}

/** How a turn ended when the process went away under it. */
export function processDied(words: string): TurnOutcome {
  return failed(
    `Claude Code ended in the middle of the turn (${oneLine(words)})`,
    'Send a message to go on; what was running may have been done in part.',
  );
}

/** `reason` may quote a sentence: its full stop is left out, since whoever shows it adds one. */
export function failed(reason: string, hint?: string): TurnOutcome {
  return { kind: 'failed', reason: withoutFullStop(reason), hint, isResumeStale: false };
}

// Claude Code 2.1.330, its two answers to `--resume` with an id that it has no transcript for.
function isUnknownSession(words: string): boolean {
  return /No conversation found with session ID|--resume requires a valid session ID/.test(words);
}

function hintFor(fault: string | undefined, words: string): string | undefined {
  // Claude Code 2.1.330 says so of what came with the last message, and goes on without it.
  if (words.includes('Request too large')) {
    return 'Go on without the files you sent last, or /clear and send them to a fresh conversation.';
  }
  if (fault === 'rate_limit' || fault === 'overloaded' || fault === 'server_error') {
    return 'Wait a little and send the message again.';
  }
  return undefined;
}

/** Words of others as a part of a sentence: on one line and not too long. */
function oneLine(words: string): string {
  const line = words.replaceAll(/\s+/g, ' ').trim();
  // The cut may fall between the two halves of a character.
  if (line.length > 300) return `${line.slice(0, 299).replace(/[\uD800-\uDBFF]$/, '')}…`;
  return withoutFullStop(line);
}
