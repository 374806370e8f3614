import { basename } from 'node:path';
import { bold, code, concat, join, plain, type RichText } from '../../util/rich-text.ts';
import type { Invocation, NextStep } from './command.ts';
import { move } from './move.ts';

/** A folder's name; a phone shows some thirty characters of a button. */
const LONGEST_NAME = 24;

/**
 * A test run is of one project. In a workspace it asks which one: that of the first directory is tested where one is,
 * for any other the workspace is left. True: asked, and `begin` follows a tap. False: there is nothing to choose.
 */
export async function askWhatToTest(
  invocation: Invocation,
  typed: string,
  begin: (tapped: Invocation) => Promise<void>,
): Promise<boolean> {
  const { inbound, services, say } = invocation;
  const { sessions, directories, prompts } = services;
  const session = await sessions.open(inbound.chat);
  const [here, ...all] = directories.of(session) ?? [];
  // Outside a workspace, Claude works in approved directories alone.
  const others = all.filter((path) => directories.approved.includes(path));
  if (session.workspace === undefined || here === undefined || others.length === 0) return false;
  if (!prompts.canAskAside(inbound.chat)) {
    const names = others.map((path) => `/dir ${basename(path)}`).join(', ');
    await say(plain(`Testing ${here}. For another project: ${names}, then ${typed}.`));
    return false;
  }
  const elsewhere = others.map((directory): NextStep => ({
    label: `🧪 ${shortened(basename(directory))}`,
    typed: `/dir ${basename(directory)}`,
    run: async (tapped) => {
      await move(tapped, { directory });
      if ((await sessions.open(inbound.chat)).directory === directory) await begin(tapped);
    },
  }));
  const first: NextStep = { label: `🧪 ${shortened(basename(here))}`, typed, run: begin };
  await invocation.offer(question(session.workspace, [here, ...others]), [first, ...elsewhere]);
  return true;
}

function question(workspace: string, paths: readonly string[]): RichText {
  const lines = paths.map((path, index) => concat(`${index + 1}. `, code(path)));
  return concat(
    'Which project of ',
    bold(workspace),
    ' is to be tested?\n',
    join(lines, '\n'),
    '\n\nThe first is tested in the workspace; for another one it is left.',
  );
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).toWellFormed()}…` : name;
}
