import { callDaemon } from '../../app/control/control-client.ts';
import { findStateDir } from '../../app/control/find-state-dir.ts';
import { readInstance } from '../../app/control/instance-file.ts';
import type { DaemonStatus } from '../../app/control/protocol.ts';
import { formatClock, formatCount, formatDay, formatLeft, formatUsd } from '../../util/figures.ts';
import type { CliCommand } from './cli-command.ts';

const ANSWER_MS = 3_000;
const RUNNING = 0;
const HANGING = 1;
/** As `systemctl status` has it. */
const NOT_RUNNING = 3;

export const statusCommand: CliCommand = {
  name: 'status',
  summary: 'How the running leashd is (exit status 0: runs, 3: does not run, 1: does not answer)',
  options: [{ flags: '--json', summary: 'as a line of JSON' }],
  run: async ({ options, surroundings }) => {
    const stateDir = await findStateDir(surroundings);
    const called = await callDaemon(stateDir, 'status', { timeoutMs: ANSWER_MS });
    const isJson = options['json'] === true;
    const say = (words: string, json: object): void =>
      void surroundings.output.write(`${isJson ? JSON.stringify(json) : words}\n`);
    switch (called.kind) {
      case 'answered':
        say(linesOf(called.result).join('\n'), { running: true, ...called.result });
        return RUNNING;
      case 'refused':
        say(`leashd runs, but could not say how it is: ${called.error.message}`, {
          running: true,
          error: called.error,
        });
        return HANGING;
      case 'hanging':
        say(hangingWords(stateDir, called.pid), { running: true, answers: false, pid: called.pid });
        return HANGING;
      default: {
        const last = readInstance(stateDir);
        say(notRunning(last?.pid), { running: false, ...(last === undefined ? {} : { endedBadly: last }) });
        return NOT_RUNNING;
      }
    }
  },
};

function hangingWords(stateDir: string, pid: number | undefined): string {
  const who = pid === undefined ? 'A process' : `Process ${pid}`;
  return `${who} has the state folder ${stateDir}, but does not answer.\nleashd stop --force ends it.`;
}

function notRunning(pid: number | undefined): string {
  const last =
    pid === undefined ? '' : `\nThe last one (pid ${pid}) did not get to its end; leashd logs may say why.`;
  return `leashd is not running.${last}`;
}

function linesOf(status: DaemonStatus): readonly string[] {
  const { version, pid, startedAt, startDirectory, directories, lastFault, notices } = status;
  const state = { starting: 'starts', running: 'runs', stopping: 'is being stopped' }[status.state];
  const waits = status.waitsFor.length === 0 ? '' : `; it waits for ${status.waitsFor.join(', ')}`;
  return [
    `leashd ${version} ${state}: for ${formatLeft(Date.now() - startedAt)}, pid ${pid}${waits}`,
    connectorLine(status),
    ...(directories.length === 0 ? [] : [`Claude works in ${directories.join(', ')}`]),
    `Started in ${startDirectory}`,
    [
      formatCount(status.chats, 'chat'),
      formatCount(status.agents, 'agent'),
      `${status.pending} pending`,
      `${status.waiting} waiting`,
      `${status.undelivered} undelivered`,
    ].join(' · '),
    `Today ${formatUsd(status.todayUsd)} · memory ${Math.round(status.residentBytes / 1e6)} MB`,
    ...(lastFault === undefined ? [] : [faultLine(lastFault)]),
    ...notices,
  ];
}

function connectorLine({ connector, bot, isPolling, state }: DaemonStatus): string {
  if (connector !== 'telegram') return 'In its terminal';
  const reached = isPolling ? 'receives' : state === 'starting' ? 'not reached yet' : 'receives nothing now';
  return `Telegram${bot === undefined ? '' : ` @${bot}`}: ${reached}`;
}

function faultLine({ at, message, hint }: NonNullable<DaemonStatus['lastFault']>): string {
  const day = formatDay(at) === formatDay(Date.now()) ? '' : `${formatDay(at)} `;
  return `Last trouble, ${day}${formatClock(at)}: ${message}.${hint === undefined ? '' : ` ${hint}`}`;
}
