import { REDACTED } from './secret-forms.ts';

const KEY_WORDS = [
  'password|passwd|passphrase|secret|token|credentials?|[_-]pass|[_-]pwd|key[_-]?base',
  '(?:api|access|private|secret|signing|encryption|auth|account)[_-]?key',
].join('|');

// A shell's operators end every value, in quotes too: what looks like an opening quote may be a closing one,
// and no command is ever to hide behind an assignment.
const VALUE = String.raw`\\"[^\s"'\\;|&<>()\x60]*|["'][^"'\n;|&<>()\x60]*|[^\s"';|&<>()\x60]+`;

const ASSIGNMENT = new RegExp(String.raw`(${KEY_WORDS})(\\?["']?[ \t]{0,4}[=:][ \t]{0,4})(${VALUE})`, 'gi');
const OPTION = new RegExp(String.raw`(--[a-z-]{0,32}(?:${KEY_WORDS}))([ \t]{1,4})(${VALUE})`, 'gi');

/**
 * Replaces what is assigned to a name that ends like a secret's: `DB_PASSWORD=…`, `"api_key": "…"`,
 * `--token …`. References (`$TOKEN`, `token=user.token`), types, calls and command substitutions stay readable.
 */
export function redactAssignments(text: string): string {
  return text
    .replaceAll(ASSIGNMENT, (match, key: string, joint: string, value: string, offset: number) =>
      isSecretValue(key, joint, value, text[offset + match.length])
        ? key + joint + replacement(value)
        : match,
    )
    .replaceAll(OPTION, (match, option: string, joint: string, value: string) =>
      /\d/.test(value) && value.length >= 6 && !isReference(contentOf(value))
        ? option + joint + replacement(value)
        : match,
    );
}

function isSecretValue(key: string, joint: string, value: string, next: string | undefined): boolean {
  const content = contentOf(value);
  if (content === '' || isReference(content)) return false;
  const isTight = /^\\?["']?=$/.test(joint);
  if (content !== value) return isTight || !/\s/.test(content);
  if (/^[=>]/.test(value) || (next === '(' && /^[\w.$]+$/.test(value))) return false;
  if (/^[A-Za-z_.]+[,\]}]*$/.test(value) && value.toLowerCase().includes(key.toLowerCase())) return false;
  if (isTight) return true;
  if (key === key.toUpperCase()) return looksLikeKey(value, 1);
  return looksLikeKey(value, 8) && /\d/.test(value) && /[A-Za-z]/.test(value);
}

function looksLikeKey(value: string, shortest: number): boolean {
  return value.length >= shortest && /^[A-Za-z0-9+=_~][A-Za-z0-9+/=_.~-]*,?$/.test(value);
}

/** Names a value instead of being one: `$TOKEN`, `{{ token }}`, `%TOKEN%`, `***`. */
function isReference(content: string): boolean {
  const bare = content.slice(0, content.length - punctuationOf(content).length);
  const isTemplate = /^\$?\{/.test(content) && content.slice(1).includes('}');
  return content.startsWith(REDACTED) || isTemplate || /^(?:\$\w*|%\w+%|\*+)$/.test(bare);
}

/** The brackets and commas at its end. Counted by hand: a pattern would try each of them as the beginning. */
function punctuationOf(value: string): string {
  let start = value.length;
  while (start > 0 && ',]}'.includes(value.charAt(start - 1))) start -= 1;
  return value.slice(start);
}

function contentOf(value: string): string {
  return value.replace(/^\\?["']/, '');
}

/** What stands there instead, with the quote before it and the punctuation behind it. */
function replacement(value: string): string {
  const opening = /^\\?["']/.exec(value)?.[0];
  if (opening === undefined) return REDACTED + punctuationOf(value);
  // A passphrase has words; options and paths among them are a command's, and stay readable.
  const content = contentOf(value);
  const firstGap = /\s[-./~]/.test(content) ? content.search(/\s/) : content.length;
  return opening + REDACTED + content.slice(firstGap);
}
