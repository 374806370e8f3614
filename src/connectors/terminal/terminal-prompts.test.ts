import { describe, expect, it } from 'vitest';
import { approval, chat, openTerminal, settled } from '../../../test/fixtures/terminal/open-terminal.ts';

describe('a question in the terminal', () => {
  it('is shown with its choices and answered with a key', async () => {
    const { connector, terminal, type, heard } = await openTerminal();
    const prompt = approval('Write a.txt?');
    const message = await connector.showPrompt(chat, prompt);
    expect(terminal.lines.slice(-2)).toEqual([
      'Write a.txt?',
      '[y] Approve  [n] Reject  or type a reason to reject ›',
    ]);
    await type('y\r');
    expect(heard).toMatchObject([{ kind: 'tap', prompt: prompt.id, choice: 'approve', chat }]);
    await connector.closePrompt(message, prompt, 'Approved by Ada');
    expect(terminal.lines.slice(-2)).toEqual(['Approved by Ada', '>']);
  });

  it('takes another text as a reply to it', async () => {
    const { connector, type, heard } = await openTerminal();
    const message = await connector.showPrompt(chat, approval('Write a.txt?'));
    await type('use b.txt instead\r');
    expect(heard).toMatchObject([{ kind: 'text', text: 'use b.txt instead', replyTo: message.message }]);
  });

  it('takes no word of assent for a reason to reject, and asks again', async () => {
    const { connector, type, heard, terminal } = await openTerminal();
    await connector.showPrompt(chat, approval('Write a.txt?'));
    await type('ok\r');
    expect(heard).toEqual([]);
    expect(terminal.lines.slice(-2)).toEqual([
      'Please answer y or n, or type a reason to reject.',
      '[y] Approve  [n] Reject  or type a reason to reject ›',
    ]);
    await type('Yes\r');
    expect(heard).toMatchObject([{ kind: 'tap', choice: 'approve' }]);
  });

  it('is not answered by a key that was pressed twice for the one before', async () => {
    const { connector, type, input, clock, heard, terminal } = await openTerminal();
    const [one, two] = [approval('One?'), approval('Two?')];
    const message = await connector.showPrompt(chat, one);
    await type('y\r');
    await connector.closePrompt(message, one, 'Approved');
    await connector.showPrompt(chat, two);
    clock.advance(499);
    input.write('y\r');
    await settled();
    expect(heard).toHaveLength(1);
    expect(terminal.lines.slice(-2)).toEqual([
      '(too quick: please answer again)',
      '[y] Approve  [n] Reject  or type a reason to reject ›',
    ]);
    clock.advance(1);
    input.write('y\r');
    await settled();
    expect(heard).toMatchObject([{ prompt: one.id }, { kind: 'tap', prompt: two.id, choice: 'approve' }]);
  });

  it('leaves no message behind when its key is pressed twice', async () => {
    const { connector, type, input, clock, heard } = await openTerminal();
    const prompt = approval('One?');
    const message = await connector.showPrompt(chat, prompt);
    await type('y\r');
    await connector.closePrompt(message, prompt, 'Approved');
    input.write('y\r');
    await settled();
    expect(heard).toMatchObject([{ kind: 'tap' }]);
    clock.advance(500);
    input.write('y\r');
    await settled();
    expect(heard).toMatchObject([{ kind: 'tap' }, { kind: 'text', text: 'y' }]);
  });

  it('is stopped when the person leaves with Ctrl-D, since nobody can answer it', async () => {
    const { connector, type, heard, terminal, ends } = await openTerminal();
    await connector.showPrompt(chat, approval('Write a.txt?'));
    await type('\u0004');
    expect(terminal.shown).toContain('Stopping: nobody can answer the open question any more.');
    // It is for leashd to end, with its own reason: the person stopped nothing.
    expect([heard, ends]).toEqual([[], ['unanswerable']]);
  });

  it('takes only its choices where no text answers it', async () => {
    const { connector, type, heard, terminal } = await openTerminal();
    await connector.showPrompt(chat, approval('Write a.txt?', { textHint: undefined }));
    await type('maybe\r');
    expect(heard).toEqual([]);
    expect(terminal.shown).toContain('Please answer y or n.');
    await type('reject\r');
    expect(heard).toMatchObject([{ kind: 'tap', choice: 'reject' }]);
  });

  it('asks again at an empty line', async () => {
    const { connector, type, heard, terminal } = await openTerminal();
    await connector.showPrompt(chat, approval('Write a.txt?'));
    await type('\r');
    expect(heard).toEqual([]);
    expect(terminal.lines.at(-1)).toContain('[y] Approve');
  });

  it('leaves commands what they are', async () => {
    const { connector, type, heard } = await openTerminal();
    await connector.showPrompt(chat, approval('Write a.txt?'));
    await type('/stop\r');
    expect(heard).toMatchObject([{ kind: 'command', name: 'stop' }]);
    await type('\u0003');
    expect(heard).toMatchObject([{ kind: 'command' }, { kind: 'command', name: 'stop' }]);
  });

  it('hides the status of the turn while it waits', async () => {
    const { connector, terminal } = await openTerminal();
    const prompt = approval('Write a.txt?');
    const reply = connector.openReply(chat);
    const message = await connector.showPrompt(chat, prompt);
    reply.show({ markdown: '', status: '🔧 Write: a.txt' });
    expect(terminal.lines.slice(-2)).toEqual([
      'Write a.txt?',
      '[y] Approve  [n] Reject  or type a reason to reject ›',
    ]);
    await connector.closePrompt(message, prompt, 'Approved');
    expect(terminal.lines.slice(-3)).toEqual(['Approved', '🔧 Write: a.txt', '>']);
  });

  it('is not answered by what was being typed, which comes back after it', async () => {
    const { connector, terminal, type, heard } = await openTerminal();
    await type('first\\\ry');
    const prompt = approval('Write a.txt?');
    const message = await connector.showPrompt(chat, prompt);
    await type('\r');
    expect(heard).toEqual([]);
    await type('n\r');
    expect(heard).toMatchObject([{ kind: 'tap', choice: 'reject' }]);
    await connector.closePrompt(message, prompt, 'Rejected');
    expect(terminal.lines.at(-1)).toBe('… y');
    await type('es\r');
    expect(heard[1]).toMatchObject({ kind: 'text', text: 'first\nyes' });
  });

  it('drops an answer that is half typed when the question closes', async () => {
    const { connector, terminal, type, heard } = await openTerminal();
    const [one, two] = [approval('Write a.txt?'), approval('Delete all?')];
    const first = await connector.showPrompt(chat, one);
    await connector.showPrompt(chat, two);
    await type('y');
    await connector.closePrompt(first, one, 'Nobody answered in time');
    await type('\r');
    expect(heard).toEqual([]);
    expect(terminal.shown).toContain('Delete all?');
  });

  it('asks again when an answer did not close it', async () => {
    const { connector, type, heard, clock, terminal } = await openTerminal();
    await connector.showPrompt(chat, approval('Write a.txt?'));
    await type('y\r');
    expect(terminal.lines.at(-1)).toBe('>');
    clock.advance(2_000);
    expect(terminal.lines.at(-1)).toContain('[y] Approve');
    await type('n\r');
    expect(heard).toMatchObject([{ choice: 'approve' }, { choice: 'reject' }]);
  });

  it('waits its turn behind an older one', async () => {
    const { connector, type, heard, terminal } = await openTerminal();
    const prompts = [approval('One?'), approval('Two?'), approval('Three?')] as const;
    const [one, two] = [
      await connector.showPrompt(chat, prompts[0]),
      await connector.showPrompt(chat, prompts[1]),
      await connector.showPrompt(chat, prompts[2]),
    ];
    expect(terminal.shown).toContain('One?');
    expect(terminal.shown).not.toContain('Two?');
    expect(terminal.shown).toContain('(2 more to answer after this)');
    await connector.closePrompt(two, prompts[1], 'Closed: no longer wanted');
    expect(terminal.shown).toContain('A waiting question is closed: Closed: no longer wanted');
    await type('y\r');
    await connector.closePrompt(one, prompts[0], 'Approved');
    await type('n\r');
    expect(heard).toMatchObject([
      { prompt: prompts[0].id, choice: 'approve' },
      { prompt: prompts[2].id, choice: 'reject' },
    ]);
    expect(terminal.shown).not.toContain('Two?');
  });

  it('does not take a second answer while the first is on its way', async () => {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const { connector, type, heard } = await openTerminal({
      receive: async () => {
        await held;
        return {};
      },
    });
    const prompt = approval('One?');
    const message = await connector.showPrompt(chat, prompt);
    const next = approval('Two?');
    await connector.showPrompt(chat, next);
    await type('y\ry\r');
    letGo();
    await settled();
    await connector.closePrompt(message, prompt, 'Approved');
    expect(heard).toMatchObject([{ kind: 'tap', prompt: prompt.id }]);
  });

  it('leaves out the notice of a tap that closed its question', async () => {
    const prompt = approval('One?');
    const { connector, type, terminal } = await openTerminal({
      receive: async () => {
        await connector.closePrompt({ chat, message: 'prompt-1' }, prompt, 'Approved by Ada');
        return { notice: 'Approve!' };
      },
    });
    await connector.showPrompt(chat, prompt);
    await type('y\r');
    expect(terminal.shown).toContain('Approved by Ada');
    expect(terminal.shown).not.toContain('Approve!');
  });

  it('is refused once the person has left', async () => {
    const { connector, type } = await openTerminal();
    await type('\u0004');
    await expect(connector.showPrompt(chat, approval('Write?'))).rejects.toMatchObject({
      code: 'NOBODY_TO_ASK',
    });
  });
});

