import type { CommandExpansionPart, DoubleQuotedChild, Word as SourceWord, WordPart } from 'unbash';
import { LeashdError } from '../../errors.ts';
import type { FileView } from '../file-view.ts';
import type { Word } from '../types.ts';
import { expandBraces } from './braces.ts';
import type { Budget } from './budget.ts';
import { expandGlob } from './globs.ts';
import type { GlobPiece } from './globs.ts';
import { distrustOfAnsiC, distrustOfPlainWord, hasOddBraces } from './guards.ts';
import type { Scope } from './scope.ts';

/** What a word's value depends on: the shell's own state at that point, and the disk. */
export type WordContext = {
  readonly scope: Scope;
  readonly home: string;
  readonly view: FileView;
  readonly budget: Budget;
};

/** The words that one word of the text becomes. `distrust`: the parser's reading of it can't be relied on. */
export type ReadWords = { readonly words: readonly Word[]; readonly distrust?: string | undefined };

type Fragment =
  | { readonly kind: 'known'; readonly values: readonly string[]; readonly isQuoted: boolean }
  | { readonly kind: 'glob'; readonly piece: GlobPiece }
  | {
      readonly kind: 'unknown';
      readonly why: string;
      readonly isOne: boolean;
      readonly distrust?: string | undefined;
    };

const MOST_VALUES = 200;

/** What bash would make of a word among a command's words, as far as that can be known without running anything. */
export function readWords(source: SourceWord, context: WordContext): ReadWords {
  const { text, parts } = source;
  if (parts === undefined) return readPlain(text, source.value, context.home);
  if (parts.some(({ type }) => type === 'BraceExpansion')) return readBraces(text, context);
  if (hasOddBraces(parts.map((part) => (part.type === 'Literal' ? part.text : ''))))
    return severalWords(text);
  if (!context.budget.spend('steps', parts.length))
    return { words: [{ kind: 'unknown', why: 'it is put together of too many parts', text }] };
  const fragments = fragmentsOf(parts, context);
  const distrust = fragments.find((fragment) => 'distrust' in fragment && fragment.distrust !== undefined);
  return {
    words: wordsOf(fragments, text, context),
    distrust: distrust?.kind === 'unknown' ? distrust.distrust : undefined,
  };
}

/** The same where bash neither splits words nor looks for files: what is assigned, what follows `<<<`. */
export function readValue(
  source: SourceWord,
  context: WordContext,
): { readonly word: Word; readonly distrust?: string | undefined } {
  const { text, parts } = source;
  if (parts === undefined) {
    const { words, distrust } = readPlain(text, source.value, context.home);
    return { word: words[0] ?? { kind: 'static', value: '', text }, distrust };
  }
  if (parts.some(({ type }) => type === 'BraceExpansion'))
    return { word: { kind: 'unknown', why: 'it has braces in it', text, isOne: true } };
  const quoted = fragmentsOf(parts, context).map((fragment): Fragment => {
    if (fragment.kind === 'known') return { ...fragment, isQuoted: true };
    if (fragment.kind === 'unknown') return { ...fragment, isOne: true };
    return { kind: 'known', values: [fragment.piece.text], isQuoted: true };
  });
  const distrust = quoted.find((fragment) => 'distrust' in fragment && fragment.distrust !== undefined);
  const [word = { kind: 'unknown', why: 'it could not be read', text }] = wordsOf(quoted, text, context);
  return { word, distrust: distrust?.kind === 'unknown' ? distrust.distrust : undefined };
}

function readPlain(text: string, value: string, home: string): ReadWords {
  const distrust = distrustOfPlainWord(text);
  if (distrust !== undefined) return { words: [{ kind: 'unknown', why: distrust, text }], distrust };
  if (text.includes('{') && hasOddBraces([text])) return severalWords(text);
  if (text === '~') return { words: [{ kind: 'static', value: home, text }] };
  if (text.startsWith('~/')) return { words: [{ kind: 'static', value: `${home}${value.slice(1)}`, text }] };
  const tilde = tildeIn(text, true);
  if (tilde !== undefined) return { words: [{ kind: 'unknown', why: tilde, text, isOne: true }] };
  return { words: [{ kind: 'static', value, text }] };
}

/** Bash expands an unquoted `~` where a word begins, and after `=` and `:` in what looks like an assignment. */
function tildeIn(text: string, isFirst: boolean): string | undefined {
  const expands = (isFirst && text.startsWith('~')) || /[=:]~/.test(text);
  return expands ? 'bash replaces the ~ in it' : undefined;
}

function severalWords(text: string): ReadWords {
  const prefix = /^[\w./-]*/.exec(text)?.[0] ?? '';
  return { words: [{ kind: 'unknown', why: 'it stands for several words', text, prefix }] };
}

