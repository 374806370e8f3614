/** What an awk program does beside reading its input: files it names, or why that can't be told. */
export type AwkProgram = {
  readonly writes: readonly string[];
  readonly seesEnvironment: boolean;
  readonly doubt?: string | undefined;
};

const TOKEN =
  /(?<blank>[ \t\r]+|\\\r?\n|#[^\n]*)|(?<end>[\n;])|(?<string>"(?:[^"\\\n]|\\[\s\S])*")|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<word>[A-Za-z_]\w*)|(?<sign>>>|\|\||&&|\|&|[<>=!]=|\+\+|--|\*\*=?|[-+*/%^]=|[\s\S])/y;
const PATTERN = /\/(?:[^/\\\n[]|\\[^\n]|\[\^?\]?(?:[^\]\\\n]|\\[^\n])*\])*\//y;
/** Lacking all of these, a program can do nothing but print. */
const SUSPECT = /system|getline|[|>@]|ENVIRON|ARG[VC]|SYMTAB|FUNCTAB|PROCINFO|extension/;
/** Words behind which a value begins, so that a slash opens a pattern. */
const BEFORE_VALUE = new Set([
  'print',
  'printf',
  'return',
  'in',
  'else',
  'do',
  'exit',
  'delete',
  'case',
  'while',
  'if',
]);
const REFUSED = new Map([
  ['system', 'it runs commands'],
  ['getline', 'it reads from elsewhere'],
  ['ARGV', 'it may change which files are read'],
  ['ARGC', 'it may change which files are read'],
  ['SYMTAB', 'it reaches variables by name'],
  ['FUNCTAB', 'it reaches functions by name'],
  ['extension', 'it loads a library'],
]);

/**
 * Looks for what reaches out of an awk program: system(), pipes, getline, redirections, gawk's `@`. Not a parser:
 * what it does not understand near one of them is a doubt.
 */
export function readAwkProgram(source: string): AwkProgram {
  if (!SUSPECT.test(source)) return { writes: [], seesEnvironment: false };
  if (source.length > LONGEST_PROGRAM) return doubtful('the awk program is too long');
  const tokens = tokensOf(source);
  return tokens === undefined ? doubtful('the awk program is hard to read') : judge(tokens);
}

const LONGEST_PROGRAM = 20_000;

type Token = {
  readonly kind: 'end' | 'string' | 'number' | 'word' | 'sign' | 'pattern';
  readonly text: string;
};

function tokensOf(source: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length;) {
    if (source[at] === '/') {
      const seen = opensPattern(tokens.at(-1));
      const opens = seen === 'unclear' && !hasSlashLater(source, at) ? 'no' : seen;
      if (opens === 'unclear') return undefined;
      PATTERN.lastIndex = at;
      const pattern = opens === 'yes' ? PATTERN.exec(source)?.[0] : undefined;
      if (opens === 'yes' && (pattern === undefined || holdsSlash(pattern))) return undefined;
      tokens.push(pattern === undefined ? { kind: 'sign', text: '/' } : { kind: 'pattern', text: pattern });
      at += pattern?.length ?? 1;
      continue;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    const [text = ''] = match ?? [];
    const { end, string, number, word, sign } = match?.groups ?? {};
    at += text.length;
    if (sign === '"' || sign === '\\' || text === '') return undefined;
    if (end !== undefined) tokens.push({ kind: 'end', text });
    else if (string !== undefined) tokens.push({ kind: 'string', text });
    else if (number !== undefined) tokens.push({ kind: 'number', text });
    else if (word !== undefined) tokens.push({ kind: 'word', text });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text });
  }
  return tokens;
}

/** Without a second slash on its line, a slash can only divide. */
function hasSlashLater(source: string, at: number): boolean {
  const slash = source.indexOf('/', at + 1);
  if (source.includes('\\\n')) return true;
  const end = source.indexOf('\n', at);
  return slash >= 0 && (end < 0 || slash < end);
}

/** Whether a slash in brackets ends a pattern differs from awk to awk. */
function holdsSlash(pattern: string): boolean {
  return pattern.slice(1, -1).replaceAll(/\\./g, '').includes('/');
}

/** A slash divides behind a value and opens a pattern elsewhere. Behind `)` it may do either: `if (x) /y/`. */
function opensPattern(before: Token | undefined): 'yes' | 'no' | 'unclear' {
  if (before === undefined) return 'yes';
  if (before.kind === 'word') {
    if (before.text === 'getline' || before.text === 'length') return 'unclear';
    return BEFORE_VALUE.has(before.text) ? 'yes' : 'no';
  }
  if (before.kind === 'number' || before.kind === 'string' || before.text === ']') return 'no';
  if (before.text === ')' || before.text === '++' || before.text === '--' || before.kind === 'pattern')
    return 'unclear';
  return 'yes';
}

function judge(tokens: readonly Token[]): AwkProgram {
  const writes: string[] = [];
  let seesEnvironment = false;
  let depth = 0;
  /** How deep in parentheses the print stands whose end is not reached. */
  let printsAt: number | undefined;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind === 'word') {
      const refused = REFUSED.get(text);
      if (refused !== undefined) return doubtful(`the awk program uses ${text}: ${refused}`);
      if (text === 'ENVIRON') seesEnvironment = true;
      if (text === 'print' || text === 'printf') printsAt = depth;
    } else if (kind === 'end' || text === '}') printsAt = undefined;
    else if (kind !== 'sign') continue;
    else if (text === '(' || text === '[') depth += 1;
    else if (text === ')' || text === ']') depth -= 1;
    else if (text === '|' || text === '|&') return doubtful('the awk program pipes to or from a command');
    else if (text === '@') return doubtful('the awk program uses @, which loads or calls something');
    else if (text === '>>' || (text === '>' && printsAt !== undefined && depth <= printsAt)) {
      const target = targetOf(tokens, index);
      if (target === undefined) return doubtful('the awk program writes to a file that is not known');
      if (target === '/dev/stderr') return doubtful('the awk program writes to /dev/stderr');
      if (!SHOWS.has(target)) writes.push(target);
    }
  }
  return { writes, seesEnvironment };
}

const SHOWS = new Set(['/dev/stdout', '/dev/null']);

/** The file behind `>`, where it is a text and nothing else. */
function targetOf(tokens: readonly Token[], index: number): string | undefined {
  const target = tokens[index + 1];
  const after = tokens[index + 2];
  const isWhole = after === undefined || after.kind === 'end' || after.text === '}';
  if (target?.kind !== 'string' || !isWhole || target.text.includes('\\')) return undefined;
  const path = target.text.slice(1, -1);
  return path === '' || path.startsWith('/inet') ? undefined : path;
}

function doubtful(doubt: string): AwkProgram {
  return { writes: [], seesEnvironment: false, doubt };
}
