import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('package managers of the system', () => {
  it.each([
    ['brew bundle list', 'read-remote, run-project-code'],
    ['brew info a/b/c', 'read-remote, ?option'],
    ['apt-get download -s x', 'install-packages, change-system, ?option'],
    ['brew info jq', 'read-remote'],
    ['brew info ./evil.rb', 'read-remote, ?option'],
    ['brew --prefix jq', ''],
    ['brew list --versions', 'read-remote'],
    ['brew install jq', 'install-packages, change-system'],
    ['brew uninstall jq', 'change-system'],
    ['brew services start redis', 'persist, change-system'],
    ['brew services list', 'install-packages'],
    ['brew tap user/repo', 'install-packages, change-system'],
    ['brew evil', '?option'],
    ['apt list --installed', ''],
    ['apt-cache policy jq', ''],
    ['apt-get install -y jq', 'install-packages, change-system'],
    ['apt-get install --dry-run jq', ''],
    ['apt-get -o APT::Update::Pre-Invoke::=id update', '?option'],
    ['apt remove jq', 'change-system'],
    ['dpkg -l', ''],
    ['dpkg -S /usr/bin/x', ''],
    ['dpkg -i x.deb', 'read x.deb, install-packages, change-system'],
    ["dpkg-query -W -f '${Package}' jq", ''],
    ['rpm -qa', ''],
    ['rpm -qpi x.rpm', 'read x.rpm'],
    ['rpm -e x', 'change-system, install-packages'],
    ['pacman -Qs jq', ''],
    ['pacman -Syu', 'install-packages, change-system'],
    ['apk info', ''],
    ['apk add jq', 'install-packages, change-system'],
    ['snap list', 'read-remote'],
    ['flatpak install x', 'install-packages, change-system'],
    ['rpm -i x.rpm', 'install-packages, change-system'],
    ['rpm -qi bash', ''],
    ['rpm -ivh x.rpm', 'install-packages, change-system, ?option'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
