import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEntityText } from '../../src/connectors/telegram/entities.ts';
import { markdownToRichText } from '../../src/markdown/convert.ts';
import { splitRichText } from '../../src/markdown/split.ts';
import type { RichText } from '../../src/util/rich-text.ts';
import { checkRanges, readEntities } from '../fixtures/bot-api/entities.ts';
import { untangle } from '../fixtures/bot-api/nesting.ts';
import { markdownArbitrary, scrapArbitrary, type SampleMarkdown } from '../fixtures/markdown-arbitrary.ts';
import { splitFaults } from './split-faults.ts';

const TEXTS = 5_000;

/** What is wrong with a part as the server takes it; none when every entity is kept as it was sent. */
function serverFaults(part: RichText, index: number): string[] {
  const { text, entities } = toEntityText(part);
  try {
    checkRanges(text, readEntities(entities));
  } catch (error) {
    return [`part ${index}: ${String(error)}`];
  }
  const kept = untangle(entities);
  return kept.length === entities.length
    ? []
    : [`part ${index}: ${entities.length - kept.length} are dropped`];
}

/** Most of them well-formed, with words to look for; a fifth of them scraps. */
const markdowns: fc.Arbitrary<SampleMarkdown> = fc.oneof(
  { weight: 4, arbitrary: markdownArbitrary() },
  { weight: 1, arbitrary: scrapArbitrary().map((markdown) => ({ markdown, words: [] })) },
);
const limits = fc.oneof(fc.integer({ min: 8, max: 60 }), fc.integer({ min: 60, max: 400 }));

describe(`${TEXTS} Markdown texts`, () => {
  it('are split with all of their text, and with entities that the server keeps', () => {
    let cuts = 0;
    fc.assert(
      fc.property(markdowns, limits, ({ markdown, words }, limit) => {
        const rich = markdownToRichText(markdown);
        const parts = splitRichText(rich, limit);
        cuts += Math.max(0, parts.length - 1);
        const faults = [...splitFaults(rich, parts, limit), ...parts.flatMap(serverFaults)];
        expect(faults).toEqual([]);
        const found = words.length === 0 ? [] : (rich.text.match(/w\d+z/g) ?? []);
        expect(found).toEqual(words);
      }),
      { numRuns: TEXTS },
    );
    expect(cuts).toBeGreaterThan(TEXTS);
  }, 60_000);
});
