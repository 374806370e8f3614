import type { Word as SourceWord, WordPart } from 'unbash';
import type { Word } from '../types.ts';
import { distrustOfAnsiC, distrustOfPlainWord } from './guards.ts';

/** `distrust`: the parser's reading of the word can't be relied on. */
export type ReadWord = { readonly word: Word; readonly distrust?: string | undefined };

/** What bash would make of a word, as far as that can be known without running anything. `home` is `$HOME`. */
export function readWord(source: SourceWord, home: string): ReadWord {
  const { text, parts } = source;
  if (parts === undefined) return readPlain(text, source.value, home);
  let value = '';
  for (const [index, part] of parts.entries()) {
    const tilde = part.type === 'Literal' ? tildeIn(part.text, index === 0) : undefined;
    if (tilde !== undefined) return { word: { kind: 'unknown', why: tilde, text } };
    const piece = valueOfPart(part);
    if (piece.value === undefined) {
      return { word: { kind: 'unknown', why: piece.why, text }, distrust: piece.distrust };
    }
    value += piece.value;
  }
  return { word: { kind: 'static', value, text } };
}

function readPlain(text: string, value: string, home: string): ReadWord {
  const distrust = distrustOfPlainWord(text);
  if (distrust !== undefined) return { word: { kind: 'unknown', why: distrust, text }, distrust };
  if (text === '~') return { word: { kind: 'static', value: home, text } };
  if (text.startsWith('~/')) return { word: { kind: 'static', value: `${home}${value.slice(1)}`, text } };
  const tilde = tildeIn(text, true);
  if (tilde !== undefined) return { word: { kind: 'unknown', why: tilde, text } };
  return { word: { kind: 'static', value, text } };
}

/** Bash expands an unquoted `~` where a word begins, and after `=` and `:` in what looks like an assignment. */
function tildeIn(text: string, isFirst: boolean): string | undefined {
  const expands = (isFirst && text.startsWith('~')) || /[=:]~/.test(text);
  return expands ? 'bash replaces the ~ in it' : undefined;
}

type Piece =
  | { readonly value: string }
  | { readonly value?: undefined; readonly why: string; readonly distrust?: string | undefined };

function valueOfPart(part: WordPart): Piece {
  switch (part.type) {
    case 'Literal': {
      const distrust = distrustOfPlainWord(part.text);
      return distrust === undefined ? { value: part.value } : { why: distrust, distrust };
    }
    case 'SingleQuoted':
      return { value: part.value };
    case 'AnsiCQuoted': {
      const distrust = distrustOfAnsiC(part.text);
      return distrust === undefined ? { value: part.value } : { why: distrust, distrust };
    }
    case 'DoubleQuoted':
      return valueOfQuoted(part.parts);
    default:
      return { why: whyUnknown(part) };
  }
}

function valueOfQuoted(parts: readonly WordPart[]): Piece {
  let value = '';
  for (const part of parts) {
    if (part.type !== 'Literal') return { why: whyUnknown(part) };
    value += part.value;
  }
  return { value };
}

function whyUnknown(part: WordPart): string {
  switch (part.type) {
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      return `it depends on ${part.text}`;
    case 'CommandExpansion':
      return 'it depends on what another command prints';
    case 'ProcessSubstitution':
      return 'it stands for what another command reads or prints';
    case 'ArithmeticExpansion':
      return 'it depends on a calculation';
    case 'Glob':
    case 'ExtendedGlob':
      return 'it is a pattern for file names';
    case 'BraceExpansion':
      return 'it stands for several words';
    case 'LocaleString':
      return 'it depends on the language of the machine';
    case 'Literal':
    case 'SingleQuoted':
    case 'DoubleQuoted':
    case 'AnsiCQuoted':
      return 'it is put together in an unusual way';
    default:
      return 'it is put together in a way that is not known here';
  }
}