describe('a question with more behind it', () => {
  it('shows a menu as a numbered list, takes nothing else there, and leads back', async () => {
    const { connector, type, heard, terminal } = await openTerminal();
    const prompt = approval('Push?');
    const message = await connector.showPrompt(chat, prompt);
    await type('y\r');
    const choices = [
      { id: 'offer-0', label: 'git push to origin, this chat, 1 hour', key: '1' },
      { id: 'offer-1', label: 'git push to origin, until /clear', key: '2' },
      { id: 'back', label: '← Back', key: 'b' },
    ];
    await connector.updatePrompt(message, { ...prompt, choices, textHint: undefined });
    expect(terminal.lines.slice(-4)).toEqual([
      '[1] git push to origin, this chat, 1 hour',
      '[2] git push to origin, until /clear',
      '[b] ← Back',
      '›',
    ]);
    await type('3\r');
    await type('ok\r');
    expect(terminal.shown).toContain('Please answer 1, 2 or b.');
    await type('b\r');
    await connector.updatePrompt(message, prompt);
    await type('n\r');
    expect(heard).toMatchObject([{ choice: 'approve' }, { choice: 'back' }, { choice: 'reject' }]);
  });

  it('wants a whole word where one key would be too little', async () => {
    const { connector, type, input, heard, terminal } = await openTerminal();
    const prompt = approval('Push?');
    const message = await connector.showPrompt(chat, prompt);
    await type('y\r');
    const choices = [
      { id: 'sure-approve', label: 'Yes, force-push main', key: 'yes' },
      { id: 'reject', label: 'Reject', key: 'n' },
    ];
    await connector.updatePrompt(message, { ...prompt, choices });
    input.write('y\r');
    await settled();
    await type('y\r');
    await type('ok\r');
    expect(heard).toHaveLength(1);
    expect(terminal.shown).toContain('Please answer yes or n');
    await type('Yes\r');
    expect(heard).toMatchObject([{ choice: 'approve' }, { kind: 'tap', choice: 'sure-approve' }]);
  });

  it('changes only the question it is about', async () => {
    const { connector, terminal } = await openTerminal();
    const [one, two] = [approval('One?'), approval('Two?')];
    const message = await connector.showPrompt(chat, one);
    const below = await connector.showPrompt(chat, two);
    const before = terminal.shown;
    await connector.updatePrompt(message, { ...two, choices: [] });
    await connector.closePrompt(message, two, 'of another process');
    await connector.updatePrompt(below, { ...two, textHint: undefined });
    expect(terminal.shown).toBe(before);
    await connector.closePrompt(message, one, 'Approved');
    expect(terminal.lines.at(-1)).toBe('[y] Approve  [n] Reject ›');
  });
});

