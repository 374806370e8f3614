import { describe, expect, it } from 'vitest';
import { secretKind } from './secrets.ts';

describe('secretKind', () => {
  it.each([
    '/p/.env',
    '/p/.env.local',
    '/p/.env.production',
    '/p/prod.env',
    '/p/.ENV',
    '/p/.e\u200Bnv',
    '/p/server.pem',
    '/p/server.key',
    '/p/id_rsa',
    '/p/id_ed25519',
    '/h/.ssh',
    '/h/.ssh/config',
    '/h/.SSH/id_x',
    '/h/.aws/credentials',
    '/h/.kube/config',
    '/h/.config/gcloud/x',
    '/h/.config/gh/hosts.yml',
    '/h/.docker/config.json',
    '/h/.netrc',
    '/p/.npmrc',
    '/h/.pypirc',
    '/h/.git-credentials',
    '/p/credentials.json',
    '/p/service-account.json',
    '/p/my-service-account.json',
    '/p/client_secret_1.json',
    '/p/cert.p12',
    '/p/cert.pfx',
    '/p/secrets.yaml',
    '/etc/shadow',
    '/proc/self/environ',
    '/proc/123/environ',
    '/h/.gnupg/x',
    '/h/.bash_history',
    '/h/.claude/.credentials.json',
    '/h/Library/Keychains/login.keychain-db',
  ])('takes %s for a secret', (path) => {
    expect(secretKind(path)).toBeDefined();
  });

  it.each([
    '/p/.env.example',
    '/p/.env.sample',
    '/p/.env.template',
    '/p/example.env',
    '/p/src/environment.ts',
    '/p/src/secrets.ts',
    '/p/src/credentials.ts',
    '/p/keys.ts',
    '/p/.envrc',
    '/p/id_rsa.pub',
    '/h/.ssh/known_hosts',
    '/p/package.json',
    '/p/docs/secrets.md',
    '/p/keyboard.json',
    '/p/environment/x',
    '/p/aws/config',
    '/proc/cpuinfo',
  ])('leaves %s alone', (path) => {
    expect(secretKind(path)).toBeUndefined();
  });
});
