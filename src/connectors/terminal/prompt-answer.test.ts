import { describe, expect, it } from 'vitest';
import type { PromptId } from '../../core/ports/chat.ts';
import type { PromptView } from '../../core/ports/connector.ts';
import { newId } from '../../util/ids.ts';
import { plain } from '../../util/rich-text.ts';
import { createPaint } from './paint.ts';
import { answersText, attachmentText, cardText, choicesText, readAnswer } from './prompt-answer.ts';

const paint = createPaint(false);
const approval: PromptView = {
  id: newId<'PromptId'>() satisfies PromptId,
  body: plain('Write a.txt?'),
  choices: [
    { id: 'approve', label: 'Yes, do', key: 'y' },
    { id: 'reject', label: 'No', key: 'n' },
  ],
  textHint: 'type a reason to reject',
};
const choiceOnly: PromptView = { ...approval, textHint: undefined };

describe('readAnswer', () => {
  it.each([
    ['y', 'approve'],
    [' Y ', 'approve'],
    ['APPROVE', 'approve'],
    ['yes, do', 'approve'],
    ['yes', 'approve'],
    ['YES', 'approve'],
    ['n', 'reject'],
    ['no', 'reject'],
    [' No ', 'reject'],
  ])('takes %j for the choice it names', (line, choice) => {
    expect(readAnswer(approval, line)).toEqual({ kind: 'choice', choice });
  });

  it('knows yes and no where no label says them', () => {
    const labelled = { ...approval, choices: approval.choices.map((choice) => ({ ...choice, label: '•' })) };
    expect(readAnswer(labelled, 'Yes')).toEqual({ kind: 'choice', choice: 'approve' });
    expect(readAnswer(labelled, 'NO')).toEqual({ kind: 'choice', choice: 'reject' });
  });

  it.each([
    'ok',
    'OK',
    'okay',
    'Ok.',
    'sure!',
    'go',
    'go ahead',
    'approved',
    'yep',
    'y.',
    'yy',
    'yes!',
    '👍',
  ])('takes %j neither for a choice nor for a reason to reject', (line) => {
    expect(readAnswer(approval, line)).toEqual({ kind: 'unclear' });
  });

  it('takes a word of assent for a text where the question is not one of yes or no', () => {
    const open = { ...approval, choices: [{ id: 'a', label: 'Left', key: '1' }] };
    expect(readAnswer(open, 'ok')).toEqual({ kind: 'text', text: 'ok' });
    expect(readAnswer(open, 'yes')).toEqual({ kind: 'text', text: 'yes' });
  });

  it.each(['y but only once', 'approve it', 'ok but in b.txt', 'no, use b.txt', 'stop', 'н'])(
    'does not take %j for a choice',
    (line) => {
      expect(readAnswer(approval, line)).toEqual({ kind: 'text', text: line });
      expect(readAnswer(choiceOnly, line)).toEqual({ kind: 'unclear' });
    },
  );

  it('takes nothing for no answer', () => {
    expect(readAnswer(approval, '  ')).toEqual({ kind: 'empty' });
    expect(readAnswer(choiceOnly, '')).toEqual({ kind: 'empty' });
  });
});

describe('what a prompt looks like', () => {
  it('prints the attachment whole', () => {
    const content = 'x'.repeat(20_000);
    const card = cardText({ ...approval, attachment: { fileName: 'all.diff', content } }, paint);
    expect(card).toContain('Write a.txt?');
    expect(card).toContain(`──── all.diff\n${content}\n──── end of all.diff`);
  });

  it('names the choices on one line where they fit, else on a line each', () => {
    expect(choicesText(approval, paint, 80)).toBe('[y] Yes, do  [n] No  or type a reason to reject');
    expect(choicesText(approval, paint, 40)).toBe('[y] Yes, do\n[n] No\nor type a reason to reject');
  });

  it('names what may be typed', () => {
    expect(answersText(choiceOnly)).toBe('y or n');
    expect(answersText(approval)).toBe('y or n, or type a reason to reject');
    expect(answersText({ ...choiceOnly, choices: approval.choices.slice(0, 1) })).toBe('y');
  });
});

describe('an attachment', () => {
  it('is shown whole when it is text, and named with its place when it lies on this machine', () => {
    expect(attachmentText({ fileName: 'a.md', content: 'one\n' }, paint)).toBe(
      '──── a.md\none\n──── end of a.md',
    );
    const file = { fileName: 'a\u001b.png', content: new Uint8Array(3), path: '/projects/app/a.png' };
    const said = attachmentText(file, paint);
    expect(said).toContain('.png is on this machine: /projects/app/a.png');
    expect(said).not.toContain('\u001b');
    expect(attachmentText({ ...file, path: undefined }, paint)).toContain('(3 bytes)');
  });
});
