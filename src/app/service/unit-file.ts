import { markOf } from './service-mark.ts';
import type { ServiceParts } from './service-parts.ts';

/**
 * A unit of the person's own systemd (systemd.unit(5), systemd.service(5), systemd.exec(5)).
 *
 * What is not there, and why: each wall that systemd builds for a person's own unit (PrivateTmp=, ProtectSystem=, …)
 * needs a user namespace around everything, and each filter (SystemCallFilter=, RestrictNamespaces=, LockPersonality=,
 * …) turns NoNewPrivileges= on. Inside of either, bubblewrap, which walls in the agent's commands, can't build its own
 * namespaces on all systems, and containers without root can't start; MemoryDenyWriteExecute= ends Node.js itself.
 */
export function unitFile(parts: ServiceParts): string {
  const { node, entry, directory, environment } = parts;
  const body = [
    '[Unit]',
    'Description=leashd: Claude Code on a leash, from your phone',
    '# Five starts in five minutes, then it waits for the person.',
    'StartLimitIntervalSec=300',
    'StartLimitBurst=5',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${startOf(node)} ${quoted(entry)} start --foreground`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    `WorkingDirectory=${directory.replaceAll('%', '%%')}`,
    ...Object.entries(environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    'Restart=on-failure',
    'RestartSec=5',
    '# What no restart mends: a setting (2), a folder (200) or a Node.js (203) that is gone.',
    'RestartPreventExitStatus=2 200 203',
    '# leashd ends its agents itself; what is left after that is ended for it.',
    'KillMode=mixed',
    'TimeoutStopSec=30',
    '# A build of the agent that eats all memory is ended alone.',
    'OOMPolicy=continue',
    '# A dump would hold the token; the agent’s own tools may ask for theirs.',
    'LimitCORE=0:infinity',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
  return `${markOf(body, parts)
    .map((line) => `# ${line}`)
    .join('\n')}\n${body}`;
}

/**
 * The program itself may not have quotes or a backslash in its name (systemd 252), so a shell starts such a one in its
 * own place. The colon: no variables are put into any of the words.
 */
function startOf(node: string): string {
  return /["'\\]/.test(node) ? `:/bin/sh -c ${quoted('exec "$0" "$@"')} ${quoted(node)}` : `:${quoted(node)}`;
}

/** A word as systemd's own quoting takes it (systemd.syntax(7), "Quoting"); `%` starts a specifier, doubled it does not. */
function quoted(word: string): string {
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
  return `"${escaped}"`;
}
