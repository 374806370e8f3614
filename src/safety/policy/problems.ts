import { isMap, isNode, isPair } from 'yaml';
import type { Document, LineCounter } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../../util/nearest.ts';
import { KNOWN_KEYS } from './schema.ts';

/** A policy file as it was parsed, to find places in. */
export type ParsedFile = {
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
};

type Path = readonly PropertyKey[];

/** `policy.yaml:5:13 action: expected allow, deny or require_approval, got "denny"; did you mean "deny"?` */
export function problemLine(file: ParsedFile, path: Path, complaint: string): string {
  const label = labelOf(path);
  return `${placeOf(file, path)} ${label === '' ? '' : `${label}: `}${complaint}`;
}

/** One line for each thing that zod found. */
export function issueLines(file: ParsedFile, issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return `${keyPlaceOf(file, path)} ${key}: expected a key that is known here, got ${quote(key)}${hint(key, KNOWN_KEYS)}`;
    });
  }
  return [problemLine(file, issue.path, complaintOf(issue, valueAt(file, issue.path)))];
}

function complaintOf(issue: z.core.$ZodIssue, value: unknown): string {
  const got = value === undefined ? 'nothing' : quote(value);
  switch (issue.code) {
    case 'invalid_value': {
      const words = issue.values.map(String);
      return `expected ${listOf(words)}, got ${got}${typeof value === 'string' ? hint(value, words) : ''}`;
    }
    case 'invalid_type':
      return `expected ${article(issue.expected)}, got ${got}`;
    case 'too_small':
      return `expected ${issue.origin === 'number' ? `more than ${issue.minimum}` : 'at least one'}, got ${got}`;
    case 'too_big':
      return `expected at most ${issue.maximum}, got ${got}`;
    case 'invalid_union':
      return `expected a command, or a tool with its input, got ${got}`;
    default:
      return `${issue.message}, got ${got}`;
  }
}

function article(type: string): string {
  const names: Record<string, string> = { array: 'a list', object: 'keys and values', string: 'a text' };
  return names[type] ?? `a ${type}`;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function hint(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function labelOf(path: Path): string {
  const names = path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part)));
  const last = names.at(-1) ?? '';
  return last.startsWith('[') ? `${names.at(-2) ?? ''}${last}` : last;
}

function valueAt(file: ParsedFile, path: Path): unknown {
  const node: unknown = path.length === 0 ? file.document.contents : file.document.getIn(path, true);
  return isNode(node) ? (node.toJS(file.document) as unknown) : node;
}

/** Where a value begins; of what is missing, where that which lacks it begins. */
export function placeOf(file: ParsedFile, path: Path): string {
  for (let length = path.length; length >= 0; length -= 1) {
    const part = path.slice(0, length);
    const node: unknown = length === 0 ? file.document.contents : file.document.getIn(part, true);
    if (isNode(node) && node.range) return at(file, node.range[0]);
  }
  return `${file.name}:1:1`;
}

function keyPlaceOf(file: ParsedFile, path: Path): string {
  const parent: unknown =
    path.length === 1 ? file.document.contents : file.document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find((item) => String(item.key) === String(path.at(-1)))
    : undefined;
  if (isPair(pair) && isNode(pair.key) && pair.key.range) return at(file, pair.key.range[0]);
  return placeOf(file, path);
}

function at(file: ParsedFile, offset: number): string {
  const { line, col } = file.lines.linePos(offset);
  return `${file.name}:${line}:${col}`;
}
