import {
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLError,
} from 'yaml';
import { z } from 'zod';
import { nearest } from '../../util/nearest.ts';
import { createRedactor } from '../../util/redact.ts';
import { readAddress } from './address.ts';
import { isModestYaml } from './modest-yaml.ts';
import { oneLine } from './one-line.ts';
import { PrivateValues } from './private-values.ts';
import { projectFolder } from './project-folder.ts';

/**
 * What stands in a project's `.leashd/test.yaml`. It is the project's word, not the person's: it tells the agent what
 * to do and holds no leash. leashd runs none of it, and no approval is remembered for what stands only here.
 */
export type TestConfig = {
  readonly url?: string | undefined;
  readonly server?: string | undefined;
  readonly framework?: string | undefined;
  readonly directory?: string | undefined;
  readonly preconditions?: readonly string[] | undefined;
  readonly focusAreas?: readonly string[] | undefined;
  readonly environment?: PrivateValues | undefined;
  readonly credentials?: PrivateValues | undefined;
};

export type ReadTestConfig =
  | { readonly kind: 'config'; readonly config: TestConfig }
  /** `.leashd/test.yaml:3:7 url: expected …, got …`, one line each. Never holds a value of the private ones. */
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

export const TEST_CONFIG_FILE = '.leashd/test.yaml';
/** In UTF-16 units. */
export const LARGEST_TEST_CONFIG = 16_384;
const MOST_FAULTS = 20;
const TOO_DEEP = `${TEST_CONFIG_FILE}: not readable as YAML: nested too deep, or too many aliases`;

const line = (longest: number, what: string) =>
  z
    .string({ error: what })
    .transform((text) => text.trim())
    .refine((text) => text !== '' && text.length <= longest && oneLine(text, longest) === text, {
      error: what,
    });

const sentence = z
  .string({ error: 'a sentence' })
  .refine((text) => text.trim() !== '' && text.length <= 500, { error: 'text of 1 to 500 characters' })
  .transform((text) => oneLine(text, 500));
const sentences = z
  .union([sentence.transform((one) => [one]), z.array(sentence).max(20)], {
    error: 'a list of at most 20 sentences',
  })
  .nullish();

const secret = z
  .string({ error: 'text (in quotes, if it is a number)' })
  .max(2000, { error: 'at most 2000 characters' });
const NAME = /^[\p{L}_][\p{L}\p{N}_. -]{0,63}$/u;

const privately = (value: z.ZodType<string | Record<string, string>>, what: string) =>
  z
    .record(z.string().regex(NAME, { error: 'a name of 1 to 64 letters, digits, _ . -' }), value, {
      error: what,
    })
    .refine((all) => Object.keys(all).length <= 50, { error: 'at most 50 names' })
    .transform((all) => new PrivateValues(flat(all)))
    .nullish();

function flat(all: Readonly<Record<string, string | Readonly<Record<string, string>>>>): Map<string, string> {
  return new Map(
    Object.entries(all).flatMap(([name, value]): (readonly [string, string])[] =>
      typeof value === 'string'
        ? [[name, value]]
        : Object.entries(value).map(([inner, text]) => [`${name}.${inner}`, text] as const),
    ),
  );
}

const account = z.record(z.string().regex(NAME, { error: 'a name' }), secret, { error: 'names with text' });
const variable = z.union([z.string(), z.number(), z.boolean()], { error: 'text' }).transform(String);

const schema = z.strictObject({
  url: z
    .union([z.string(), z.number()], { error: 'an address such as http://localhost:3000' })
    .transform((given, context) => {
      const address = readAddress(String(given));
      if (address.kind === 'address') return address.url;
      context.issues.push({ code: 'custom', message: address.expected, input: given });
      return z.NEVER;
    })
    .nullish(),
  server: line(300, 'one line with the command that starts it, such as npm run dev').nullish(),
  framework: line(40, 'the name of a test framework such as vitest')
    .transform((name) => name.toLowerCase())
    .nullish(),
  directory: z
    .string({ error: 'a folder inside the project such as apps/web' })
    .transform((given, context) => {
      const folder = projectFolder(given);
      if (folder !== undefined) return folder;
      context.issues.push({
        code: 'custom',
        message: 'a folder inside the project such as apps/web',
        input: given,
      });
      return z.NEVER;
    })
    .nullish(),
  credentials: privately(
    z.union([secret, account], { error: 'text, in quotes if it is a number' }),
    'names with text, as in `{ user: ada, password: "…" }`',
  ),
  preconditions: sentences,
  focus_areas: sentences,
  environment: privately(variable, 'names with text, as in `{ NODE_ENV: test }`'),
});

