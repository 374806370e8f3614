import type { Word } from '../types.ts';
import { program } from './program.ts';
import { flag, reads, value, writes } from './table.ts';
import type { ProgramReading } from './table.ts';
import { effectsOf, NOTHING, notKnown, together } from './word-patterns.ts';

/** `--arg name value`: two words each; the second of some is a file. */
const PAIRS: ReadonlyMap<string, 'data' | 'reads'> = new Map([
  ['--arg', 'data'],
  ['--argjson', 'data'],
  ['--slurpfile', 'reads'],
  ['--rawfile', 'reads'],
  ['--argfile', 'reads'],
]);

/** jq 1.7, and jaq and gojq, which take the same words. -L is left out: it says where modules come from. */
function readJq(words: readonly Word[]): ProgramReading {
  const others: Word[] = [];
  const files: Word[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) continue;
    const pair = word.kind === 'static' ? PAIRS.get(word.value) : undefined;
    if (pair === undefined) {
      others.push(word);
      continue;
    }
    const file = words[index + 2];
    if ([words[index + 1], file].some((part) => part?.kind === 'unknown' && part.isOne !== true)) {
      return notKnown('where its options end is not known');
    }
    if (pair === 'reads' && file !== undefined) files.push(file);
    index += 2;
  }
  // Which of the words is the filter depends on options, so that all are looked at; a file's name is harmless there.
  const operands = others.filter((word) => !isOption(word));
  if (operands[0]?.kind === 'unknown') return notKnown('the filter is not known');
  const filters = operands.map((word) => filterReading(word));
  return together(jq(others), pairFiles([DASHES, ...files]), ...filters);
}

const DASHES: Word = { kind: 'static', value: '--', text: '--' };

function isOption(word: Word): boolean {
  return word.kind === 'static' && word.value.startsWith('-');
}

function filterReading(word: Word): ProgramReading {
  if (word.kind === 'unknown') return NOTHING;
  if (/\b(?:import|include|modulemeta|get_search_list)\b/.test(word.value)) {
    return notKnown('the filter may load a module');
  }
  const seesEnvironment = /\$ENV\b|(?<![.\w$])env\b(?!\s*:)/.test(word.value);
  return seesEnvironment ? effectsOf([], ['list-environment']) : NOTHING;
}

const pairFiles = program({ operands: { rest: 'reads' } });

const jq = program({
  options: {
    '-n --null-input -R --raw-input -s --slurp -c --compact-output -r --raw-output -j --join-output': flag,
    '-a --ascii-output -S --sort-keys -C --color-output -M --monochrome-output -e --exit-status --tab': flag,
    '--unbuffered --stream --stream-errors --seq --raw-output0 --binary -b -h --help -V --version': flag,
    '--build-configuration -1 -2 -3 -4 -5 -6 -7': flag,
    '--indent': value,
    '--args --jsonargs': { takes: 'flag', operands: 'data' },
    '-f --from-file': { takes: 'reads', dropsFirst: true },
  },
  operands: { first: ['data'], rest: 'reads' },
});

/**
 * yq 4 (Go) and yq 3 (Python, which hands its words to jq). -s is left out: it splits the document into files; or
 * slurps, in the other.
 */
function readYq(words: readonly Word[]): ProgramReading {
  const [first, ...rest] = words;
  const hasCommand = first?.kind === 'static' && /^(?:eval|e|eval-all|ea)$/.test(first.value);
  const own = (hasCommand ? rest : words).map((word) => withoutTrue(word));
  const isInPlace = own.some(
    (word) => word.kind === 'static' && /^(?:-[A-Za-z]*i[A-Za-z]*|--in-?place)$/.test(word.value),
  );
  const operands = own.filter((word) => !isOption(word));
  // A lone file needs no expression, and the values of options stand among the operands here: whatever looks like
  // a file's name counts as one.
  const files = operands.filter(
    (word) =>
      word.kind === 'static' &&
      word.value !== '.key' &&
      (operands.length === 1 ? /^[\w@~./-]+$/ : /^[\w@~/-][\w./@~-]*$/).test(word.value),
  );
  return together(
    (isInPlace ? yqInPlace : yq)(own),
    (isInPlace ? written : pairFiles)([DASHES, ...files]),
    ...operands.filter((word) => !hasExtension(word)).map((word) => yqExpression(word)),
  );
}

function hasExtension(word: Word): boolean {
  return word.kind === 'static' && /^[\w@~/-][\w/@~-]*\.\w+$/.test(word.value);
}

