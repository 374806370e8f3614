import { findManager } from '../../app/service/find-manager.ts';
import type { Bot } from '../../app/init/bot.ts';
import { hostOf } from '../commands/service-host.ts';
import type { Session } from './session.ts';

/** How leashd is to run from now on. */
export type RunAnswer = 'service' | 'start' | 'nothing';

export async function runStep(
  { flags, ask, topics, isFirst, surroundings }: Session,
  bot: Bot | undefined,
  isRunning: boolean,
): Promise<RunAnswer> {
  if (flags.service === true) return 'service';
  // It runs already; it is told what is new.
  if (flags.start === true) return isRunning ? 'nothing' : 'start';
  if (isRunning || ask === undefined || !topics.has('run')) return 'nothing';
  const isStartAnswered = flags.start === false;
  const isServiceAnswered = flags.service === false;
  if (isStartAnswered && (isServiceAnswered || bot === undefined)) return 'nothing';
  if (bot === undefined) {
    return (await ask.yes('Open leashd in this terminal now?', isFirst)) ? 'start' : 'nothing';
  }
  const isServiceOffered = !isServiceAnswered && (await hasManager(surroundings));
  return ask.one<RunAnswer>('How is leashd to run?', [
    ...(!isServiceOffered
      ? []
      : [
          {
            value: 'service',
            label: 'As a service',
            hint: 'starts with the machine, and again when it fails',
          } as const,
        ]),
    ...(isStartAnswered
      ? []
      : [{ value: 'start', label: 'Start it now', hint: 'until you stop it' } as const]),
    { value: 'nothing', label: 'Not now' },
  ]);
}

async function hasManager(surroundings: Session['surroundings']): Promise<boolean> {
  return findManager(hostOf(surroundings)).then(
    () => true,
    () => false,
  );
}
