import type { FileView } from '../file-view.ts';
import type { Budget } from './budget.ts';

/** A piece of a word with a pattern in it: text that stands for itself, or a wildcard. */
export type GlobPiece = { readonly kind: 'literal' | 'star' | 'question'; readonly text: string };

const MOST_ENTRIES = 1000;
const MOST_MATCHES = 200;
/** Of one name; longer patterns fit next to nothing, and take long to find that out. */
const LONGEST_PATTERN = 300;

/**
 * The names that a pattern stands for on this disk, in the order of their characters, as bash gives them without any
 * `shopt`; none when nothing fits (bash then leaves the pattern as it is); undefined when finding out costs too much.
 * `directory` is the absolute folder in which a relative pattern starts.
 */
export function expandGlob(
  pieces: readonly GlobPiece[],
  directory: string,
  view: FileView,
  budget: Budget,
): readonly string[] | undefined {
  const segments = segmentsOf(pieces);
  let left = MOST_ENTRIES;
  let found: string[] = [''];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const next: string[] = [];
    const literal = literalOf(segment);
    const steps = literal === undefined ? stepsOf(segment) : [];
    if (steps.length > LONGEST_PATTERN) return undefined;
    for (const base of found) {
      if (literal !== undefined) {
        next.push(`${base}${literal}${isLast ? '' : '/'}`);
        continue;
      }
      const names = view.list(base.startsWith('/') ? base : `${directory}/${base}`);
      left -= names.length;
      if (left < 0 || !budget.spend('names', names.length + 1)) return undefined;
      // Before 5.2 bash also took . and .. for names.
      if (isDotted(segment) && ['.', '..'].some((name) => fits(name, steps))) return undefined;
      for (const name of names) {
        if (name.startsWith('.') && !isDotted(segment)) continue;
        if (fits(name, steps)) next.push(`${base}${name}${isLast ? '' : '/'}`);
      }
    }
    found = next;
    if (found.length > MOST_MATCHES) return undefined;
  }
  const isThere = (path: string): boolean => {
    const absolute = path.startsWith('/') ? path : `${directory}/${path}`;
    if (path.endsWith('/')) return view.kind(view.real(absolute) ?? absolute) === 'directory';
    return view.kind(absolute) !== undefined;
  };
  return found.filter((path) => isThere(path)).sort();
}

function segmentsOf(pieces: readonly GlobPiece[]): GlobPiece[][] {
  const segments: GlobPiece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind !== 'literal') {
      segments.at(-1)?.push(piece);
      continue;
    }
    for (const [index, text] of piece.text.split('/').entries()) {
      if (index > 0) segments.push([]);
      if (text !== '') segments.at(-1)?.push({ kind: 'literal', text });
    }
  }
  return segments;
}

function literalOf(segment: readonly GlobPiece[]): string | undefined {
  if (segment.some(({ kind }) => kind !== 'literal')) return undefined;
  return segment.map(({ text }) => text).join('');
}

function isDotted([first]: readonly GlobPiece[]): boolean {
  return first?.kind === 'literal' && first.text.startsWith('.');
}

type Step = { readonly kind: GlobPiece['kind']; readonly character: string };

function stepsOf(segment: readonly GlobPiece[]): Step[] {
  return segment.flatMap(({ kind, text }) =>
    (kind === 'literal' ? Array.from(text) : ['']).map((character) => ({ kind, character })),
  );
}

/** Whether a name fits a pattern: on a mismatch the last star takes one character more. */
function fits(name: string, steps: readonly Step[]): boolean {
  const characters = Array.from(name);
  let step = 0;
  let at = 0;
  let star: { step: number; at: number } | undefined;
  while (at < characters.length) {
    const current = steps[step];
    if (current?.kind === 'star') {
      star = { step, at };
      step += 1;
    } else if (
      current !== undefined &&
      (current.kind === 'question' || current.character === characters[at])
    ) {
      step += 1;
      at += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      step = star.step + 1;
    } else return false;
  }
  return steps.slice(step).every(({ kind }) => kind === 'star');
}