/** `-i=true` is `-i`. */
function withoutTrue(word: Word): Word {
  if (word.kind === 'unknown' || !/^--?[\w-]+=true$/.test(word.value)) return word;
  const text = word.value.slice(0, -'=true'.length);
  return { kind: 'static', value: text, text };
}

function yqExpression(word: Word): ProgramReading {
  if (word.kind === 'unknown') return notKnown('the expression is not known');
  const reaches = /\b(?:load\w*|system|eval|import|include)\b/.exec(word.value)?.[0];
  if (reaches !== undefined) return notKnown(`the expression may use ${reaches}`);
  const seesEnvironment = /\$ENV\b|(?<![.\w$])(?:env|strenv|envsubst)\b(?!\s*:)/.test(word.value);
  return seesEnvironment ? effectsOf([], ['list-environment']) : NOTHING;
}

const yqOptions = {
  '-n --null-input -r --unwrapScalar --raw-output -c -C --colors -M --no-colors -e --exit-status -j --tojson':
    flag,
  '-P --prettyPrint -N --no-doc -v --verbose -h --help -V --version -0 --nul-output -S -y -Y -x': flag,
  '--yaml-output --yaml-roundtrip --compact-output --sort-keys --header-preprocess': flag,
  '--xml-keep-namespace --xml-raw-token --string-interpolation --csv-auto-parse --tsv-auto-parse': flag,
  '-I --indent -o --output-format -p --input-format --xml-attribute-prefix --xml-content-name': value,
  '--lua-prefix --lua-suffix --properties-separator --csv-separator --tsv-separator': value,
  '--front-matter': value,
  '-f --from-file --expression-file': reads,
} as const;
const yq = program({ options: yqOptions, operands: { first: ['data'], rest: 'reads' } });
const yqInPlace = program({
  options: { ...yqOptions, '-i --inplace --in-place': flag },
  operands: { first: ['data'], rest: 'writes' },
});
const written = program({ operands: { rest: 'writes' } });

/** Programs that look into data: XML, CSV, JSON. */
export const dataTools = {
  jq: readJq,
  jaq: readJq,
  gojq: readJq,
  yq: readYq,
  gron: program({
    options: {
      '-u --ungron -v --values -c --colorize -m --monochrome -s --stream --no-sort --version -h': flag,
    },
    operands: { rest: 'remoteOrReads' },
  }),
  // --load-trace, --catalogs, --xinclude, --valid and their like reach for other files or the network.
  xmllint: program({
    options: {
      '--noout --format --recover --huge --nonet --noblanks --nocdata --debug --c14n --c14n11 --exc-c14n':
        flag,
      '--html --xmlout --nsclean --version --stream --push --memory --timing --nowarning --quiet': flag,
      '--pretty --xpath --encode --maxmem --pattern': value,
      '--schema --relaxng --schematron': { takes: 'remoteOrReads' },
      '-o --output': writes,
    },
    operands: { rest: 'remoteOrReads' },
  }),
  datamash: program({
    options: {
      '-f --full -g -H -i --ignore-case -s --sort -W --whitespace -C --skip-comments --header-in --header-out':
        flag,
      '--headers --narm --help --version -h -V': flag,
      '-t --field-separator --format -R --round --output-delimiter --filler --group': value,
    },
    operands: { rest: 'data' },
  }),
  csvcut: csvkit(),
  csvlook: csvkit(),
  csvstat: csvkit(),
  csvgrep: csvkit(),
  csvsort: csvkit(),
  csvjson: csvkit(),
  csvformat: csvkit(),
};

function csvkit(): ReturnType<typeof program> {
  return program({
    options: {
      '-h --help --version -n --names -i --invert-match -I --no-inference -H --no-header-row -l --linenumbers':
        flag,
      '-S --skipinitialspace -v --verbose --zero -x --delete-empty-rows --csv --json --mean --median --min':
        flag,
      '--max --sum --stdev --unique --nulls --type --len --count --no-leading-zeroes -a --any-match': flag,
      '-c --columns -C --not-columns -m --match -r --regex -d --delimiter -q --quotechar -e --encoding':
        value,
      '-K --skip-lines -k --key --max-rows --max-columns --max-column-width --indent -D --out-delimiter':
        value,
      '--freq-count -y --snifflimit': value,
      '-t --tabs --stream': flag,
      '-f --file': reads,
    },
    operands: { rest: 'reads' },
  });
}
