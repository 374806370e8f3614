import { afterAll, describe, expect, it } from 'vitest';
import { diskView } from '../../src/safety/file-view.ts';
import { readBash } from '../../src/safety/footprint/bash.ts';
import type { BashReading } from '../../src/safety/footprint/bash.ts';
import { BashFuzzer } from '../fixtures/bash-oracle/fuzz.ts';
import { SealedBash } from '../fixtures/bash-oracle/sealed-bash.ts';
import { isShown } from '../fixtures/bash-oracle/shown.ts';

const obstacle = SealedBash.obstacle();
if (obstacle !== undefined) console.warn(`skipped: bwrap can't run here (${obstacle.trim()})`);

const bash = obstacle === undefined ? new SealedBash() : undefined;
afterAll(() => bash?.remove());

// The whole of it takes over a minute; `.ci/run` asks for 20,000.
const FUZZED = Number(process.env['ORACLE_TEXTS'] ?? 2000);
const BATCH = 1000;
const SEED = Number(process.env.ORACLE_SEED ?? 20_261_122);

function read(text: string): BashReading {
  if (bash === undefined) throw new Error('there is no bash to compare with');
  return readBash(text, { directory: bash.directory, home: bash.home, view: diskView });
}

/** Not so: a text that is not read with certainty, and one that runs a script made while it runs. */
function isRead({ unknowns, commands }: BashReading): boolean {
  return !unknowns.some(({ about, command }) => {
    if (about === 'syntax' && command === undefined) return true;
    const [program] = command === undefined ? [] : (commands[command]?.argv ?? []);
    return program?.kind === 'static' && /^(?:eval|bash|trap|source)$/.test(program.value);
  });
}

/** What bash ran and the footprint does not show, of texts that the footprint claims to have read. */
async function missedIn(texts: readonly string[]): Promise<{ missed: string[]; ran: number; read: number }> {
  const executed = (await bash?.run(texts, 60_000)) ?? [];
  const missed: string[] = [];
  let ran = 0;
  let readable = 0;
  for (const [index, text] of texts.entries()) {
    const reading = read(text);
    // What is not certain is asked about in any case.
    if (!isRead(reading)) continue;
    readable += 1;
    for (const one of executed[index] ?? []) {
      ran += 1;
      if (!isShown(one, reading.commands))
        missed.push(`${JSON.stringify(text)} ran ${JSON.stringify(one.argv)} in ${one.cwd}`);
    }
  }
  return { missed, ran, read: readable };
}

/** Each can be read with certainty, and runs something. */
const CASES: readonly string[] = [
  'aa',
  'aa; bb && cc || dd',
  'aa & bb',
  'aa | bb |& cc',
  '(aa; bb); { cc; }',
  'aa\nbb',
  'if aa; then bb; elif cc; then dd; else ee; fi',
  'for i in a b; do aa "$i"; done',
  'for f in *.ts; do aa $f; done',
  'while aa; do bb; break; done',
  'case x in x) aa;; *) bb;; esac',
  'f() { aa "$1"; }; f x; f y',
  '[[ -f a.ts ]] && aa',
  'aa $(bb "$(cc)")',
  'aa `bb`',
  'aa <(bb) > .out/x',
  'aa > .out/x 2>&1 < a.ts',
  'aa <<EOF\n$(bb) $HOME\nEOF\ncc',
  "aa <<'EOF'\n$(bb)\nEOF\ncc",
  'aa <<< "$(bb)"',
  `bash -c 'aa; bb "$(cc)"'`,
  `eval 'aa; bb'`,
  `bash <<'EOF'\naa\nEOF`,
  'cd src && aa; bb',
  'cd src; aa; cd ..; bb',
  '(cd src; aa); bb',
  'cd nowhere; aa',
  'cd src > nowhere/x; aa',
  '{ cd src; } > nowhere/x; aa',
  'true > nowhere/x || aa',
  'V=x > nowhere/x; aa $V',
  'exit > nowhere/x; aa',
  'cd nowhere || aa; bb',
  'cd src || exit; aa',
  'pushd src; aa; popd; bb',
  'cd src; cd - ; aa',
  'cd; aa',
  'cd src | aa; bb',
  'if aa; then cd src; fi; bb',
  'aa && cd src; bb',
  'for d in src .out; do cd "$d"; aa; cd ..; done; bb',
  'f() { cd src; }; f; aa',
  'eval "cd src"; aa',
  'V=src; aa "$V" $V ${V}/x "${V}y"',
  'V=a; V=b; aa $V',
  'V="a b"; aa $V "$V"',
  'V=; aa $V x',
  'aa *.ts src/*.ts .h* nope* */ src/?.js',
  'aa {a,b}c {1..3} x{,y} {a,b}{1,2}',
  'aa ~ ~/x "$HOME" $PWD "$(pwd)"',
  String.raw`aa $'a\tb\'' "a\"b" a\ b 'c d' "" ''`,
  'X=1 aa $X',
  'X=1; export X; aa "$X"',
  'aa 2>/dev/null || bb >&2',
  'i=1; while (( i++ < 3 )); do aa; done',
  '! aa && bb',
  'time aa',
  "trap 'aa' EXIT; bb",
  'set -e; aa; bb',
  '{ aa; bb; } | cc',
  'aa "$@" $# $?',
  'aa # bb',
  'aa "$(cat <<\'EOF\'\nx $(bb)\nEOF\n)"',
];

describe.skipIf(bash === undefined)('what bash really runs', () => {
  it('stands in the footprint, case by case', async () => {
    // Each text twice: with all commands succeeding, and with all failing.
    const texts = CASES.flatMap((text) => [text, text]);
    const { missed, ran, read: readable } = await missedIn(texts);
    expect(missed).toEqual([]);
    expect(readable).toBe(texts.length);
    expect(ran).toBeGreaterThan(CASES.length * 2);
  });

  it(`stands in the footprint, for ${FUZZED} random texts`, { timeout: 150_000 }, async () => {
    const fuzzer = new BashFuzzer(SEED);
    const texts = Array.from({ length: FUZZED }, () => fuzzer.text());
    const batches: string[][] = [];
    for (let at = 0; at < texts.length; at += BATCH) batches.push(texts.slice(at, at + BATCH));
    const results: Awaited<ReturnType<typeof missedIn>>[] = [];
    const work = async (): Promise<void> => {
      for (let batch = batches.pop(); batch !== undefined; batch = batches.pop())
        results.push(await missedIn(batch));
    };
    await Promise.all([work(), work()]);
    const count = (of: (result: (typeof results)[number]) => number): number =>
      results.reduce((sum, result) => sum + of(result), 0);
    console.log(`${count(({ read }) => read)} texts read, ${count(({ ran }) => ran)} commands run`);
    expect(results.flatMap(({ missed }) => missed).slice(0, 20)).toEqual([]);
    expect(count(({ read }) => read)).toBeGreaterThan(FUZZED / 3);
    expect(count(({ ran }) => ran)).toBeGreaterThan(FUZZED);
  });
});
