import { describe, expect, it } from 'vitest';
import { programEffects } from '../../../test/fixtures/program-effects.ts';

describe('services of the system', () => {
  it.each([
    ['journalctl --cursor-file=x -n 1', 'write x'],
    ['getent hosts host.example', 'host host.example'],
    ['getent ahosts host.example', 'host host.example'],
    ['getent passwd', ''],
    ['systemctl status nginx', ''],
    ['systemctl --user list-timers --all', ''],
    ['systemctl -H host.example status', '?option'],
    ['systemctl show-environment', 'list-environment'],
    ['systemctl restart nginx', 'change-system'],
    ['systemctl enable --now nginx', 'persist, change-system'],
    ['systemctl kill nginx', 'kill'],
    ['journalctl -u nginx -n 50 --no-pager', ''],
    ['journalctl -b -1 -p err', ''],
    ['journalctl --vacuum-size=1G', 'change-system'],
    ['journalctl --directory x', '?option'],
    ['launchctl list', ''],
    ['launchctl load x.plist', 'persist, change-system'],
    ['service nginx status', ''],
    ['service nginx restart', 'change-system'],
    ['crontab -l', ''],
    ['crontab -r', 'persist'],
    ['crontab x', 'persist'],
    ['at now', 'persist'],
    ['atq', ''],
    ['mount', ''],
    ['mount /dev/sda1 /mnt', 'change-system'],
    ['mkfs.ext4 /dev/sda1', 'change-system'],
    ['iptables -L', 'change-system'],
    ['useradd x', 'change-system'],
    ['reboot', 'change-system'],
    ['shutdown --help', ''],
    ['timedatectl', ''],
    ['timedatectl set-timezone UTC', 'change-system'],
  ])('%s', (line, expected) => {
    expect(programEffects(line)).toBe(expected);
  });
});
