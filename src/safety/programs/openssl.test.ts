import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('openssl and gpg', () => {
  it.each([
    ['openssl x509 -noout -text -in a/key.pem', 'names a/'],
    ['openssl x509 -in cert.pem -noout -text', 'names .'],
    ['openssl x509 -in cert.pem -out x.der', 'read cert.pem, ?option'],
    ['openssl x509 -req -in x.csr', 'read x.csr, ?option'],
    ['openssl s_client -connect example.com:443 -servername example.com', 'host example.com'],
    ['openssl genrsa 2048', '?option'],
    ['openssl enc -d -in x', '?option'],
    ['openssl version -a', ''],
    ['gpg --list-keys', ''],
    ['gpg --verify x.sig x', 'read x.sig, read x'],
    ['gpg --export-secret-keys', '?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
