// The pictures of the README, from real runs: `node scripts/pictures.ts`. Running it again changes
// nothing, unless leashd shows something else. It takes python3 (a pseudo-terminal) and the `claude` that comes with leashd.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startLeashd } from '../test/e2e/leashd-process.ts';
import { createRig } from '../test/e2e/rig.ts';
import { useTool } from '../test/fixtures/messages-api/reply.ts';
import { readsTheQuestion } from '../test/fixtures/terminal/pty.ts';
import { VirtualTerminal } from '../test/fixtures/terminal/virtual-terminal.ts';
import { drawChat, type Bubble } from './picture-chat.ts';
import { drawTerminal } from './picture-terminal.ts';
import { withoutPlace } from './picture-text.ts';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'pictures');
const SHOWN_FOLDER = '/home/ada/greeter';
const REQUEST = 'Add a health check endpoint';

// Short lines: a phone shows some forty characters of code.
const APP = `import fastify from 'fastify';

const app = fastify();
app.get('/', () => 'Good day');

export default app;
`;

/** A message to the bot and the card that comes of it, as the Bot API got them. */
async function realCard(): Promise<readonly Bubble[]> {
  const rig = await createRig();
  try {
    const file_path = join(rig.project, 'src', 'app.js');
    await mkdir(dirname(file_path));
    await writeFile(file_path, APP);
    const old_string = 'export default app;';
    const new_string = `app.get('/health', () => ({ ok: true }));\n\n${old_string}`;
    rig.model.enqueue(
      useTool('Read', { file_path }, { words: 'I’ll look at the app first.' }),
      useTool('Edit', { file_path, old_string, new_string }),
    );
    await rig.start();
    rig.owner.send(REQUEST);
    const card = await rig.card();
    const words = await rig.sees(({ text }) => text.startsWith('I’ll look'));
    const shown = [words, card].map(({ text, entities, keyboard }) => ({
      from: 'bot' as const,
      ...withoutPlace({ text, entities }, rig.project, SHOWN_FOLDER),
      buttons: keyboard.map((row) => row.map(({ label }) => label)),
    }));
    return [{ from: 'person', text: REQUEST, entities: [], buttons: [] }, ...shown];
  } finally {
    await rig.dispose();
  }
}

/** The demo in a terminal, with a person who says yes; parts of it, with a line where some was left out. */
async function realDemo(): Promise<readonly string[]> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'leashd-picture-')));
  const terminal = new VirtualTerminal(80, 24);
  const demo = startLeashd({
    args: ['demo'],
    directory: folder,
    isTty: true,
    environment: { HOME: folder, TMPDIR: folder },
  });
  let seen = 0;
  try {
    for (const subject of ['Edits src/app.js', 'Edits test/app.test.js', 'git commit']) {
      const card = new RegExp(`${subject}[^]*or reply with a reason`);
      await expectOutput(() => card.test(demo.output().slice(seen)));
      seen = demo.output().length;
      await readsTheQuestion();
      demo.write('y\r');
      await expectOutput(() => /Approved by/.test(demo.output().slice(seen)));
      seen = demo.output().length;
    }
    await demo.exited();
  } finally {
    await demo.stop();
    await rm(folder, { recursive: true });
  }
  terminal.write(demo.output());
  return partsOf(terminal.lines);
}

async function expectOutput(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !holds();) {
    if (Date.now() > deadline) throw new Error('the demo did not get to where the picture is taken');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function partsOf(lines: readonly string[]): readonly string[] {
  const part = (from: RegExp, to: RegExp): readonly string[] => {
    const begin = lines.findIndex((line) => from.test(line));
    const end = lines.findIndex((line, index) => index >= begin && to.test(line));
    if (begin < 0 || end < 0) throw new Error(`the demo does not show ${String(from)} … ${String(to)}`);
    return lines.slice(begin, end + 1);
  };
  const parts = [
    part(/Edits src\/app\.js/, /Approved by/),
    part(/^⛔ .*Read/, /^⛔/),
    part(/^⛔ .*push/, /^⛔/),
    part(/^What the gate decided/, /^\d+ tool calls/),
  ];
  const plain = (line: string): string =>
    line
      .replaceAll(/\S*leashd-demo-\w+\/greeter/g, SHOWN_FOLDER)
      .replace(/Approved by .*, \d\d:\d\d/, 'Approved by ada, 09:41');
  return ['$ leashd demo', ...parts.flatMap((some) => ['⋯', ...some.map(plain)])];
}

await mkdir(FOLDER, { recursive: true });
await writeFile(join(FOLDER, 'card.svg'), drawChat(await realCard()));
await writeFile(join(FOLDER, 'demo.svg'), drawTerminal(await realDemo()));
