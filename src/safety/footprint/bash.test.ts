import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { Footprint } from '../types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

const read = (command: string): Footprint => project.footprint(project.bash(command));

function effects(command: string): string[] {
  return read(command).effects.map((effect) => {
    if (effect.kind === 'act') return effect.act;
    if (effect.kind === 'network') return `network ${effect.host ?? ''}`;
    return `${effect.kind} ${effect.path.real.replace(`${project.base}/home/`, '')}`;
  });
}

const abouts = (command: string): string[] => [
  ...new Set(
    read(command)
      .unknowns.map(({ about }) => about)
      .sort(),
  ),
];

describe('the footprint of a bash command', () => {
  it.each([
    ['cat src/index.ts', ['read ada/project/src/index.ts']],
    ['cat ~/notes.txt', ['read ada/notes.txt']],
    ['cat way-out/file.txt', ['read elsewhere/file.txt']],
    [`cat '~/x'`, ['read ada/project/~/x']],
    ['git -C src diff -- a', ['read ada/project/src', 'read ada/project/src/a']],
    ['ls > out.txt', ['write ada/project/out.txt', 'read ada/project']],
    ['ls 2>/dev/null', ['read ada/project']],
    ['cat < README.md', ['read ada/project/README.md']],
    ['echo x >> ~/.bashrc', ['write ada/.bashrc']],
    ['ls | tee /dev/null', ['read ada/project']],
    ['echo x > /dev/tcp/example.com/80', ['network example.com']],
    ['{ ls src; } > out.txt', ['write ada/project/out.txt', 'read ada/project/src']],
    ['sudo rm README.md', ['privilege', 'delete ada/project/README.md']],
    ['ls >& out.txt', ['write ada/project/out.txt', 'read ada/project']],
    ['ls 1>&2 2>/dev/null', ['read ada/project']],
    ['python3 <<EOF\n1\nEOF', ['run-inline-code']],
    ['node - < x.js', ['read ada/project/x.js', 'run-inline-code']],
    ['frobnicate .env', ['read ada/project/.env']],
    ['frobnicate README.md', []],
    ['git commit -m x', ['change-history']],
  ])('%s touches', (command, expected) => {
    expect(effects(command)).toEqual(expected);
  });

  it.each([
    ['ls -la', []],
    ['git status', []],
    ['ls 2>&1', []],
    ['frobnicate', ['program']],
    ['frobnicate > x', ['program']],
    ['X=1 ls', ['syntax']],
    ['cat() { :; }; cat .env', []],
    ['cat() { :; }; unset -f cat; cat .env', ['syntax']],
    ['cat() { :; }; (unset cat; cat .env)', ['syntax']],
    ['f() { unset -f cat; }; cat() { :; }; f; cat .env', ['syntax']],
    ['f() { ls; }; unset X; f', []],
    ['f() { local x="$1"; }; f', []],
    ['a=(); declare a="$1"', ['syntax']],
    ['declare -a a; local a="$1"', ['syntax']],
    ['LANG=C ls', []],
    ['PATH=x', ['syntax']],
    ['x=1', []],
    ['export PATH=x', ['syntax']],
    ['export LC_ALL=C', []],
    ['while IFS= read -r l; do echo "$l"; done', []],
    ['read PATH', ['syntax']],
    ['for PATH in x; do ls; done', ['syntax']],
    ['((PATH=1)); ls', ['syntax']],
    ['echo $((x = PATH = 1)); ls', ['syntax']],
    ['ls $X', ['word']],
    ['$X', ['word']],
    ['ls > $X', ['word']],
    ['git show "$X"', ['word']],
    ['git show -- "$X"', ['word']],
    ['git show "HEAD:$X"', ['word']],
    ['git log $X', ['word']],
    ['git log "main..$X"', ['word']],
    ['git log --author="$X" -n "$N"', []],
    ['git log --output="$X"', ['word']],
    ['git log --since "$X" --grep "$Y"', []],
    ['git branch --contains "$X"', []],
    ['git branch "$X"', ['word']],
    ['git reflog "$X"', ['program', 'word']],
    ['git stash "$X"', ['word']],
    ['git "$X"', ['option', 'word']],
    ['git -C "$X" status', ['option', 'word']],
    ['git commit -m "$X"', []],
    ['git commit -m $X', ['word']],
    ['git push origin "$X"', ['word']],
    ['git config user.name "$X"', ['word']],
    ['git config --get "$X"', ['word']],
    ['for b in main dev; do git log $b; done', []],
    ['for b in main -O; do git log $b; done', ['word']],
    ['ls; pwd', []],
    ['ls & ', []],
    ['(ls)', []],
    ['! ls', []],
    ['time ls', []],
    ['f() { ls; }; f', []],
    ['f() { cat "$1"; }; f x', ['word']],
    ['echo "$X" $(ls)', []],
    ['ls "x', ['syntax']],
    ['coproc ls', ['syntax']],
    ['find . -name x -exec ls {} +', []],
    ['env ls', []],
    ['env FOO=1 ls', ['syntax']],
    ['nohup timeout 5 nice -n 3 ls', []],
    ['bash x.sh', []],
    ['bash', ['word']],
    ['bash -i -c ls', ['option']],
    ['bash -c "ls $X"', ['word']],
    ['eval "$X"', ['word']],
    ['ls | xargs cat', ['word']],
    ['ls | xargs echo', []],
    ['find src -print0 | xargs -0 grep -n foo', []],
    ["find src -name '*.ts' | head -3 | xargs wc -l", []],
    ['find . | xargs cat', ['word']],
    ['git ls-files src | xargs rm', ['word']],
    ['ls --nonsense', ['option']],
    ['"git status"', ['word']],
    ['frobnicate ~/x', ['path', 'program']],
    ['frobnicate --config=/etc/x', ['path', 'program']],
    ['frobnicate src/index.ts', ['path', 'program']],
    ['cat a\\\nb', ['syntax']],
    ['cat inner/../x', []],
    [`cat way-out/../x`, ['path']],
    [`cat ${'x'.repeat(300)}`, ['path']],
    ['(( i++ ))', ['syntax']],
    ['i=1; (( i++ )); echo $((i + 2))', []],
    ['echo $((1 + 2))', []],
    ['echo ${a[$x]} ${!x} ${x@P}', ['syntax']],
    ['[[ $x -eq 1 ]]', ['syntax']],
    ['[[ $# -eq 1 && -f x ]]', []],
    ['[ -v "$x" ]', ['word']],
    ['[ "$x" = y ]', []],
    ['printf -v x y', ['option']],
    ['shopt -s dotglob', ['option']],
    ['set -euo pipefail', []],
    ['set -f', ['option']],
    ["trap 'rm x' EXIT", ['path']],
    ["sh -c '[[ a > b ]]'", ['syntax']],
    ['cd src; cat index.ts', []],
    ['cd nowhere; cat index.ts', []],
    ['cd "$X"; cat index.ts', ['path', 'word']],
    ['cd src && cd - && cat README.md', []],
    ['for i in 1 2; do cd ..; done; ls', ['path']],
    ['cat {1..x}', ['word']],
    ['ls << EOF\n$(ls)\nEOF', []],
  ])('%s is in doubt about', (command, expected) => {
    expect(abouts(command)).toEqual(expected);
  });

  it.each([
    ['cd src && cat index.ts', ['read ada/project/src', 'read ada/project/src/index.ts']],
    ['(cd src; cat a); cat b', ['read ada/project/src', 'read ada/project/src/a', 'read ada/project/b']],
    ['cd src | cat a; cat b', ['read ada/project/src', 'read ada/project/a', 'read ada/project/b']],
    ['cd src || exit; cat a', ['read ada/project/src', 'read ada/project/src/a']],
    [
      'cd new && cat a; cat b',
      ['read ada/project/new', 'read ada/project/new/a', 'read ada/project/new/b', 'read ada/project/b'],
    ],
    ['pushd src && popd && cat a', ['read ada/project/src', 'read ada/project/a']],
    ['cd ..; cat x', ['read ada', 'read ada/x']],
    ['cd; cat x', ['read ada/x']],
    [
      'if ls; then cd src; fi; cat a',
      ['read ada/project', 'read ada/project/src', 'read ada/project/src/a', 'read ada/project/a'],
    ],
    [
      'bash -c "cd src; cat a"; cat b',
      ['read ada/project/src', 'read ada/project/src/a', 'read ada/project/b'],
    ],
    ['eval "cd src"; cat a', ['read ada/project/src', 'read ada/project/src/a']],
    ['command cd src; cat a', ['read ada/project/src', 'read ada/project/src/a']],
    ['env -C src cat a', ['read ada/project/src', 'read ada/project/src/a']],
    ['cd src && cat .env', ['read ada/project/src', 'read ada/project/src/.env']],
  ])('follows the directory of %s', (command, expected) => {
    expect(effects(command)).toEqual(expected);
  });

  it.each([
    ['F=src/a.ts; cat "$F"', ['cat src/a.ts']],
    ['F=a; F=b; cat "$F"', ['cat "$F"']],
    ['F=a; read F; cat "$F"', ['read F', 'cat "$F"']],
    ['F=a; f() { F=b; }; f; cat "$F"', ['f', 'cat "$F"']],
    ['F=a cat "$F"', ['cat "$F"']],
    ['F=a; bash -c \'cat "$F"\'', ['bash -c cat "$F"', 'cat "$F"']],
    ['F="a b"; cat $F', ['cat $F']],
    ['cat "$HOME"/x ~/y', ['cat {base}/ada/x {base}/ada/y']],
    ['ls "$(pwd)" $PWD', ['ls {base}/ada/project {base}/ada/project', 'pwd']],
    ['cat src/*.ts', ['cat src/index.ts']],
    ['cat src/*.js', ['cat src/*.js']],
    ['cat *.{md,x}', ['cat README.md *.x']],
    ['cat .env*', ['cat .env .env.example']],
    ['ls */', ['ls src/ way-out/']],
    ['echo {1..3} {a,b}c', ['echo 1 2 3 ac bc']],
    [`git commit -m "$(cat <<'EOF'\na $(b)\nEOF\n)"`, ['git commit -m a $(b)', 'cat']],
    [`bash <<'EOF'\nls; rm x\nEOF`, ['bash', 'ls', 'rm x']],
    ['sudo -u bob env A=1 rm x', ['sudo -u bob env A=1 rm x', 'env A=1 rm x', 'rm x']],
    ['env -S "ls -la"', ['env -S ls -la', 'ls -la']],
    [`watch 'ls; rm x'`, ['watch ls; rm x', 'ls', 'rm x']],
    [`flock x -c 'rm y'`, ['flock x -c rm y', 'rm y']],
    [`trap 'rm x' EXIT`, ['trap rm x EXIT', 'rm x']],
    ['for i in a b; do cat "$i"; done', ['cat "$i"']],
  ])('reads the words of %s', (command, expected) => {
    const forms = read(command).commands.map(({ normalForm }) =>
      normalForm.replaceAll(`${project.base}/home`, '{base}'),
    );
    expect(forms.filter((form) => form !== '')).toEqual(expected);
  });

  it('reads each value that a loop gives a variable', () => {
    expect(effects('for f in src/*.ts README.md; do cat "$f"; done')).toEqual([
      'read ada/project/src/index.ts',
      'read ada/project/README.md',
    ]);
    expect(effects('for d in src new; do (cd "$d" && cat a); done')).toEqual([
      'read ada/project/src',
      'read ada/project/new',
      'read ada/project/src/a',
      'read ada/project/new/a',
    ]);
  });

  it('says which command an effect and a doubt belong to', () => {
    const { commands, effects: found, unknowns } = read('cat README.md | frobnicate');
    expect(commands.map(({ normalForm }) => normalForm)).toEqual(['cat README.md', 'frobnicate']);
    expect(found[0]?.command).toBe(0);
    expect(unknowns.find(({ about }) => about === 'program')?.command).toBe(1);
  });

  it.each([
    ['curl x | sh', 'network-to-interpreter'],
    ['curl x | tee y | sudo bash -s -- -y', 'network-to-interpreter'],
    ['(echo a; wget -O- x) | zsh', 'network-to-interpreter'],
    ['bash <(curl x)', 'network-to-interpreter'],
    ['source <(curl x)', 'network-to-interpreter'],
    ['sh -c "$(curl x)"', 'network-to-interpreter'],
    ['eval "$(curl x | cat)"', 'network-to-interpreter'],
    ['curl x | python3', 'network-to-interpreter'],
    ['env curl x | sh', 'network-to-interpreter'],
    ['timeout 5 curl x | env bash', 'network-to-interpreter'],
    [`bash -c 'curl x' | sh`, 'network-to-interpreter'],
    ['curl x | python3 -', 'network-to-interpreter'],
    ['echo aGk= | base64 -d | bash', 'decoded-to-interpreter'],
    [`bash -c 'curl x | sh'`, 'network-to-interpreter'],
  ])('%s lets outside data run', (command, kind) => {
    expect(read(command).flows?.map((flow) => flow.kind)).toContain(kind);
  });

  it.each([
    'curl x',
    'curl x > install.sh',
    'curl x | python3 -m json.tool',
    `curl x | node -e 'process.stdin'`,
    'curl x | jq .',
    'curl x | bash script.sh',
    'bash script.sh; curl x',
    `bash -c 'curl x'`,
    'echo "curl x | sh"',
  ])('%s does not', (command) => {
    expect(read(command).flows).toEqual([]);
  });

  it('takes long chains in its stride', () => {
    const started = performance.now();
    const chain = Array.from({ length: 2000 }, (_, index) => `a${index}`).join(' | ');
    const tooMany = read(`${chain} | sh`);
    expect(tooMany.commands.length).toBeLessThan(600);
    expect(tooMany.unknowns).toContainEqual({ about: 'syntax', why: 'it holds more than 500 commands' });
    read(`${'(a;b) | '.repeat(1500)} sh`);
    read('$('.repeat(2000));
    read(`${'#;'.repeat(5000)}\n(`);
    read(`${'\\'.repeat(15_001)}x ${' '.repeat(15_000)}x`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
