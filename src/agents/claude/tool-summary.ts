import { relative, sep } from 'node:path';

const LONGEST = 120;

// What each tool is used on, by the names its input has in Claude Code 2.1.330. Others: their first text.
const keysOf: Readonly<Record<string, readonly string[]>> = {
  Bash: ['command'],
  Read: ['file_path'],
  Write: ['file_path'],
  Edit: ['file_path'],
  MultiEdit: ['file_path'],
  NotebookEdit: ['notebook_path'],
  LS: ['path'],
  Glob: ['pattern', 'path'],
  Grep: ['pattern', 'path'],
  WebFetch: ['url'],
  WebSearch: ['query'],
  Agent: ['description'],
  Task: ['description'],
  Skill: ['skill'],
};

/** One line of at most 120 characters: what a tool is used on. Paths inside `directory` are told from there. */
export function toolSummary(tool: string, input: unknown, directory: string): string {
  if (typeof input !== 'object' || input === null) return '';
  const fields = new Map<string, unknown>(Object.entries(input));
  const keys = keysOf[tool] ?? [...fields.keys()].slice(0, 1);
  const words = keys.flatMap((key) => {
    const value = fields.get(key);
    if (typeof value !== 'string' || value === '') return [];
    return [key.endsWith('path') ? fromDirectory(value, directory) : value];
  });
  return cut(oneLine(words.join(' in ')));
}

function fromDirectory(path: string, directory: string): string {
  const way = relative(directory, path);
  if (way === '') return '.';
  return way === '..' || way.startsWith(`..${sep}`) || !path.startsWith(sep) ? path : way;
}

/** The first line with text; without control and direction characters, which could hide the rest of it. */
function oneLine(text: string): string {
  const line = text.split(/\r\n|\r|\n/).find((one) => one.trim() !== '') ?? '';
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
}

function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  // No half of a surrogate pair may be left at the end.
  return `${text.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
