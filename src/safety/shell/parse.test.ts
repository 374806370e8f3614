import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diskView } from '../file-view.ts';
import { normalForm } from './normal-form.ts';
import { readShell } from './parse.ts';

const HOME = { home: '/home/ada', directory: '/home/ada/project', view: diskView };
const found = (source: string): string[] =>
  readShell(source, HOME).commands.map((command) => normalForm(command.argv));
const doubts = (source: string): string =>
  readShell(source, HOME)
    .unknowns.map(({ why }) => why)
    .join('; ');

describe('readShell', () => {
  it.each([
    ['ls -la', ['ls -la']],
    ['  ls   -la  # all of it', ['ls -la']],
    [`git commit -m "x; rm -rf /"`, ['git commit -m x; rm -rf /']],
    [String.raw`\rm -r "a b" '' c\ d`, [`rm -r a b '' c d`]],
    [String.raw`echo $'tab\tquote\''`, [`echo tab quote'`]],
    ['ls ~ ~/src', ['ls /home/ada /home/ada/src']],
    [`ls '~' "~/x"`, ['ls ~ ~/x']],
    ['git diff HEAD~1 main~2', ['git diff HEAD~1 main~2']],
    ['/usr/bin/git status', ['git status']],
    ['./git status', ['./git status']],
    ['ls\nrm x', ['ls', 'rm x']],
    ['ls; rm x && cat y || pwd & id', ['ls', 'rm x', 'cat y', 'pwd', 'id']],
    ['a | b |& c', ['a', 'b', 'c']],
    ['(a; { b; })', ['a', 'b']],
    ['if a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
    ['for i in $(a); do b; done; while c; do d; done', ['a', 'b', 'c', 'd']],
    ['case $(a) in x) b;; esac', ['a', 'b']],
    ['f() { a; }; f', ['a', 'f']],
    ['a "$(b `c`)" <(d)', ['a "$(b `c`)" <(d)', 'b `c`', 'c', 'd']],
    ['echo $((1 + $(a)))', ['echo $((1 + $(a)))', 'a']],
    ['[[ -n $(a) ]] && b', ['a', 'b']],
    ['x=$(a) b', ['b', 'a']],
    ['cat <<< "$(a)"', ['cat', 'a']],
    ['cat <<EOF\n$(a)\nEOF', ['cat', 'a']],
    [`cat <<'EOF'\n$(a)\nEOF`, ['cat']],
    ['', []],
    ['# nothing', []],
  ])('finds each command in %j', (source, commands) => {
    expect(found(source)).toEqual(commands);
  });

  it.each(['ls -la src', 'git log --oneline -5', `grep -n 'a b' "x"`, 'ls 2>&1 >/dev/null', 'a | b', 'a; b'])(
    'trusts its reading of %j',
    (source) => {
      expect(doubts(source)).toBe('');
    },
  );

  it.each([
    ['ls "a', /not valid bash/],
    ['ls )', /not valid bash/],
    ['x<(id)y', /so close/],
    ['ls (x', /could not be read|not valid/],
    ['b=(1 $(rm x))y', /array|expansion/],
    ['2>&-dd ls', /descriptor/],
    ['ls >&$x', /descriptor/],
    [String.raw`echo $'\x41'`, /escape/],
    ['ec\\\nho hi', /after a backslash/],
    ['ls \\', /lone backslash/],
    ['ls\r', /carriage return/],
    ['ls \0', /NUL/],
    ['ls \uD800', /half a character/],
    ['coproc ls', /coprocess/],
    ['cat <<EOF\nx', /does not end/],
    [`ls ${'x'.repeat(66_000)}`, /too long/],
    ['$('.repeat(300) + 'ls' + ')'.repeat(300), /./],
  ])('doubts its reading of %j', (source, why) => {
    expect(doubts(source)).toMatch(why);
  });

  it.each([
    ['cat [ab].ts', 'pattern for file names'],
    ['cat {a..z}', 'several words'],
    ['cat $X', 'depends on $X'],
    ['cat "${X:-y}"', 'depends on ${X:-y}'],
    ['cat $(ls)', 'what another command prints'],
    ['cat ~bob/x', 'replaces the ~'],
    ['cat a=~/x', 'replaces the ~'],
    ['cat $"hi"', 'language'],
    ['$X y', 'depends on $X'],
  ])('knows that a word of %j is not known', (source, why) => {
    const words = readShell(source, HOME).commands[0]?.argv.filter((word) => word.kind === 'unknown') ?? [];
    expect(words).toHaveLength(1);
    expect(words[0]).toMatchObject({ why: expect.stringContaining(why) as string });
  });

  it('tells what feeds a command, and where its output goes', () => {
    const { commands } = readShell('(a; b) | c "$(d < x)" | e <<< text', HOME);
    expect(commands.map(({ stdin }) => stdin)).toEqual([
      { kind: 'inherit' },
      { kind: 'inherit' },
      { kind: 'pipe', from: [0, 1] },
      { kind: 'file' },
      { kind: 'text' },
    ]);
    expect(commands.map(({ outputTo }) => outputTo)).toEqual([undefined, undefined, undefined, 2, undefined]);
  });

  it('keeps what a group is redirected to', () => {
    const [group] = readShell('{ ls; } > out.txt', HOME).commands;
    expect(group?.redirections).toMatchObject([{ operator: '>', target: { value: 'out.txt' } }]);
  });

  it('never throws, and reads twice the same', () => {
    const pieces = String.raw`ls rm -rf ; && | $( ) ${'`'} " ' \ < > >& <<EOF EOF { } (( )) [[ ]] $x ~ * if then fi case esac #`;
    const piece = fc.constantFrom(' ', '\n', '\0', '\uD800', ...pieces.split(' '));
    const source = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(source, (text) => {
        expect(readShell(text, HOME)).toEqual(readShell(text, HOME));
      }),
      { numRuns: 1500 },
    );
  });
});
