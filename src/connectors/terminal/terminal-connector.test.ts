import { describe, expect, it } from 'vitest';
import { openTerminal, settled, chat } from '../../../test/fixtures/terminal/open-terminal.ts';
import { link, plain } from '../../util/rich-text.ts';

describe('typing in the terminal', () => {
  it('sends a line with the person, a unique id and the private chat', async () => {
    const { type, heard, connector } = await openTerminal();
    await type('add a health check\r');
    expect(heard).toMatchObject([
      {
        kind: 'text',
        text: 'add a health check',
        chat,
        isPrivate: true,
        person: { id: 'terminal:local', name: 'Ada' },
        receivedAt: 1_700_000_000_500,
      },
    ]);
    expect(heard[0]?.id).toMatch(/^terminal:[\w-]{8,}:1$/);
    await connector.stop();
  });

  it('gives ids that no other process gave', async () => {
    const one = await openTerminal();
    const two = await openTerminal();
    await one.type('a\r');
    await two.type('a\r');
    expect(one.heard[0]?.id).not.toBe(two.heard[0]?.id);
  });

  it('says nothing for an empty line', async () => {
    const { type, heard } = await openTerminal();
    await type('\r  \r');
    expect(heard).toEqual([]);
  });

  it('joins lines that end with a backslash, and shows that it waits for more', async () => {
    const { type, heard, terminal } = await openTerminal();
    await type('one\\\r');
    expect(terminal.lines.at(-1)).toBe('…');
    await type('two\r');
    expect(heard).toMatchObject([{ kind: 'text', text: 'one\ntwo' }]);
    expect(terminal.lines.at(-1)).toBe('>');
  });

  it('sends pasted lines as one message', async () => {
    const { type, heard } = await openTerminal();
    await type('fix \u001b[200~first\rsecond\r\u001b[201~');
    expect(heard).toEqual([]);
    await type('please\r');
    expect(heard).toMatchObject([{ kind: 'text', text: 'fix first\nsecond\nplease' }]);
  });

  it('shows a notice that came for the person, and goes on when receiving failed', async () => {
    const { type, heard, terminal } = await openTerminal({
      receive: async (inbound) => {
        if (inbound.kind === 'text' && inbound.text === 'bad') throw new Error('the disk is full');
        return { notice: 'slow down' };
      },
    });
    await type('bad\rgood\r');
    expect(heard).toHaveLength(2);
    expect(terminal.shown).toContain('This could not be taken: the disk is full.');
    expect(terminal.shown).toContain('slow down');
  });
});

describe('leaving', () => {
  it('ends at Ctrl-D, once, after the lines before it were received', async () => {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const { type, ended } = await openTerminal({
      receive: async () => {
        await held;
        return {};
      },
    });
    await type('last words\r\u0004');
    expect(ended()).toBe(0);
    letGo();
    await settled();
    expect(ended()).toBe(1);
  });

  it('needs Ctrl-C twice, and says so', async () => {
    const { type, ended, terminal, clock } = await openTerminal();
    await type('\u0003');
    expect(terminal.shown).toContain('(Ctrl-C again, or Ctrl-D, leaves)');
    clock.advance(5_000);
    await type('\u0003');
    expect(ended()).toBe(0);
    await type('\u0003');
    expect(ended()).toBe(1);
  });

  it('throws away what was typed at the first Ctrl-C', async () => {
    const { type, heard, ended } = await openTerminal();
    await type('one\\\rtwo\u0003\u0003');
    expect(ended()).toBe(0);
    await type('three\r');
    expect(heard).toMatchObject([{ text: 'three' }]);
  });

  it('stops the running turn at Ctrl-C, and leaves at the next', async () => {
    const { type, heard, ended, connector } = await openTerminal();
    connector.openReply(chat);
    await type('\u0003');
    expect(heard).toMatchObject([{ kind: 'command', name: 'stop', args: '' }]);
    expect(ended()).toBe(0);
    await type('\u0003');
    expect(heard).toHaveLength(1);
    expect(ended()).toBe(1);
  });

  it('finishes the answer after Ctrl-D, in sight, and says how to stop it', async () => {
    const { type, ended, connector, terminal } = await openTerminal();
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'I read', status: '🔧 Read' });
    await type('\u0004');
    expect(ended()).toBe(1);
    reply.show({ markdown: 'I read it.\n\nThen I', status: '🔧 Edit' });
    await reply.finish({ markdown: 'I read it.\n\nThen I edit it.', status: '3 s' });
    await connector.stop();
    expect(terminal.shown).toContain('\nFinishing this answer; Ctrl-C stops it.\n');
    expect(terminal.shown).toContain('Then I edit it.\n3 s');
  });

  it('says nothing of an answer at Ctrl-D when there is none', async () => {
    const { type, ended, terminal } = await openTerminal();
    await type('\u0004');
    expect(ended()).toBe(1);
    expect(terminal.shown).toBe('>');
  });

  it('is idle again once the reply is finished', async () => {
    const { type, heard, connector } = await openTerminal();
    await connector.openReply(chat).finish({ markdown: 'done' });
    await type('\u0003');
    expect(heard).toEqual([]);
  });

  it('ends when the terminal goes away, and rejects what can no longer be shown', async () => {
    const { connector, terminal, ended } = await openTerminal();
    terminal.destroy(new Error('EIO'));
    await settled();
    expect(ended()).toBe(1);
    await expect(connector.send(chat, { content: plain('x') })).rejects.toMatchObject({
      code: 'TERMINAL_GONE',
    });
  });

  it('leaves the terminal as it was', async () => {
    const { connector, terminal, type, ended, heard } = await openTerminal();
    await connector.send(chat, { content: plain('hello') });
    await type('half a li');
    await connector.stop();
    expect(terminal.shown).toBe('hello');
    expect(terminal.raw.endsWith('\u001b[?2004l')).toBe(true);
    await type('ne\r');
    expect([ended(), heard.length]).toEqual([0, 0]);
  });
});

