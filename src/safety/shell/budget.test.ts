import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONG_TEXTS, ORDINARY_LONG_TEXTS } from '../../../test/fixtures/long-texts.ts';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { Decision } from '../types.ts';
import { Budget } from './budget.ts';

const KIB = 1024;
const LONGEST = 64 * KIB;

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
  for (let index = 0; index < 300; index += 1) project.write(`many/${index}.txt`, '');
});
afterAll(() => project.remove());

const policy = builtInPolicy('default', 'dev-tools');
const judge = (text: string): Decision => project.judge(policy, project.bash(text));
const doubts = (text: string): string =>
  project
    .footprint(project.bash(text))
    .unknowns.map(({ why }) => why)
    .join('; ');

describe('a long text', () => {
  it.each(Object.entries(ORDINARY_LONG_TEXTS))('%s is read to its end', (_, make) => {
    for (const size of [16 * KIB, 40 * KIB, LONGEST]) {
      expect(doubts(make(size))).toBe('');
      expect(judge(make(size))).toEqual(judge(make(KIB)));
    }
  });

  it.each(Object.entries(LONG_TEXTS))(
    '%s is answered, always alike, and never looser than short',
    (_, make) => {
      const text = make(LONGEST);
      expect(text.length).toBeLessThanOrEqual(LONGEST);
      const decision = judge(text);
      expect(judge(text)).toEqual(decision);
      const isHarmless = judge(make(KIB)).action === 'allow';
      expect(isHarmless ? ['allow', 'ask', 'deny'] : ['ask', 'deny']).toContain(decision.action);
    },
  );

  it('is refused as unknown when it is longer than 64 KiB', () => {
    const text = `echo ${'a'.repeat(LONGEST)}`;
    expect(doubts(text)).toMatch(/too long/);
    expect(judge(text).action).toBe('ask');
  });

  it.each([
    ['more than 500 commands', 'ls;'.repeat(501)],
    ['more than 5000 words', `echo ${'a '.repeat(5000)}`],
    ['more than 1000 files', `cat ${'a '.repeat(1001)}`],
    ['more than 1000 here-documents', `cat ${'<<E '.repeat(1001)}`],
    ['more than 262144 characters', `v=${'a'.repeat(6000)};${'echo "$v";'.repeat(60)}`],
    ['too many parts', `[[ ${'! '.repeat(31_000)} a ]]`],
    ['too many files to look at', `cat ${'many/z* '.repeat(100)}`],
    ['nested in a way', `"${'<($['.repeat(2000)}`],
  ])('is unknown with %s', (complaint, text) => {
    expect(doubts(text)).toContain(complaint);
    expect(judge(text).action).toBe('ask');
  });

  it.each([
    ['500 commands', 'ls;'.repeat(500)],
    ['1000 files', `cat ${'a '.repeat(1000)}`],
    ['4999 words', `echo ${'a '.repeat(4999)}`],
    ['1000 negations', `[[ ${'! '.repeat(1000)} a ]]`],
    ['patterns for files', `cat ${'many/z* '.repeat(50)}`],
    ['here-documents', 'cat <<E\nx\nE\n'.repeat(300)],
  ])('is known with %s', (_, text) => {
    expect(doubts(text)).toBe('');
    expect(judge(text).action).toBe('allow');
  });

  it('is denied for what stands in the part that was read', () => {
    expect(judge(`cat .env; ${'ls;'.repeat(600)}`)).toMatchObject({ action: 'deny', rule: 'secret-files' });
  });
});

describe('the budget', () => {
  it('lets the parser look at a text only so often', () => {
    const text = new Budget().watched('a'.repeat(3000));
    const looks = (): void => {
      for (let index = 0; index < 1_000_000; index += 1) text.charCodeAt(index % text.length);
    };
    expect(looks).toThrow(RangeError);
  });

  it('counts all texts of a call together', () => {
    const budget = new Budget();
    expect(typeof budget.watched('a'.repeat(2000))).toBe('string');
    expect(typeof budget.watched('a'.repeat(100))).toBe('object');
  });
});