const KEYS: readonly string[] = Object.keys(schema.shape);
const PRIVATE: ReadonlySet<PropertyKey> = new Set(['credentials', 'environment']);
const redactor = createRedactor([]);

/** Reads the text of test.yaml. Empty text is an empty plan. Does not throw. */
export function readTestConfig(text: string): ReadTestConfig {
  if (text.length > LARGEST_TEST_CONFIG)
    return faulty([
      `${TEST_CONFIG_FILE}: expected at most ${LARGEST_TEST_CONFIG} characters, got ${text.length}`,
    ]);
  const lines = new LineCounter();
  const source = text.replace(/^\uFEFF/, '');
  if (!isModestYaml(source)) return faulty([TOO_DEEP]);
  let document: Document;
  let value: unknown;
  try {
    // The library's pretty errors quote the lines around the fault, which may hold a secret.
    document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    const broken = [...document.errors, ...document.warnings];
    if (broken.length > 0)
      return faulty(broken.map((one) => `${placeAt(one.pos[0], lines)}: ${describeYamlError(one)}`));
    value = document.toJS({ maxAliasCount: 20 }) ?? {};
  } catch {
    // Nested so deep that the stack ends, or aliases that would unfold into something huge.
    return faulty([TOO_DEEP]);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return faulty([`${TEST_CONFIG_FILE}:1:1: expected a mapping, as in \`url: http://localhost:3000\``]);
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) return faulty(parsed.error.issues.flatMap((one) => faultsOf(one, document, lines)));
  const { focus_areas: focusAreas, ...rest } = parsed.data;
  const entries = Object.entries({ ...rest, focusAreas }).filter(
    ([, one]) => one !== null && one !== undefined,
  );
  return { kind: 'config', config: Object.fromEntries(entries) };
}

function faulty(faults: readonly string[]): ReadTestConfig {
  return { kind: 'faults', faults: faults.slice(0, MOST_FAULTS) };
}

function faultsOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  const { path } = issue;
  const name = path.map((part) => oneLine(String(part), 64)).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const meant = nearest(key, KEYS);
      const expected = meant === undefined ? `expected one of ${KEYS.join(', ')}` : `did you mean ${meant}?`;
      const shown = JSON.stringify(redactor.redact(oneLine(key, 64)));
      return `${placeOf([key], document, lines)}: no key is called ${shown}; ${expected}`;
    });
  const place = placeOf(path, document, lines);
  const top = path[0];
  // A name in a mapping of private values may be half a secret, when a colon has slipped in.
  const subject = top !== undefined && PRIVATE.has(top) ? String(top) : name;
  return [`${place} ${subject}: expected ${expectedOf(issue)}, got ${gotOf(issue, top)}`];
}

function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'a name';
  // Where one of the shapes was nearly right, its own words say more.
  if (issue.code === 'too_big') return `at most ${String(issue.maximum)}`;
  return issue.message;
}

function gotOf(issue: z.core.$ZodIssue, top: PropertyKey | undefined): string {
  const { input } = issue;
  if (input === null || input === undefined) return 'nothing';
  if (Array.isArray(input)) return `a list of ${input.length}`;
  if (typeof input === 'object') return 'a mapping';
  const hasPassword = typeof input === 'string' && /\/\/[^/]*@/.test(input);
  if (hasPassword || (top !== undefined && PRIVATE.has(top))) return `${describeType(input)} (not shown)`;
  return typeof input === 'string'
    ? JSON.stringify(redactor.redact(oneLine(input, 80)))
    : JSON.stringify(input);
}

function describeType(input: unknown): string {
  return typeof input === 'string' ? 'text' : `a ${typeof input}`;
}

/** The place of a value; that of its key where the value has none. */
function placeOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): string {
  const isKey = path.length === 1 && !KEYS.includes(String(path[0]));
  const node = isKey ? undefined : document.getIn([...path], true);
  if (isNode(node) && node.range) return placeAt(node.range[0], lines);
  const holder = path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(holder)
    ? holder.items.find(
        (one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(path.at(-1)),
      )
    : undefined;
  const key = pair?.key;
  return placeAt(isNode(key) && key.range ? key.range[0] : 0, lines);
}

function placeAt(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  return `${TEST_CONFIG_FILE}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

/** The library's words without what they quote. */
function describeYamlError(error: YAMLError): string {
  const message = error.message.replace(/["']quote$/, 'quote').replace(/:? ?["'][^]*$/, '');
  return `not readable as YAML: ${message === '' ? error.code : message}`;
}
