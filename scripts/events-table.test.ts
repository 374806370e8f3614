import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvents, renderPage } from './events-table.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

describe('the table of events', () => {
  it('is what src/core/events/events.ts says; if not, run "node scripts/events-table.ts"', async () => {
    const page = read('docs/extending.md');
    expect(page).toBe(await renderPage(page, read('src/core/events/events.ts')));
  });

  it('reads names, comments and fields, those of named types included', () => {
    const source = [
      'export type Events = {',
      '  /** First. */',
      "  'a.b': { readonly one: string; readonly two?: number };",
      '  /** Second. */',
      "  'c.d': Facts & {",
      '    /** Not an event. */',
      '    readonly three: string;',
      '  };',
      '  /** Third. */',
      "  'e.f': Facts;",
      '};',
      'type Facts = {',
      '  readonly chat: ChatRef;',
      '};',
    ].join('\n');
    expect(readEvents(source)).toEqual([
      { name: 'a.b', when: 'First.', fields: ['one', 'two?'] },
      { name: 'c.d', when: 'Second.', fields: ['chat', 'three'] },
      { name: 'e.f', when: 'Third.', fields: ['chat'] },
    ]);
  });

  it('wants a comment above each', () => {
    expect(() => readEvents("export type Events = {\n  'a.b': Facts;\n};")).toThrow(
      'no one-line comment above a.b',
    );
  });
});
