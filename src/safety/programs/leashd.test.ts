import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('leashd itself', () => {
  it.each([
    ['leashd --version', ''],
    ['leashd -h', ''],
    ['leashd help stop', ''],
    ['leashd stop --help', ''],
    ['leashd service install --help', ''],
    ['leashd policy check --cwd /x --policy p.yaml ls', 'read p.yaml'],
    [`leashd policy explain 'git push'`, ''],
    ['leashd policy test a.yaml', 'read a.yaml'],
    ['leashd policy explain --nonsense', '?option'],
    ['leashd status --json', '?option'],
    ['leashd doctor', '?option'],
    ['leashd', 'use-leashd'],
    ['leashd -f', 'use-leashd'],
    ['leashd --version stop', 'use-leashd'],
    ['leashd stop -- --help', 'use-leashd'],
    ['leashd logs -n --help', 'use-leashd'],
    ['leashd status stop', 'use-leashd'],
    ['leashd policy', 'use-leashd'],
    ['leashd policy replay', 'use-leashd'],
    ['leashd audit verify', 'use-leashd'],
    ['leashd config', 'use-leashd'],
    ['leashd history', 'use-leashd'],
    ['leashd logs', 'use-leashd'],
    ['leashd start', 'use-leashd'],
    ['leashd stop', 'use-leashd'],
    ['leashd restart', 'use-leashd'],
    ['leashd reload', 'use-leashd'],
    ['leashd init', 'use-leashd'],
    ['leashd demo', 'use-leashd'],
    ['leashd service install', 'use-leashd'],
    ['leashd service status', 'use-leashd'],
    ['leashd whatever-comes', 'use-leashd'],
    ['leashd@latest stop', 'use-leashd'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
