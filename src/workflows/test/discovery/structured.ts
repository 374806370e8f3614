import { parseDocument } from 'yaml';
import { isModestYaml } from '../modest-yaml.ts';

/** A mapping of a JSON file; undefined for whatever is none. Comments and trailing commas are let pass when `isLoose`. */
export function jsonMapping(text: string | undefined, isLoose = false): Mapping | undefined {
  if (text === undefined) return undefined;
  try {
    return asMapping(JSON.parse(isLoose ? withoutComments(text) : text));
  } catch {
    return undefined;
  }
}

/** A mapping of a YAML file; undefined for whatever is none. */
export function yamlMapping(text: string | undefined): Mapping | undefined {
  // Reading YAML takes its time.
  if (text === undefined || text.length > 32_768 || !isModestYaml(text)) return undefined;
  try {
    return asMapping(
      parseDocument(text, { prettyErrors: false, logLevel: 'error' }).toJS({ maxAliasCount: 20 }),
    );
  } catch {
    return undefined;
  }
}

export type Mapping = Readonly<Record<string, unknown>>;

export function asMapping(value: unknown): Mapping | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined;
}

const MOST_ENTRIES = 500;

/** The entries of a mapping that are text. */
export function textEntries(value: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries(asMapping(value) ?? {}).slice(0, MOST_ENTRIES);
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The texts in a list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.slice(0, MOST_ENTRIES).filter((one) => typeof one === 'string') : [];
}

/** One walk over the text, since a pattern would go back and forth over a hostile one. */
function withoutComments(text: string): string {
  let kept = '';
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const two = text.slice(at, at + 2);
    const end =
      char === '"'
        ? endOfText(text, at)
        : two === '//'
          ? endAt(text, '\n', at)
          : two === '/*'
            ? endAt(text, '*/', at) + 2
            : at + 1;
    if (end === at + 1 && (char === '}' || char === ']')) kept = kept.trimEnd().replace(/,$/, '');
    if (two !== '//' && two !== '/*') kept += text.slice(at, end);
    at = end;
  }
  return kept;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function endAt(text: string, mark: string, start: number): number {
  const end = text.indexOf(mark, start + 2);
  return end < 0 ? text.length : end;
}

/** The sections of a TOML file and their lines, read loosely: enough to see what is there. Of the file's top under ''. */
export function tomlSections(text: string | undefined): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  sections.set('', lines);
  for (const line of (text ?? '').split('\n', 10_000)) {
    const name = /^\[{1,2}([^[\]]{1,200})\]{1,2}[ \t]*(?:#.*)?$/.exec(line.slice(0, 400).trim())?.[1];
    if (name === undefined) lines.push(line.slice(0, 1000));
    else {
      const plain = name.replaceAll(/["' ]/g, '');
      lines = sections.get(plain) ?? [];
      sections.set(plain, lines);
    }
  }
  return sections;
}

/** The texts of a list such as `members = ["a", "b"]` in a section of a TOML file. */
export function tomlList(lines: readonly string[] | undefined, key: string): readonly string[] {
  const all = (lines ?? []).join('\n').slice(0, 20_000);
  const start = new RegExp(String.raw`^[ \t]*${key}[ \t]*=[ \t]*\[`, 'm').exec(all);
  if (start === null) return [];
  const list = all.slice(start.index + start[0].length).split(']')[0] ?? '';
  return [...list.matchAll(/"([^"\n]{1,200})"|'([^'\n]{1,200})'/g)].map(
    ([, double, single]) => double ?? single ?? '',
  );
}
