import { choiceOf, policyFor, readPolicyWord } from '../../app/init/policy-choice.ts';
import { settingTable } from '../../config/settings.ts';
import type { Session } from './session.ts';

/** The policy files; undefined: as they are. */
export async function policyStep(session: Session): Promise<readonly string[] | undefined> {
  const { flags, ask, topics, current, voice, isFirst } = session;
  const { policyFiles } = current.loaded.settings;
  if (flags.policy !== undefined) return readPolicyWord(flags.policy, current.place);
  if (!topics.has('policy')) return undefined;
  if (ask === undefined) return isFirst ? settingTable.policyFiles.default : undefined;
  if (current.loaded.origins.policyFiles.kind !== 'default') {
    voice.step(`The rules now: ${choiceOf(policyFiles)?.meaning ?? policyFiles.join(', ')}`);
  }
  const isDelicate = await ask.yes('Is this a machine where nothing may go wrong?', false, {
    yes: 'Yes: ask me about everything but reading',
    no: 'No',
  });
  const mayRunTests = isDelicate
    ? undefined
    : await ask.yes('May Claude run tests, linters and builds without asking?', true, {
        yes: 'Yes (they run the project’s own code)',
        no: 'No, ask me',
      });
  const mayEdit =
    mayRunTests === true
      ? await ask.yes('May it also change files, add packages and commit without asking?', false, {
          yes: 'Yes',
          no: 'No, show me each change',
        })
      : undefined;
  const choice = policyFor({ isDelicate, mayRunTests, mayEdit });
  voice.done(`${choice.meaning}\nForce pushes, sudo and credentials are refused in any case.`);
  return choice.files;
}
