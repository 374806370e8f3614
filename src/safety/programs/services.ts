import type { Act, Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { isOwnService, orLeashd } from './leashd.ts';
import { program } from './program.ts';
import { each, withOptions } from './subcommands.ts';
import { flag, onlyShows, optional, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table } from './table.ts';

const help = { '-h --help': onlyShows, '--version': onlyShows };
const data: Table['operands'] = { rest: 'data' };
const none: Table['operands'] = { rest: 'unlisted' };
const PERSISTS: readonly Act[] = ['persist', 'change-system'];
const rotates: OptionRule = { takes: 'flag', acts: ['change-system'] };
const vacuums: OptionRule = { takes: 'data', acts: ['change-system'] };

/** What systemd's programs share. `-H` goes to another machine over ssh, `-M` into a container: left out. */
const shared: NonNullable<Table['options']> = {
  ...help,
  '-a --all -l --full -q --quiet --no-pager --no-legend --plain --user --system --failed -r --recursive':
    flag,
  '--value --now --no-block --force -f --reverse --before --after --no-wall --with-dependencies --show-types':
    flag,
  '-t --type --state -p --property -P -n --lines -o --output --legend --timestamp -s --signal --kill-whom':
    value,
};

const systemd = (subcommands: NonNullable<Table['subcommands']>): Table => ({
  options: shared,
  operands: none,
  subcommands: withOptions(shared, subcommands),
});

/** systemctl(1). */
const systemctl: Table = systemd({
  ...each('status, show, cat, help, is-active, is-enabled, is-failed, is-system-running, get-default', {
    operands: data,
  }),
  ...each('list-units, list-unit-files, list-timers, list-sockets, list-jobs, list-dependencies', {
    operands: data,
  }),
  ...each('list-machines, list-automounts, list-paths', { operands: data }),
  'show-environment': { operands: data, acts: ['list-environment'] },
  ...each('start, stop, restart, reload, try-restart, reload-or-restart, daemon-reload, reset-failed', {
    operands: data,
    acts: ['change-system'],
  }),
  ...each('isolate, set-property, reboot, poweroff, halt, suspend, hibernate, kexec, rescue, emergency', {
    operands: data,
    acts: ['change-system'],
  }),
  kill: { operands: data, acts: ['kill'] },
  ...each('enable, disable, reenable, mask, unmask, link, preset, edit, revert, set-default, add-wants', {
    operands: data,
    acts: PERSISTS,
  }),
});

/** journalctl(1): the log of the machine. What empties or turns it is listed as such. */
const journalctl: Table = {
  options: {
    ...help,
    '-a -e -f -k -l -m -q -r -x --all --catalog --dmesg --follow --full --list-boots --merge --no-hostname':
      flag,
    '--no-full --no-pager --no-tail --pager-end --quiet --reverse --disk-usage --header --list-catalog': flag,
    '--utc --user --system --show-cursor --verify --fields -N --list-invocations': flag,
    '-b --boot': { takes: 'optional', operands: 'data' },
    '-n --lines': value,
    '-c --cursor --after-cursor -F --field -g --grep --case-sensitive -I --identifier': value,
    '-o --output --output-fields -p --priority -S --since -t -U --until -u --unit --user-unit -T': value,
    '--facility --namespace': value,
    '--cursor-file': writes,
    '--rotate --flush --sync --relinquish-var --smart-relinquish-var --setup-keys --update-catalog': rotates,
    '--vacuum-size --vacuum-time --vacuum-files': vacuums,
  },
  operands: data,
  hasNumberOption: true,
};

/** launchctl(1) of macOS. */
const launchctl: Table = {
  operands: none,
  subcommands: {
    ...each('list, print, print-cache, print-disabled, blame, plist, procinfo, hostinfo, resolveport', {
      operands: data,
    }),
    ...each('dumpstate, dumpjpcategory, managerpid, manageruid, managername, error, variant, version', {
      operands: data,
    }),
    ...each('help, getenv', { operands: data }),
    ...each('bootstrap, bootout, enable, disable, load, unload, submit, remove', {
      options: { '-w -F': flag },
      operands: data,
      acts: PERSISTS,
    }),
    ...each('kickstart, start, stop, setenv, unsetenv, limit, config, reboot', {
      options: { '-k -p': flag },
      operands: data,
      acts: ['change-system'],
    }),
    kill: { operands: data, acts: ['kill'] },
  },
};

/** `service nginx status`: the name, then what is done. */
function service(words: readonly Word[]): ProgramReading {
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  if (texts.length === 1 && /^(?:--status-all|--help|-h|--version)$/.test(texts[0] ?? '')) return NOTHING;
  if (texts.length === 2 && texts[1] === 'status' && /^[\w@.-]+$/.test(texts[0] ?? '')) return NOTHING;
  return { touches: [], acts: ['change-system'], unknowns: [] };
}

/** crontab(1): `-l` lists the person's own table; everything else writes it. */
function crontab(words: readonly Word[]): ProgramReading {
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  const lists = texts.length === 1 && /^(?:-l|-V)$/.test(texts[0] ?? '');
  return lists ? NOTHING : { touches: [], acts: ['persist'], unknowns: [] };
}

/** at(1), batch(1): what they are given runs later. `atq` and `at -l` list it. */
function at(words: readonly Word[]): ProgramReading {
  const [first] = words;
  const lists = words.length === 1 && first?.kind === 'static' && /^-[lV]$/.test(first.value);
  return lists ? NOTHING : { touches: [], acts: ['persist'], unknowns: [] };
}

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

/** Programs that change the machine: what exactly is for the person to see in the words. */
function changing(): (words: readonly Word[]) => ProgramReading {
  return (words) => {
    const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
    if (texts.length === 1 && HELP.has(texts[0] ?? '')) return NOTHING;
    return { touches: [], acts: ['change-system'], unknowns: [] };
  };
}
const HELP = wordSet('--help --version');

const CHANGING = wordSet(`
  fdisk sfdisk cfdisk gdisk parted mkfs mkfs.ext4 mkfs.ext3 mkfs.ext2 mkfs.xfs mkfs.btrfs mkfs.vfat mkswap
  swapon swapoff umount losetup cryptsetup wipefs e2fsck fsck resize2fs tune2fs blkdiscard hdparm
  lvcreate lvremove lvextend lvresize vgcreate vgremove vgextend pvcreate pvremove zfs zpool btrfs mdadm
  useradd userdel usermod adduser deluser groupadd groupdel groupmod addgroup delgroup gpasswd passwd chpasswd
  chsh chfn visudo vipw vigr
  iptables ip6tables nft ufw firewall-cmd ipset ebtables tc ethtool brctl nmcli wg wg-quick
  modprobe insmod rmmod depmod reboot shutdown halt poweroff init telinit
  update-alternatives update-rc.d update-grub grub-install update-initramfs locale-gen dpkg-reconfigure
  setcap setenforce semanage restorecon auditctl swapoff hwclock chkconfig
`);

/** mount(8) without words lists what is mounted. */
function mount(words: readonly Word[]): ProgramReading {
  const lists =
    words.length === 0 ||
    (words.length === 1 &&
      words[0]?.kind === 'static' &&
      /^(?:-l|--help|--version|-V)$/.test(words[0].value));
  return lists ? NOTHING : { touches: [], acts: ['change-system'], unknowns: [] };
}

export const services = {
  ...Object.fromEntries([...CHANGING].map((name) => [name, changing()])),
  systemctl: orLeashd(program(systemctl), isOwnService, systemctl),
  journalctl: program(journalctl),
  launchctl: orLeashd(program(launchctl), isOwnService),
  service: orLeashd(service, isOwnService),
  mount,
  crontab,
  at,
  batch: at,
  atrm: at,
  atq: program({ options: { '-V': onlyShows, '-q': value }, operands: none }),
  loginctl: program(
    systemd({
      ...each('list-sessions, list-users, list-seats, session-status, show-session, user-status, show-user', {
        operands: data,
      }),
      ...each('terminate-session, terminate-user, kill-session, kill-user', {
        operands: data,
        acts: ['kill'],
      }),
    }),
  ),
  timedatectl: program(
    systemd({
      ...each('status, show, list-timezones, timesync-status, show-timesync', { operands: data }),
      ...each('set-time, set-timezone, set-ntp, set-local-rtc', { operands: data, acts: ['change-system'] }),
    }),
  ),
  hostnamectl: program(
    systemd({
      ...each('status', { operands: data }),
      ...each('set-hostname, hostname, set-icon-name, set-chassis', {
        operands: data,
        acts: ['change-system'],
      }),
    }),
  ),
  localectl: program(
    systemd({
      ...each('status, list-locales, list-keymaps', { operands: data }),
      ...each('set-locale, set-keymap', { operands: data, acts: ['change-system'] }),
    }),
  ),
  'systemd-analyze': program(
    systemd(
      each('time, blame, critical-chain, verify, security, calendar, timespan, unit-paths', {
        operands: data,
      }),
    ),
  ),
  // Names of hosts are asked for over the network.
  getent: program({
    options: { ...help, '-V': onlyShows, '-i': flag, '-s': value },
    operands: data,
    subcommands: each('hosts, ahosts, ahostsv4, ahostsv6', {
      options: { '-i': flag, '-s': value },
      operands: { rest: 'host' },
    }),
  }),
  caffeinate: program({
    options: { '-d -i -m -s -u': flag, '-t -w': value, '-h': onlyShows, '--color': optional },
    operands: { rest: 'command' },
  }),
};
