/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Replaces every secret of one form in a text. Takes time in proportion to the text's length. */
export type SecretForm = (text: string) => string;

/**
 * What gives a secret away by its form. No pattern may backtrack over more than a bounded stretch: each
 * unbounded repetition is the last thing its pattern matches, or stops at what begins the next match.
 * None may take a shell's operator away (`;`, `|`, `$(`): text with a command in it must stay judgeable.
 */
export const secretForms: readonly SecretForm[] = [
  privateKeyBlocks,
  telegramBotTokens,
  prefixedKeys,
  openAiKeys,
  jsonWebTokens,
  authorizationHeaders,
  bearerTokens,
  cookieHeaders,
  passwordsInUrls,
];

const MARK = (which: string) => `-----${which} [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`;
const GAP = String.raw`(?:\s|\\[nr])`;
const PRIVATE_KEY = new RegExp(
  MARK('BEGIN') +
    `(?:${GAP}{1,8}(?:[A-Za-z0-9+/=]{16,}|(?:Proc-Type|DEK-Info|Version|Comment|Hash): [A-Za-z0-9,.:/ -]{1,80}))*` +
    `(?:${GAP}{0,8}(?:[A-Za-z0-9+/=]{1,15}${GAP}{1,8})?${MARK('END')})?`,
  'g',
);

function privateKeyBlocks(text: string): string {
  return text.replaceAll(PRIVATE_KEY, REDACTED);
}

function telegramBotTokens(text: string): string {
  // https://core.telegram.org/bots/api#authorizing-your-bot: the bot's id, a colon, the secret part.
  return text.replaceAll(/\d{5,16}(?::|%3A)([A-Za-z0-9_-]{30,})/gi, (token: string, secret: string) =>
    /^[0-9a-f]+$/.test(secret) ? token : REDACTED,
  );
}

function prefixedKeys(text: string): string {
  return text.replaceAll(
    new RegExp(
      [
        'sk-ant-[A-Za-z0-9_-]{8,}',
        'gh[opsur]_[A-Za-z0-9]{20,}',
        'github_pat_[A-Za-z0-9_]{20,}',
        'gl(?:pat|dt|rt|ptt|cbt|oas)-[A-Za-z0-9_.-]{16,}',
        'x(?:ox[a-z]|app)-[A-Za-z0-9-]{10,}',
        '(?:AKIA|ASIA)[A-Z0-9]{16}',
        'AIza[A-Za-z0-9_-]{30,}',
        'npm_[A-Za-z0-9]{30,}',
        'pypi-[A-Za-z0-9_-]{40,}',
        '[rs]k_(?:live|test)_[A-Za-z0-9]{16,}',
        'hf_[A-Za-z0-9]{30,}',
      ].join('|'),
      'g',
    ),
    REDACTED,
  );
}

function openAiKeys(text: string): string {
  // Words with hyphens (`task-list-of-a-long-name`) have the form too, but hardly ever digits and capitals.
  return text.replaceAll(/sk-[A-Za-z0-9_-]{20,}/g, (key) =>
    /\d/.test(key) && /[A-Z]/.test(key) ? REDACTED : key,
  );
}

function jsonWebTokens(text: string): string {
  // Counting the dots afterwards keeps the pattern linear: the parts of a token have the same alphabet.
  return text.replaceAll(/eyJ[A-Za-z0-9_.-]{20,}/g, (token) =>
    token.split('.').length >= 3 ? REDACTED : token,
  );
}

function authorizationHeaders(text: string): string {
  return text.replaceAll(
    /(authorization\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?(?:basic|bearer|digest|token)[ \t]{1,4})[^\s"'\\;|&<>()`$]+/gi,
    (_match, before: string) => before + REDACTED,
  );
}

function bearerTokens(text: string): string {
  // Prose has "bearer" too; a token has a digit, or is longer than any word.
  return text.replaceAll(
    /\b(bearer[ \t]{1,4})([A-Za-z0-9._~+/=-]{8,})/gi,
    (match, before: string, token: string) =>
      (/\d/.test(token) || token.length >= 24) && !/^[./~]/.test(token) ? before + REDACTED : match,
  );
}

function cookieHeaders(text: string): string {
  return text.replaceAll(
    /cookie\\?["']?[ \t]{0,4}:[ \t]{0,4}\\?["']?[\w.-]{1,256}=[^\s"'\\;|&<>()`$]+(?:;[ \t]?[\w.-]{1,256}=[^\s"'\\;|&<>()`$]+)*/gi,
    (header) => header.replaceAll(/=[^;]+/g, `=${REDACTED}`),
  );
}

function passwordsInUrls(text: string): string {
  return text.replaceAll(
    /(:\/\/[^\s/?#:@"'`;|&<>()]{0,256}:)[^\s/?#"'`;|&<>()]{1,1024}@/g,
    (_match, before: string) => `${before}${REDACTED}@`,
  );
}
