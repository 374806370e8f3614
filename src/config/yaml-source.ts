import { LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';

/** Both count from 1. */
export type Position = { readonly line: number; readonly column: number };

export type PlacedProblem = Position & { readonly problem: string };

export type YamlSource = {
  readonly document: Document.Parsed;
  /** Of an offset in the text; its beginning where there is none. */
  readonly positionOf: (offset: number | undefined) => Position;
  /** Where it is no YAML; then there is nothing in the document to rely on. */
  readonly faults: readonly PlacedProblem[];
};

export function parseYaml(text: string): YamlSource {
  const lineCounter = new LineCounter();
  const positionOf = (offset: number | undefined): Position => {
    const { line, col } = lineCounter.linePos(offset ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // The library's pretty errors quote the lines around the fault, which may hold a secret.
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    ...positionOf(error.pos[0]),
    problem: describeYamlError(error),
  }));
  return { document, positionOf, faults };
}

/** The library's words without what they quote. */
function describeYamlError(error: YAMLError): string {
  const message = error.message.replace(/["']quote$/, 'quote').replace(/:? ?["'][^]*$/, '');
  return `not readable as YAML: ${message === '' ? error.code : message}`;
}