describe('what is printed', () => {
  it('stands above what is being typed', async () => {
    const { connector, terminal, type } = await openTerminal();
    await type('half a mess');
    await connector.send(chat, { content: plain('a notice\nof two lines') });
    expect(terminal.shown).toBe('a notice\nof two lines\n> half a mess');
    await type('age\r');
    expect(terminal.shown).toBe('a notice\nof two lines\n> half a message\n>');
  });

  it('shows the Markdown of a notice, not its marks', async () => {
    const colored = await openTerminal({ hasColors: true });
    const markdown = '⚠️ **Careful**: see `a.txt`.\n\n- one\n- two';
    await colored.connector.send(chat, { content: { markdown } });
    expect(colored.terminal.shown).toContain('⚠️ Careful: see a.txt.\n\n• one\n• two');
    expect(colored.terminal.raw).toContain('\u001b[1mCareful\u001b[0m');
    const bare = await openTerminal();
    await bare.connector.send(chat, { content: { markdown } });
    expect(bare.terminal.shown).toContain('⚠️ Careful: see a.txt.');
  });

  it('keeps lines apart however long the typed one is', async () => {
    const { connector, terminal, type } = await openTerminal({ columns: 20 });
    await type('a line that is longer than the terminal is wide');
    await connector.send(chat, { content: plain('notice') });
    expect(terminal.lines).toEqual(['notice', '> a line that is lon', 'ger than the termina', 'l is wide']);
  });

  it('prints an attachment whole', async () => {
    const { connector, terminal } = await openTerminal();
    const content = Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n');
    await connector.send(chat, { content: plain('see'), attachment: { fileName: 'all.txt', content } });
    expect(terminal.shown).toContain(`see\n──── all.txt\n${content}\n──── end of all.txt`);
  });

  it('obeys nothing that came from elsewhere', async () => {
    const { connector, terminal } = await openTerminal();
    const nasty = '\u001b]0;title\u0007\u001b[2J\u202eback';
    const before = terminal.raw.length;
    await connector.send(chat, { content: { markdown: nasty } });
    await connector.send(chat, {
      content: link(nasty, nasty),
      attachment: { fileName: nasty, content: nasty },
    });
    const reply = connector.openReply(chat);
    reply.show({ markdown: nasty, status: nasty });
    await reply.finish({ markdown: `${nasty} more`, status: nasty });
    const written = terminal.raw.slice(before);
    expect(written).not.toContain('\u001b]');
    expect(written).not.toContain('\u001b[2J');
    expect(written).not.toContain('\u202e');
    expect(terminal.shown).toContain('␛]0;title␇␛[2J<U+202E>back more');
  });
});

