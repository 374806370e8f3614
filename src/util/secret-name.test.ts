import { describe, expect, it } from 'vitest';
import { isSecretName } from './secret-name.ts';

describe('isSecretName', () => {
  it.each(
    (
      'token botToken BOT_TOKEN telegram-bot-token tokenHash password dbPassword secret ' +
      'clientSecret authorization Proxy-Authorization apiKey api_key APIKey X-Api-Key apikey ' +
      'cookie Set-Cookie credentials privateKey AWS_SECRET_ACCESS_KEY passphrase'
    ).split(' '),
  )('says yes to %s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(
    (
      'inputTokens max_tokens key chatKey keyboard tokenizer secretary cookiecutter ' +
      'directory session passed compass author'
    ).split(' '),
  )('says no to %j', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
