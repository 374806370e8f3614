import { join } from 'node:path';
import type { Script, ScriptStep, ScriptTurn, StepResult } from '../../agents/scripted/script.ts';
import { assertNever } from '../../util/assert-never.ts';
import { appEdit, testEdit, type DemoEdit } from './demo-files.ts';

/** What the demo is asked to do; any other message starts the same play. */
export const demoRequest = 'Add a health check endpoint';

type Play<Result = void> = Generator<ScriptStep, Result, StepResult>;

/** What the play did, for its last words. */
type Notes = { readonly done: string[]; readonly refused: string[] };

/** Where it plays. `isWatched`: somebody is there to answer; the words must not speak of a person otherwise. */
type Scene = { readonly directory: string; readonly isWatched: boolean; readonly notes: Notes };

/** A short piece of work as Claude Code might do it, with two things that no one on a leash should do. */
export function demoScript({ isWatched }: Pick<Scene, 'isWatched'>): Script {
  return function* play({ number, directory }: ScriptTurn) {
    if (number === 1) {
      yield* wholePlay({ directory, isWatched, notes: { done: [], refused: [] } });
    } else {
      yield say(
        'That was all I know: I am a script. With Claude Code in my place you would go on from here.',
      );
    }
  };
}

function* wholePlay(scene: Scene): Play {
  yield say(
    'I am a script, not Claude: I play a short piece of work so that you can see the leash. ' +
      'Every tool I use really goes through the gate, and what it allows is really done, in a temporary project.',
  );
  const isAdded = yield* addHealthCheck(scene);
  yield* overreach(scene);
  if (isAdded) yield* commit(scene);
  yield say(summary(scene.notes));
}

function* addHealthCheck(scene: Scene): Play<boolean> {
  const { directory, isWatched, notes } = scene;
  yield say('Let me look at the app first. Reading is allowed without asking.');
  const app = yield use('Read', { file_path: join(directory, 'src/app.js') });
  if (app.kind === 'denied') {
    notes.refused.push('reading src/app.js');
    yield say(
      `I may not even read it, so there is nothing I could add. What I was told:${quote(app.message)}`,
    );
    return false;
  }
  yield say(
    'It answers `/` and nothing else. I would add `/health` here. ' +
      (isWatched ? 'Changing a file is yours to approve:' : 'Changing a file needs an approval:'),
  );
  const isAdded = yield* change(scene, 'src/app.js', appEdit, 'the endpoint');
  if (isAdded) {
    yield say('Now a test for it, for which I ask again:');
    yield* change(scene, 'test/app.test.js', testEdit, 'its test');
  } else {
    yield say(
      'Then I write no test for it either. Let me see whether the project’s own tests pass as it stands:',
    );
  }
  const tests = yield use('Bash', { command: 'node --test', description: 'Run the tests' });
  if (tests.kind === 'done') notes.done.push('the tests pass');
  if (tests.kind === 'denied') notes.refused.push('running the tests');
  yield say(testReport(tests));
  return isAdded;
}

function* change(scene: Scene, path: string, { from, to }: DemoEdit, what: string): Play<boolean> {
  const { directory, isWatched, notes } = scene;
  const file = join(directory, path);
  const edited = yield use('Edit', { file_path: file, old_string: from, new_string: to });
  if (edited.kind === 'done') {
    notes.done.push(`${what} is in ${path}`);
    return true;
  }
  if (edited.kind === 'failed') {
    yield say(`That did not work:${quote(edited.output)}`);
    return false;
  }
  notes.refused.push(`changing ${path}`);
  yield say(
    isWatched
      ? `Understood, ${path} stays as it was. What I was told:${quote(edited.message)}`
      : `Nobody is here to approve it, so leashd itself gave the safe answer: ${path} stays as it was.`,
  );
  return false;
}

/** What an agent might try that was misled, and should not be able to. */
function* overreach({ directory, notes }: Scene): Play {
  yield say('Now two things that I should not do. First, the secrets in `.env`:');
  yield* attempt('Read', { file_path: join(directory, '.env') }, 'reading .env', notes);
  yield say('Second, overwriting the remote’s history:');
  yield* attempt('Bash', { command: 'git push --force origin main' }, 'pushing by force', notes);
}

function* attempt(tool: string, input: Readonly<Record<string, unknown>>, what: string, notes: Notes): Play {
  const result = yield use(tool, input);
  if (result.kind === 'denied') {
    notes.refused.push(what);
    yield say(`Denied, as it should be. What the gate told me:${quote(result.message)}`);
  } else {
    // What came back is nobody's business, so it is not repeated.
    notes.done.push(`${what} was allowed, and no default policy does that`);
    yield say('That was allowed! The policy in force is looser than the default one.');
  }
}

function* commit({ notes }: Scene): Play {
  yield say('What is left is to commit the work:');
  const command = 'git commit -am "Add a health check endpoint"';
  const committed = yield use('Bash', { command, description: 'Commit the change' });
  if (committed.kind === 'done') notes.done.push('it is committed');
  else if (committed.kind === 'denied') notes.refused.push('committing it');
}

function summary({ done, refused }: Notes): string {
  const was = done.length === 0 ? 'Nothing was changed.' : `Done: ${done.join('; ')}.`;
  const not = refused.length === 0 ? 'Nothing was refused.' : `Refused: ${refused.join('; ')}.`;
  return `That is it. ${was} ${not}`;
}

function testReport(tests: StepResult): string {
  switch (tests.kind) {
    case 'denied':
      return `I may not run the tests. What I was told:${quote(tests.message)}`;
    case 'failed':
      return 'The tests fail.';
    case 'done': {
      const passed = /^\S+ pass (\d+)$/m.exec(tests.output)?.[1];
      return passed === undefined ? 'The tests pass.' : `All ${passed} tests pass.`;
    }
    default:
      return assertNever(tests);
  }
}

function say(text: string): ScriptStep {
  return { kind: 'say', text };
}

function use(tool: string, input: Readonly<Record<string, unknown>>): ScriptStep {
  return { kind: 'tool', tool, input };
}

function quote(text: string): string {
  return `\n\n> ${text.trim().replaceAll('\n', '\n> ')}`;
}