describe('a reply', () => {
  it('grows above its status and what is being typed', async () => {
    const { connector, terminal, type } = await openTerminal();
    const reply = connector.openReply(chat);
    await type('next qu');
    reply.show({ markdown: 'I read the', status: '🔧 Read: src/app.js' });
    expect(terminal.shown).toBe('I read the\n🔧 Read: src/app.js\n> next qu');
    reply.show({ markdown: 'I read the file.\n\nThen', status: '🔧 Edit: src/app.js' });
    expect(terminal.shown).toBe('I read the file.\n\nThen\n🔧 Edit: src/app.js\n> next qu');
    await reply.finish({ markdown: 'I read the file.\n\nThen I edit it.', status: '🧰 Read, Edit · 3 s' });
    expect(terminal.shown).toBe('I read the file.\n\nThen I edit it.\n🧰 Read, Edit · 3 s\n> next qu');
  });

  it('prints each word once, however it is cut', async () => {
    const { connector, terminal } = await openTerminal({ columns: 30 });
    const text = Array.from({ length: 120 }, (_, index) => `w${index}${index % 17 === 0 ? '\n' : ' '}`).join(
      '',
    );
    const reply = connector.openReply(chat);
    for (let length = 0; length < text.length; length += 7) reply.show({ markdown: text.slice(0, length) });
    await reply.finish({ markdown: text });
    const words = terminal.shown.replaceAll(/\s+/g, '').replace(/>$/, '');
    expect(words).toBe(text.replaceAll(/\s+/g, ''));
  });

  it('is broken between words, but not in a block of code', async () => {
    const { connector, terminal } = await openTerminal({ columns: 20 });
    const reply = connector.openReply(chat);
    const markdown =
      'some words that need two lines\n```\nconst code = as(it, stands);\n```\nand more words than fit';
    for (let length = 0; length < markdown.length; length += 3)
      reply.show({ markdown: markdown.slice(0, length) });
    await reply.finish({ markdown });
    expect(terminal.lines).toEqual([
      'some words that need',
      'two lines',
      '```',
      // Broken by the terminal, which knows that it is one line.
      'const code = as(it,',
      'stands);',
      '```',
      'and more words than',
      'fit',
      '>',
    ]);
    expect(terminal.raw).toContain('const code = as(it, stands);');
  });

  it('does not tear an emoji apart that came in halves', async () => {
    const { connector, terminal } = await openTerminal();
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'ok \ud83d' });
    reply.show({ markdown: 'ok \ud83d\ude80 go' });
    expect(terminal.shown).toContain('ok 🚀 go');
  });

  it('goes on after blanks that were trimmed, and begins again when the text is another', async () => {
    const { connector, terminal } = await openTerminal();
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'one \n' });
    reply.show({ markdown: 'one\n\ntwo' });
    await reply.finish({ markdown: 'three' });
    expect(terminal.shown).toBe('one\n\ntwo\nthree\n>');
  });

  it('takes nothing after its end', async () => {
    const { connector, terminal } = await openTerminal();
    const reply = connector.openReply(chat);
    await reply.finish({ markdown: 'done' });
    reply.show({ markdown: 'done and more', status: 'working' });
    await reply.finish({ markdown: 'done twice' });
    expect(terminal.shown).toBe('done\n>');
  });
});

describe('without a TTY', () => {
  it('takes each line as a message and the end of the input as the end', async () => {
    const { input, heard, ended, terminal } = await openTerminal({ isTty: false });
    input.end('one\n/status\nbegun\\\nand ended\\');
    await settled();
    expect(heard).toMatchObject([
      { kind: 'text', text: 'one' },
      { kind: 'command', name: 'status' },
      { kind: 'text', text: 'begun\nand ended' },
    ]);
    expect(ended()).toBe(1);
    expect(terminal.raw).toBe('');
  });

  it('prints replies and notices plainly, as they come', async () => {
    const { connector, terminal } = await openTerminal({ isTty: false });
    const reply = connector.openReply(chat);
    reply.show({ markdown: 'Half', status: 'working' });
    reply.show({ markdown: 'Half a', status: 'working' });
    await connector.send(chat, { content: plain('a notice') });
    await reply.finish({ markdown: 'Half a line', status: '2 s' });
    expect(terminal.raw).toBe('Half a\na notice\n line\n2 s\n');
    const next = connector.openReply(chat);
    next.show({ markdown: 'One.' });
    await connector.send(chat, { content: plain('a notice') });
    await next.finish({ markdown: 'One.\n\nTwo.' });
    expect(terminal.raw.endsWith('2 s\nOne.\na notice\n\nTwo.\n')).toBe(true);
    await connector.stop();
    expect(terminal.raw).not.toContain('\u001b');
  });
});
