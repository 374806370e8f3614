import { checkLogIn } from '../../app/init/check-log-in.ts';
import { Left } from './ask.ts';
import type { Session } from './session.ts';

/** Says whether Claude is logged in; where it is not, the person may mend that now, go on, or stop. */
export async function logInStep({ ask, voice, current, surroundings }: Session): Promise<void> {
  for (;;) {
    const readiness = await checkLogIn(current.loaded, surroundings.environment);
    if (readiness.ready) return voice.done(`Claude is ready: ${readiness.detail}.`);
    voice.warn(`${readiness.reason}\n${readiness.hint}`);
    if (ask === undefined) return;
    const next = await ask.one('Claude can’t work before that. What now?', [
      { value: 'again', label: 'Look again', hint: 'after you have logged in, in another window' },
      { value: 'on', label: 'Go on, I will do it later' },
      { value: 'stop', label: 'Stop here', hint: 'nothing is changed' },
    ]);
    if (next === 'on') return;
    if (next === 'stop') throw new Left();
  }
}
