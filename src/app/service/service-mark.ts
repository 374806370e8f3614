import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ServiceParts } from './service-parts.ts';

/** What a service's file says of where it came from. */
export type FileStanding =
  | { readonly kind: 'absent' }
  /** As leashd wrote it. */
  | { readonly kind: 'own'; readonly parts: MarkedParts }
  /** leashd wrote it, and somebody has changed it since. */
  | { readonly kind: 'changed'; readonly parts: MarkedParts }
  /** It bears no mark of leashd, or is a link to another file. */
  | { readonly kind: 'foreign' };

export type MarkedParts = Omit<ServiceParts, 'environment'>;

const MADE = 'Made by "leashd service install"; "leashd service uninstall" takes it away again.';
const partsSchema = z.object({ node: z.string(), entry: z.string(), directory: z.string() });

/** The lines that mark a file as leashd's: its paths, and what it read like. `body` is all of the file but them. */
export function markOf(body: string, { node, entry, directory }: ServiceParts): string[] {
  // Two dashes in a row may not stand in a comment of XML.
  const paths = JSON.stringify({ node, entry, directory }).replaceAll('-', '\\u002d');
  return [MADE, `leashd: ${paths}`, `sha256: ${digestOf(body, paths)}`];
}

/** How a file at this path stands. `isMark` says which of its lines are comments that may hold the mark. */
export function standingOf(path: string): FileStanding {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: 'absent' };
  if (!stats.isFile()) return { kind: 'foreign' };
  return standingOfText(readFileSync(path, 'utf8'));
}

export function standingOfText(text: string): FileStanding {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.includes(MADE));
  const paths = /leashd: (\{.*\})/.exec(lines[first + 1] ?? '')?.[1] ?? '';
  const digest = /sha256: ([0-9a-f]{64})/.exec(lines[first + 2] ?? '')?.[1];
  const parts = partsSchema.safeParse(parsed(paths));
  if (first < 0 || !parts.success) return { kind: 'foreign' };
  const body = [...lines.slice(0, first), ...lines.slice(first + 3)].join('\n');
  return { kind: digest === digestOf(body, paths) ? 'own' : 'changed', parts: parts.data };
}

function digestOf(body: string, paths: string): string {
  return createHash('sha256').update(`${paths}\n${body}`).digest('hex');
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
