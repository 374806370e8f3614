import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';

export type ProjectMemoryOptions = {
  /** Absolute real path the agent works in. */
  readonly directory: string;
  /** Absolute real paths; the files and where their links lead must lie inside one of them. */
  readonly approvedDirectories: readonly string[];
};

/** Bytes of all instruction files together. */
export const MEMORY_LIMIT_BYTES = 64 * 1024;

// The names Claude Code itself reads in a project (Claude Code documentation, "How Claude remembers your project").
const names = ['CLAUDE.md', join('.claude', 'CLAUDE.md'), 'CLAUDE.local.md'];

/**
 * A project's own instructions for Claude, as text for the system prompt; empty when it has none. Claude Code would
 * read them itself only together with the project's settings, which may run commands.
 *
 * Reads the known names from the approved directory that holds `directory` down to it, outermost first. A link is
 * followed only to a Markdown file inside the approved directories, so that no link can hand out a key or an `.env`.
 * Lines that import other files (`@path`) are passed on as they stand and not followed: the agent can read those
 * files through the gate. Must not throw: a file that can't be read is left out.
 */
export async function projectMemory(options: ProjectMemoryOptions): Promise<string> {
  let room = MEMORY_LIMIT_BYTES;
  const parts: string[] = [];
  const seen = new Set<string>();
  for (const folder of foldersDownTo(options)) {
    for (const path of names.map((name) => join(folder, name))) {
      const real = await allowedPath(path, options.approvedDirectories);
      if (real === undefined || seen.has(real) || room <= 0) continue;
      seen.add(real);
      const file = await readStart(real, room);
      if (file === undefined || file.text.trim() === '') continue;
      room -= file.bytes;
      const note = file.isCut ? '\n\n[The rest is left out here for its length; read the file for it.]' : '';
      parts.push(`## ${path}\n\n${file.text.trim()}${note}`);
    }
  }
  if (parts.length === 0) return '';
  return ['# The project’s instructions (from its CLAUDE.md files)', ...parts].join('\n\n');
}

/** From the approved directory that holds `directory` (the innermost, where several do) down to it. */
function foldersDownTo({ directory, approvedDirectories }: ProjectMemoryOptions): readonly string[] {
  const roots = approvedDirectories.filter((root) => isInside(directory, root));
  const root = roots.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  if (root === '') return [];
  const folders = [directory];
  for (let folder = directory; folder !== root;) {
    folder = dirname(folder);
    folders.unshift(folder);
  }
  return folders;
}

function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

async function allowedPath(path: string, roots: readonly string[]): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return extname(real) === '.md' && roots.some((root) => isInside(real, root)) ? real : undefined;
  } catch {
    return undefined;
  }
}

type Start = { readonly text: string; readonly bytes: number; readonly isCut: boolean };

async function readStart(real: string, maxBytes: number): Promise<Start | undefined> {
  try {
    // NOFOLLOW: no link may take the place of the checked path; NONBLOCK: a pipe must not keep us waiting.
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size } = await file.stat().then((stats) => (stats.isFile() ? stats : { size: 0 }));
      const buffer = Buffer.alloc(Math.min(size, maxBytes));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      // `stream: true` leaves out a character that the limit cut in two.
      const text = new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
      return { text, bytes: bytesRead, isCut: size > maxBytes };
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