describe('a question without a TTY', () => {
  it('is refused', async () => {
    const { connector } = await openTerminal({ isTty: false });
    expect(connector.canPrompt).toBe(false);
    await expect(connector.showPrompt(chat, approval('Write?'))).rejects.toMatchObject({
      fault: 'machine',
      code: 'NOBODY_TO_ASK',
    });
  });

  it('is answered by itself where that was asked for, in sight', async () => {
    const { connector, terminal, heard, input } = await openTerminal({
      isTty: false,
      autoAnswer: () => 'reject',
    });
    expect(connector.canPrompt).toBe(true);
    input.end();
    await settled();
    const prompt = approval('Write a.txt?');
    const message = await connector.showPrompt(chat, prompt);
    expect(heard).toEqual([]);
    await settled();
    expect(heard).toMatchObject([{ kind: 'tap', prompt: prompt.id, choice: 'reject' }]);
    await connector.closePrompt(message, prompt, 'Rejected by Ada');
    expect(terminal.shown).toBe(
      '\nWrite a.txt?\n› Reject (answered by itself, because nobody watches this run)\nRejected by Ada',
    );
  });

  it('is refused when the answer is none of its choices', async () => {
    const { connector } = await openTerminal({ isTty: false, autoAnswer: () => 'nope' });
    await expect(connector.showPrompt(chat, approval('Write?'))).rejects.toThrow(
      'expected one of approve, reject as the answer, got "nope"',
    );
  });
});
