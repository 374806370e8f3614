import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PHASES, type PhaseId } from './phase.ts';
import { initialSession, markPhase, readProgress, resumePoint, type PhaseState } from './session-file.ts';

const digest = '0123456789abcdef';
const startedAt = Date.UTC(2026, 10, 22, 20);
const HOUR = 60 * 60 * 1000;
const fresh = initialSession({ digest, startedAt });
const ids = PHASES.map(({ id }) => id);

describe('the session file', () => {
  it('begins with everything open but what is skipped', () => {
    const text = initialSession({ digest, startedAt, skipped: new Set<PhaseId>(['e2e']) });
    expect(text).toContain('- plan: 0123456789abcdef\n- started: 2026-11-22T20:00:00.000Z\n');
    expect(text).toContain('- [ ] 5. Backend verification\n- [-] 6. End-to-end in the browser\n');
    expect(readProgress(text)).toMatchObject({
      plan: digest,
      startedAt,
      current: 'discovery',
      results: undefined,
    });
    expect(readProgress(text).phases.e2e).toBe('skipped');
  });

  it('is read as agents write it', () => {
    const text = fresh
      .replace('- [ ] 1. Discovery', '* [X] Phase 1: Discovery\n  - [ ] 2. not a phase, a note')
      .replace('- [ ] 2. Server', '-  [x] **2) Server')
      .replace('- [ ] 3. Smoke test', '- [✓] 3. Smoke test\r')
      .replace('- [ ] 4.', '- [—] 4.')
      .replace('- [ ] 5.', '- [~] 5.')
      .replace('|        |        |       |      |', '| 12 | **3** | 1 ✅ | two |')
      .concat('- .leashd/shots/login page.png\n- ![x](../../etc/x.png) `/etc/y.png`\n');
    const progress = readProgress(text);
    expect(ids.map((id) => progress.phases[id])).toEqual([
      'done',
      'done',
      'done',
      'skipped',
      'begun',
      'open',
      'open',
      'open',
      'open',
    ]);
    expect(progress.current).toBe('backend');
    expect(progress.results).toEqual({ passed: 12, failed: 3, fixed: 1, left: 0 });
    expect(progress.screenshots).toEqual(['.leashd/shots/login page.png']);
  });

  it('names screenshots in the folders that they may lie in, and nowhere else', () => {
    const text = '- see /shots/a.png\n- /shots/../etc/b.png\n- /shotsx/c.png\n- /etc/d.png\n';
    expect(readProgress(text, ['/shots']).screenshots).toEqual(['/shots/a.png']);
    expect(readProgress(text).screenshots).toEqual([]);
  });

  it.each<[string, string | undefined, number, unknown]>([
    ['nothing there', undefined, 0, { kind: 'fresh' }],
    ['untouched', fresh, HOUR, { kind: 'fresh' }],
    ['begun', markPhase(fresh, 'discovery', 'begun'), HOUR, { kind: 'resume', phase: 'discovery' }],
    ['cut off in phase 5', cutOffIn('backend'), HOUR, { kind: 'resume', phase: 'backend' }],
    [
      'a day old',
      cutOffIn('backend'),
      24 * HOUR,
      { kind: 'fresh', why: 'the last run is more than a day old' },
    ],
    [
      'from the future',
      cutOffIn('backend'),
      -HOUR,
      { kind: 'fresh', why: 'the last run is dated in the future' },
    ],
    ['complete', cutOffIn(undefined), HOUR, { kind: 'fresh', why: 'the last run is complete' }],
    [
      'of another plan',
      cutOffIn('e2e').replace(digest, 'f'.repeat(16)),
      HOUR,
      { kind: 'fresh', why: 'the last run had another plan' },
    ],
    ['overwritten', '# my notes\n', HOUR, { kind: 'fresh', why: "the last run's file can't be read" }],
  ])('says where to go on: %s', (_, text, later, expected) => {
    expect(resumePoint(text, digest, startedAt + later)).toMatchObject(expected as object);
  });

  it('keeps every mark and every note, in whatever order they come', () => {
    const mark = fc.tuple(
      fc.constantFrom(...ids),
      fc.constantFrom<PhaseState>('open', 'begun', 'done', 'skipped'),
    );
    // What an agent leaves below a phase, or does to its line.
    const note = fc.tuple(fc.constantFrom(...ids), fc.string({ maxLength: 40 }));
    const removed = fc.constantFrom(...ids);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.record({ mark }), fc.record({ note }), fc.record({ removed })), {
          maxLength: 25,
        }),
        (steps) => {
          let text = fresh;
          const expected = new Map<PhaseId, PhaseState>(ids.map((id) => [id, 'open']));
          const notes: string[] = [];
          for (const step of steps) {
            if ('mark' in step) {
              text = markPhase(text, ...step.mark);
              expected.set(...step.mark);
            } else if ('note' in step) {
              const lines = text.split('\n');
              const at = lines.findIndex((line) => line.includes(`] ${ids.indexOf(step.note[0]) + 1}. `));
              const line = `  - ${step.note[1].replaceAll(/[\n\r]/g, ' ')}`;
              if (at >= 0) {
                text = lines.toSpliced(at + 1, 0, line).join('\n');
                notes.push(line);
              }
            } else {
              const number = ids.indexOf(step.removed) + 1;
              text = text
                .split('\n')
                .filter((line) => !new RegExp(`^- \\[.\\] ${number}\\. `).test(line))
                .join('\n');
              expected.set(step.removed, 'open');
            }
          }
          const progress = readProgress(text);
          expect(progress.phases).toEqual(Object.fromEntries(expected));
          expect(progress.plan).toBe(digest);
          expect(progress.startedAt).toBe(startedAt);
          for (const line of notes) expect(text).toContain(line);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('is read whatever it holds, and can be marked', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '\n',
        '- [',
        '] ',
        '1.',
        '| passed | failed |\n',
        '| 1 |',
        '- plan: ',
        '- started: ',
        '\r\n',
        'x.png',
        '## Results\n',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.constantFrom(...ids), (pieces, id) => {
        const text = pieces.join('');
        readProgress(text);
        expect(readProgress(markPhase(text, id, 'done')).phases[id]).toBe('done');
      }),
      { numRuns: 200 },
    );
  });

  it('does not take long over a hostile one', () => {
    const began = performance.now();
    for (const text of [
      '- ['.repeat(100_000),
      'a.'.repeat(200_000),
      `${' '.repeat(500)}\n`.repeat(5000),
      '|'.repeat(300_000),
    ])
      readProgress(text);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

function cutOffIn(phase: PhaseId | undefined): string {
  const end = phase === undefined ? ids.length : ids.indexOf(phase);
  const done = ids.slice(0, end).reduce((text, id) => markPhase(text, id, 'done'), fresh);
  return phase === undefined ? done : markPhase(done, phase, 'begun');
}
