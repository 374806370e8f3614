import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRanges, readEntities } from '../../../test/fixtures/bot-api/entities.ts';
import { MAX_TEXT_UNITS } from '../../../test/fixtures/bot-api/limits.ts';
import { untangle } from '../../../test/fixtures/bot-api/nesting.ts';
import { markdownArbitrary } from '../../../test/fixtures/markdown-arbitrary.ts';
import { newId } from '../../util/ids.ts';
import { plain } from '../../util/rich-text.ts';
import type { ReplyState } from '../../core/ports/connector.ts';
import type { EntityText } from './entities.ts';
import { clip, closedPromptText, contentParts, layoutReply, openPromptText } from './message-parts.ts';

function question(body: string, textHint?: string): Parameters<typeof openPromptText>[0] {
  return { id: newId<'PromptId'>(), body: plain(body), choices: [], textHint };
}

/** However many: what the tests of splitting look at. */
const replyParts = (state: ReplyState): readonly EntityText[] => layoutReply(state, 'without-file').messages;

describe('the messages of a reply', () => {
  it('are none while there is nothing to see', () => {
    expect(replyParts({ markdown: '' })).toEqual([]);
    expect(replyParts({ markdown: ' \n ', status: '  ' })).toEqual([]);
  });

  it('count the status line in their limit, and never move text for it', () => {
    const markdown = 'word '.repeat(3_000);
    const bare = replyParts({ markdown });
    const told = replyParts({ markdown, status: 'busy '.repeat(500) });
    expect(told).toHaveLength(bare.length);
    expect(told.slice(0, -1)).toEqual(bare.slice(0, -1));
    expect(told.every(({ text }) => text.length <= 4096)).toBe(true);
    expect(told.at(-1)?.text.startsWith(bare.at(-1)?.text ?? '?')).toBe(true);
  });

  it('keep the status on one line', () => {
    expect(replyParts({ markdown: 'a', status: '🔧 Bash:\n  rm\tx' })[0]?.text).toBe('a\n\n🔧 Bash: rm x');
  });

  it('stay as they are where the text only grows behind them', () => {
    const lines = Array.from({ length: 600 }, (_, index) => `line ${index} of the answer`);
    let before = replyParts({ markdown: lines.slice(0, 300).join('\n') });
    for (let shown = 320; shown <= lines.length; shown += 20) {
      const after = replyParts({ markdown: lines.slice(0, shown).join('\n') });
      expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
      before = after;
    }
  });

  it('always fit, whatever the agent writes', () => {
    const markdown = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('```\n', '> ', '**', '| a |\n')),
      {
        maxLength: 400,
      },
    );
    fc.assert(
      fc.property(markdown, fc.string({ unit: 'binary', maxLength: 400 }), (source, status) => {
        for (const { text, entities } of replyParts({ markdown: source.join(''), status })) {
          expect(text.length).toBeLessThanOrEqual(4096);
          expect(text.isWellFormed()).toBe(true);
          expect(entities.length).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('a reply too long for four messages', () => {
  const paragraphs = (count: number): string =>
    Array.from({ length: count }, (_, index) => `**${index}** ${'word '.repeat(150)}.`).join('\n\n');
  const short = { markdown: paragraphs(16), status: 'busy' };
  const long = { markdown: paragraphs(60), status: 'busy' };

  it('shows its beginning and its end while it grows', () => {
    const all = replyParts(long);
    const { messages, file } = layoutReply(long, 'growing');
    expect(all.length).toBeGreaterThan(4);
    expect(file).toBeUndefined();
    expect(messages.slice(0, 3)).toEqual(all.slice(0, 3));
    expect(messages.slice(3).map(({ text }) => text)).toEqual([`…\n\n${all.at(-1)?.text ?? '?'}`]);
  });

  it('ends as its beginning and a file with all of it', () => {
    const { messages, file } = layoutReply(long, 'final');
    const [beginning] = replyParts(long);
    expect(messages.map(({ text }) => text)).toEqual([
      `${beginning?.text ?? '?'}\n\n… there is more: all of it is in answer.md.\n\nbusy`,
    ]);
    expect(file).toEqual({ fileName: 'answer.md', content: long.markdown });
  });

  it('is one only beyond four', () => {
    expect(replyParts(short)).toHaveLength(4);
    expect(layoutReply(short, 'final')).toEqual({ messages: replyParts(short) });
    expect(layoutReply(short, 'growing')).toEqual({ messages: replyParts(short) });
  });
});

describe('every reply', () => {
  const blocks = fc.array(markdownArbitrary(), { minLength: 1, maxLength: 12 });
  const repeats = fc.integer({ min: 1, max: 12 });
  const stages = fc.constantFrom('growing', 'final', 'without-file' as const);

  it('passes the server’s rules with every entity kept, whatever stage it is shown at', () => {
    fc.assert(
      fc.property(blocks, repeats, stages, (samples, times, stage) => {
        const once = samples.map(({ markdown }) => markdown).join('\n\n');
        const markdown = Array.from({ length: times }, () => once).join('\n\n');
        for (const { text, entities } of layoutReply({ markdown, status: '🔧 Bash: ls' }, stage).messages) {
          expect(text.length).toBeLessThanOrEqual(MAX_TEXT_UNITS);
          checkRanges(text, readEntities(entities));
          expect(untangle(entities)).toHaveLength(entities.length);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('the message of a prompt', () => {
  it('holds the question and its foot', () => {
    expect(openPromptText(question('Sure?', 'Reply with a reason')).content.text).toBe(
      'Sure?\n\nReply with a reason',
    );
    expect(openPromptText(question('Sure?')).content.text).toBe('Sure?');
    expect(closedPromptText(question('Sure?', 'hint'), 'Approved').content.text).toBe('Sure?\n\nApproved');
  });

  it('is cut alike whether it is open or closed, and says so', () => {
    for (const length of [3_000, 3_694, 3_695, 4_096, 20_000]) {
      const prompt = question('x'.repeat(length), 'y'.repeat(1_000));
      const open = openPromptText(prompt);
      const closed = closedPromptText(prompt, 'z'.repeat(1_000));
      expect(open.isCut).toBe(length > 3_694);
      expect(closed.isCut).toBe(open.isCut);
      for (const { content, isCut } of [open, closed]) {
        expect(content.text.length).toBeLessThanOrEqual(4096);
        expect(content.text.includes('cut here')).toBe(isCut);
      }
    }
  });
});

describe('the messages of a notice', () => {
  it('use all the room that there is', () => {
    expect(contentParts(plain('x'.repeat(4096)))).toHaveLength(1);
    expect(contentParts(plain('x'.repeat(4097)))).toHaveLength(2);
    expect(contentParts({ markdown: '' })).toEqual([]);
  });
});

describe('clipping', () => {
  it('never leaves half a character', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clip('a😀😀', 3)).toBe('a…');
  });
});
