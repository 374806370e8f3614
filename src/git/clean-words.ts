import { createRedactor } from '../util/redact.ts';

const LONGEST = 1500;
// Escape sequences of terminals: ECMA-48 control sequences, operating system commands, two-character ones.
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -~]?)/g;
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const redactor = createRedactor([]);

/** What git and its hooks said, for a chat: no escape sequences, advice, progress or credentials; of long ones the end. */
export function cleanWords(text: string): string {
  const lines = text
    .replaceAll(ESCAPES, '')
    .split('\n')
    .map((line) => line.split('\r').findLast((part) => part.trim() !== '') ?? '')
    .filter((line) => !line.startsWith('hint:'))
    .map((line) => line.replaceAll(UNSEEN, '').trimEnd());
  const words = redactor.redact(withoutCredentials(lines.join('\n'))).trim();
  if (words.length <= LONGEST) return words;
  return `… ${words.slice(words.length - LONGEST + 2).toWellFormed()}`;
}

/** A user name may be a token, so all that stands before the `@` goes; but who one is to ssh is no secret. */
function withoutCredentials(text: string): string {
  return text
    .replaceAll(/\b((?:git\+)?ssh:\/\/[^\s/@:]+):[^\s/]*@/gi, '$1@')
    .replaceAll(/\b((?!(?:git\+)?ssh:)[a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/gi, '$1');
}

/** A remote's address to show: without user, password and query. */
export function shownUrl(url: string): string {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(url);
  return cleanWords(isUrl ? url.replace(/[?#].*$/s, '') : url).replaceAll('\n', ' ');
}