function readBraces(text: string, context: WordContext): ReadWords {
  const values = expandBraces(text);
  if (values === undefined) return severalWords(text);
  const words = values.flatMap((value): readonly Word[] => {
    // Nothing is left of an empty word without quotes.
    if (value === '') return [];
    if (!/[*?]/.test(value)) return [{ kind: 'static', value, text }];
    const pieces = [...value.matchAll(/[*]+|[?]|[^*?]+/g)].map(([piece]): Fragment => {
      if (!/^[*?]/.test(piece)) return { kind: 'known', values: [piece], isQuoted: false };
      return { kind: 'glob', piece: { kind: piece === '?' ? 'question' : 'star', text: piece } };
    });
    return wordsOf(pieces, text, context);
  });
  return { words };
}

function fragmentsOf(parts: readonly WordPart[], context: WordContext): Fragment[] {
  return parts.flatMap((part, index) => fragmentOf(part, index === 0, context));
}

function fragmentOf(part: WordPart, isFirst: boolean, context: WordContext): Fragment[] {
  switch (part.type) {
    case 'Literal': {
      const distrust = distrustOfPlainWord(part.text);
      if (distrust !== undefined) return [{ kind: 'unknown', why: distrust, isOne: false, distrust }];
      const isHome = isFirst && part.text.startsWith('~/');
      const tilde = tildeIn(isHome ? part.text.slice(1) : part.text, isFirst);
      if (tilde !== undefined) return [{ kind: 'unknown', why: tilde, isOne: true }];
      return [known(isHome ? `${context.home}${part.value.slice(1)}` : part.value, false)];
    }
    case 'SingleQuoted':
      return [known(part.value, true)];
    case 'AnsiCQuoted': {
      const distrust = distrustOfAnsiC(part.text);
      if (distrust === undefined) return [known(part.value, true)];
      return [{ kind: 'unknown', why: distrust, isOne: true, distrust }];
    }
    case 'DoubleQuoted':
      return [known('', true), ...part.parts.flatMap((child) => quotedFragment(child, context))];
    case 'Glob':
      if (part.kind === 'bracket') return [unknown('it is a pattern for file names', false)];
      return [{ kind: 'glob', piece: { kind: part.kind, text: part.text } }];
    case 'ProcessSubstitution':
      return [{ kind: 'known', values: ['/dev/fd/63', '/dev/fd/62'], isQuoted: true }];
    default:
      return [expansion(part, false, context)];
  }
}

function quotedFragment(part: DoubleQuotedChild, context: WordContext): Fragment {
  return part.type === 'Literal' ? known(part.value, true) : expansion(part, true, context);
}

function known(value: string, isQuoted: boolean): Fragment {
  return { kind: 'known', values: [value], isQuoted };
}

function unknown(why: string, isOne: boolean): Fragment {
  return { kind: 'unknown', why, isOne };
}

