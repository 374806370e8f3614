const secretWords = new Set(
  (
    'token password passwd passphrase passcode secret secrets authorization apikey privatekey ' +
    'cookie cookies credential credentials bearer jwt'
  ).split(' '),
);
const kindsOfKey = new Set([
  'api',
  'access',
  'private',
  'secret',
  'signing',
  'encryption',
  'auth',
  'account',
]);

/**
 * Whether a field, header or option of this name holds a secret: `botToken`, `X-Api-Key`, `DB_PASSWORD`.
 * `input_tokens` and `keyboard` do not.
 */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word, index) => secretWords.has(word) || (word === 'key' && isKind(words[index - 1])));
}

function isKind(word: string | undefined): boolean {
  return word !== undefined && kindsOfKey.has(word);
}

/** `botTokenID`, `bot-token-id` and `BOT_TOKEN_ID` are all bot, token, id. */
function wordsOf(name: string): string[] {
  const parted = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return parted
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 0);
}
