import type { CliCommand } from './commands/cli-command.ts';

/** A command as `--help` lists it; what it needs is loaded when it is called, and no sooner. */
export type CommandEntry = Pick<CliCommand, 'name' | 'summary'> & {
  readonly load: () => Promise<CliCommand>;
};

/** In the order of `--help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'Open the Telegram bot in the background, or without a bot token the terminal',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  {
    name: 'stop',
    summary: 'End the running leashd: turns get ten seconds, what was not delivered is kept',
    load: async () => (await import('./commands/stop.ts')).stopCommand,
  },
  {
    name: 'restart',
    summary: 'End it, and start it anew in the background, where it was started',
    load: async () => (await import('./commands/restart.ts')).restartCommand,
  },
  {
    name: 'status',
    summary: 'How the running leashd is (exit status 0: runs, 3: does not run, 1: does not answer)',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  {
    name: 'logs',
    summary: 'The log, newest lines last',
    load: async () => (await import('./commands/logs.ts')).logsCommand,
  },
  {
    name: 'reload',
    summary: 'Let it take settings, policies and directories anew: all of them, or nothing',
    load: async () => (await import('./commands/reload.ts')).reloadCommand,
  },
  {
    name: 'init',
    summary: 'Set leashd up, or change what is set',
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    name: 'doctor',
    summary: 'What is missing or wrong on this machine, and what to do about it',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'demo',
    summary: 'See the leash at work: no token, no log-in, no network',
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
  {
    name: 'service',
    summary: 'Have the machine start leashd by itself',
    load: async () => (await import('./commands/service.ts')).serviceCommand,
  },
  {
    name: 'config',
    summary: 'Print each setting, its value and where it came from',
    load: async () => (await import('./commands/config.ts')).configCommand,
  },
  {
    name: 'policy',
    summary: 'See what the policies say',
    load: async () => (await import('./commands/policy.ts')).policyCommand,
  },
  {
    name: 'audit',
    summary: 'Read the audit log, and prove that it is whole',
    load: async () => (await import('./commands/audit.ts')).auditCommand,
  },
  {
    name: 'history',
    summary: 'What you and Claude have said, oldest first',
    load: async () => (await import('./commands/history.ts')).historyCommand,
  },
];

/** What runs when no command is named. */
export const DEFAULT_COMMAND = 'start';