function expansion(part: WordPart, isQuoted: boolean, context: WordContext): Fragment {
  const values = affordable(valuesOf(part, context), context.budget);
  // Unquoted, bash splits at blanks, looks for files, and drops what is empty.
  if (values !== undefined && (isQuoted || values.every((value) => /^[^\s*?[\]\\]+$/.test(value)))) {
    return { kind: 'known', values, isQuoted };
  }
  const isNumber = part.type === 'ArithmeticExpansion' || /^\$(?:[?#$]|\{[?#$]\})$/.test(part.text);
  const isMany = /^\$(?:@|\{@|\{!?\w+(?:\[@\]|@))/.test(part.text);
  return unknown(whyUnknown(part), isNumber || (isQuoted && !isMany));
}

/** A long value that is used again and again makes a text far longer than it is. */
function affordable(values: readonly string[] | undefined, budget: Budget): readonly string[] | undefined {
  const length = values?.reduce((sum, value) => sum + value.length, 0) ?? 0;
  return budget.spend('characters', length) ? values : undefined;
}

/** What an expansion can only be, where that is certain. */
function valuesOf(part: WordPart, context: WordContext): readonly string[] | undefined {
  if (part.type === 'SimpleExpansion') return valuesOfName(part.text.slice(1), context);
  if (part.type === 'ParameterExpansion') {
    const isPlain = part.prefix === undefined && part.index === undefined && part.operation === undefined;
    return isPlain && part.text === `\${${part.parameter}}`
      ? valuesOfName(part.parameter, context)
      : undefined;
  }
  return part.type === 'CommandExpansion' ? outputOf(part, context) : undefined;
}

function valuesOfName(name: string, { scope, home }: WordContext): readonly string[] | undefined {
  if (name === 'HOME') return [home];
  return name === 'PWD' ? scope.places : scope.variables.get(name);
}

/** `$(pwd)`, `$(git rev-parse --show-toplevel)`, and the `$(cat <<'EOF' … EOF)` in which agents write long texts. */
function outputOf(
  { script, text }: CommandExpansionPart,
  context: WordContext,
): readonly string[] | undefined {
  if (/^(?:\$\(\s*pwd\s*\)|`pwd`)$/.test(text)) return context.scope.places;
  if (/^\$\(\s*git rev-parse --show-toplevel\s*\)$/.test(text)) return repositoryRoot(context);
  const document = script === undefined ? undefined : quotedDocumentIn(text, script);
  return document === undefined ? undefined : [withoutLastBreaks(document)];
}

function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return text.slice(0, end);
}

/** The text of `$(cat <<'EOF' … EOF)` when the substitution is that and nothing else. */
export function quotedDocumentIn(
  text: string,
  script: NonNullable<CommandExpansionPart['script']>,
): string | undefined {
  if (!/^\$\(\s*cat\s+<<-?\s*(?:'\w+'|"\w+")[ \t]*\n[^]*\n[ \t]*\w+\s*\)$/.test(text)) return undefined;
  const [statement] = script.commands;
  const command = statement?.command;
  if (script.commands.length !== 1 || command?.type !== 'Command') return undefined;
  const [document, ...others] = command.redirects;
  if (document?.type !== 'HereDoc' || others.length > 0 || command.args.length > 0) return undefined;
  return document.delimiter?.quoted === true && document.operator === '<<' ? document.body.text : undefined;
}

function repositoryRoot({ scope, view }: WordContext): readonly string[] | undefined {
  const [place, ...others] = scope.places ?? [];
  if (place === undefined || others.length > 0) return undefined;
  try {
    const start = view.real(place) ?? place;
    for (let folder = start; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/'))) {
      if (view.kind(`${folder}/.git`) !== undefined) return [folder];
    }
  } catch (error) {
    if (!(error instanceof LeashdError)) throw error;
  }
  return undefined;
}

function wordsOf(fragments: readonly Fragment[], text: string, context: WordContext): readonly Word[] {
  const firstUnknown = fragments.findIndex(({ kind }) => kind !== 'known');
  if (firstUnknown < 0) return knownWords(fragments, text);
  const prefix = prefixOf(fragments.slice(0, firstUnknown));
  const vague = fragments.filter((fragment) => fragment.kind === 'unknown');
  const [doubt] = vague;
  if (doubt !== undefined) {
    const isOne = !fragments.some(({ kind }) => kind === 'glob') && vague.every((one) => one.isOne);
    return [{ kind: 'unknown', why: doubt.why, text, isOne, prefix }];
  }
  return (
    globWords(fragments, text, context) ?? [
      { kind: 'unknown', why: 'it is a pattern for file names', text, prefix },
    ]
  );
}

function prefixOf(fragments: readonly Fragment[]): string {
  let prefix = '';
  for (const fragment of fragments) {
    if (fragment.kind !== 'known' || fragment.values.length !== 1) break;
    prefix += fragment.values[0] ?? '';
  }
  return prefix;
}

function knownWords(fragments: readonly Fragment[], text: string): readonly Word[] {
  let values = [''];
  let isQuoted = false;
  for (const fragment of fragments) {
    if (fragment.kind !== 'known') continue;
    isQuoted ||= fragment.isQuoted || fragment.values.some((value) => value !== '');
    if (values.length * fragment.values.length > MOST_VALUES)
      return [{ kind: 'unknown', why: 'it could be too many words', text, isOne: true }];
    const [only = '', ...others] = fragment.values;
    if (others.length > 0) values = values.flatMap((head) => fragment.values.map((tail) => head + tail));
    else for (const [index, head] of values.entries()) values[index] = head + only;
  }
  const [value = ''] = values;
  if (values.length === 1) return isQuoted ? [{ kind: 'static', value, text }] : [];
  return [{ kind: 'unknown', why: 'it is one of several', text, isOne: true, values }];
}

function globWords(
  fragments: readonly Fragment[],
  text: string,
  { scope, view, budget }: WordContext,
): readonly Word[] | undefined {
  const pieces: GlobPiece[] = [];
  for (const fragment of fragments) {
    if (fragment.kind === 'glob') pieces.push(fragment.piece);
    else if (fragment.kind === 'known' && fragment.values.length === 1)
      pieces.push({ kind: 'literal', text: fragment.values[0] ?? '' });
    else return undefined;
  }
  const [place, ...others] = scope.places ?? [];
  const isAbsolute = pieces[0]?.kind === 'literal' && pieces[0].text.startsWith('/');
  if (!isAbsolute && (place === undefined || others.length > 0)) return undefined;
  try {
    const found = expandGlob(pieces, place ?? '/', view, budget);
    if (found === undefined) return undefined;
    const literal = pieces.map((piece) => piece.text).join('');
    return (found.length === 0 ? [literal] : found).map((value) => ({ kind: 'static', value, text }));
  } catch (error) {
    if (!(error instanceof LeashdError)) throw error;
    return undefined;
  }
}

const WHY: Partial<Record<WordPart['type'], string>> = {
  CommandExpansion: 'it depends on what another command prints',
  ProcessSubstitution: 'it stands for what another command reads or prints',
  ArithmeticExpansion: 'it depends on a calculation',
  ExtendedGlob: 'it is a pattern for file names',
  LocaleString: 'it depends on the language of the machine',
};

function whyUnknown(part: WordPart): string {
  if (part.type === 'SimpleExpansion' || part.type === 'ParameterExpansion')
    return `it depends on ${part.text}`;
  return WHY[part.type] ?? 'it is put together in a way that is not known here';
}
