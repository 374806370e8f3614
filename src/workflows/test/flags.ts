import { nearest } from '../../util/nearest.ts';
import { readAddress } from './address.ts';
import { oneLine } from './one-line.ts';
import { projectFolder } from './project-folder.ts';
import { withHyphens, wordsOf } from './words.ts';

/** Which kinds of tests are wanted. */
export type TestAreas = { readonly unit: boolean; readonly backend: boolean; readonly e2e: boolean };

/** What the person typed behind `/test`. */
export type TestFlags = {
  readonly url?: string | undefined;
  readonly server?: string | undefined;
  readonly framework?: string | undefined;
  readonly directory?: string | undefined;
  readonly areas: TestAreas;
  readonly focus: string;
};

export type ReadFlags =
  | { readonly kind: 'flags'; readonly flags: TestFlags }
  /** A sentence for the person. */
  | { readonly kind: 'problem'; readonly problem: string };

type Flag = {
  readonly name: string;
  readonly letter?: string;
  /** What stands for its value in the usage line; a flag without one takes none. */
  readonly value?: string;
  readonly summary: string;
};

export const TEST_FLAGS = [
  {
    name: 'url',
    letter: 'u',
    value: 'address',
    summary: 'where the app answers: 3000, localhost:3000, https://…',
  },
  { name: 'server', letter: 's', value: 'command', summary: 'what starts it: "npm run dev"' },
  { name: 'framework', letter: 'f', value: 'name', summary: 'the test framework: vitest, pytest' },
  { name: 'dir', letter: 'd', value: 'folder', summary: 'only this folder of the project' },
  { name: 'unit', summary: 'unit and integration tests, nothing else' },
  { name: 'backend', summary: 'backend verification, nothing else' },
  { name: 'no-e2e', summary: 'without the browser' },
  { name: 'no-unit', summary: 'without unit and integration tests' },
  { name: 'no-backend', summary: 'without backend verification' },
] as const satisfies readonly Flag[];

type FlagName = (typeof TEST_FLAGS)[number]['name'];
const flags: readonly (Flag & { readonly name: FlagName })[] = TEST_FLAGS;

const LONGEST_LINE = 2000;
const LONGEST_VALUE = 300;

/** Reads what stands behind `/test`. Does not throw. */
export function readTestFlags(line: string): ReadFlags {
  if (line.length > LONGEST_LINE)
    return problem(`expected at most ${LONGEST_LINE} characters, got ${line.length}`);
  const words = wordsOf(line);
  const given = new Map<FlagName, string>();
  const focus: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) continue;
    const text = word.isQuoted ? word.text : withHyphens(word.text);
    if (!word.isQuoted && text === '--') {
      focus.push(...words.slice(index + 1).map(({ text }) => text));
      break;
    }
    if (word.isQuoted || !/^--?\p{L}/u.test(text)) {
      focus.push(text);
      continue;
    }
    const found = flagOf(text);
    if (found.kind === 'problem') return found;
    const { flag, value: attached } = found;
    if (given.has(flag.name)) return problem(`--${flag.name} stands there twice`);
    if (flag.value === undefined) {
      if (attached !== undefined) return problem(`--${flag.name} takes no value, got ${quote(attached)}`);
      given.set(flag.name, '');
      continue;
    }
    const next = words[index + 1];
    const value = attached ?? (next === undefined || isFlag(next.text, next.isQuoted) ? '' : next.text);
    if (attached === undefined && value !== '') index += 1;
    if (value.trim() === '') return problem(`--${flag.name} needs a value: --${flag.name} <${flag.value}>`);
    given.set(flag.name, value);
  }
  return checked(given, oneLine(focus.join(' '), LONGEST_LINE));
}

function isFlag(text: string, isQuoted: boolean): boolean {
  return !isQuoted && /^--?\p{L}/u.test(withHyphens(text));
}

type FoundFlag = {
  readonly kind: 'flag';
  readonly flag: (typeof flags)[number];
  readonly value?: string | undefined;
};

function flagOf(text: string): FoundFlag | { readonly kind: 'problem'; readonly problem: string } {
  const equals = text.indexOf('=');
  const written = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? undefined : text.slice(equals + 1);
  // Phones like to begin with a capital.
  const name = written.replace(/^--?/, '').toLowerCase();
  const flag = flags.find((one) => (written.startsWith('--') ? one.name === name : one.letter === name));
  if (flag !== undefined) return { kind: 'flag', flag, value };
  const meant =
    flags.find((one) => one.name === name)?.name ??
    nearest(
      name,
      flags.map((one) => one.name),
    );
  return problem(
    `${quote(written)} is no flag of /test${meant === undefined ? '' : `; did you mean --${meant}?`}`,
  );
}

function checked(given: ReadonlyMap<FlagName, string>, focus: string): ReadFlags {
  for (const [only, without] of [
    ['unit', 'no-unit'],
    ['backend', 'no-backend'],
  ] as const)
    if (given.has(only) && given.has(without))
      return problem(`--${only} and --${without} contradict each other`);
  const url = given.get('url');
  const address = url === undefined ? undefined : readAddress(url);
  if (address?.kind === 'fault')
    return problem(`--url: expected ${address.expected}, got ${quote(url ?? '')}`);
  const dir = given.get('dir');
  const directory = dir === undefined ? undefined : projectFolder(dir);
  if (dir !== undefined && directory === undefined)
    return problem(`--dir: expected a folder inside the project such as apps/web, got ${quote(dir)}`);
  const server = given.get('server');
  const framework = given.get('framework');
  for (const [name, value] of [
    ['server', server],
    ['framework', framework],
  ] as const)
    if (
      value !== undefined &&
      (value.length > LONGEST_VALUE || oneLine(value, LONGEST_VALUE) !== value.trim())
    )
      return problem(`--${name}: expected one line of at most ${LONGEST_VALUE} characters`);
  return {
    kind: 'flags',
    flags: {
      url: address?.url,
      server: server?.trim(),
      framework: framework?.trim().toLowerCase(),
      directory,
      areas: areasOf(given),
      focus,
    },
  };
}

/** One that is named alone is wanted alone; `--unit --backend` are those two. */
function areasOf(given: ReadonlyMap<FlagName, string>): TestAreas {
  const isOnly = given.has('unit') || given.has('backend');
  return {
    unit: !given.has('no-unit') && (!isOnly || given.has('unit')),
    backend: !given.has('no-backend') && (!isOnly || given.has('backend')),
    e2e: !given.has('no-e2e') && !isOnly,
  };
}

function quote(text: string): string {
  // A password in an address is not repeated.
  return JSON.stringify(oneLine(text.replace(/\/\/[^/@]*@/, '//…@'), 60));
}

function problem(what: string): { readonly kind: 'problem'; readonly problem: string } {
  const end = what.endsWith('?') ? '' : '.';
  return { kind: 'problem', problem: `${what.charAt(0).toUpperCase()}${what.slice(1)}${end}` };
}
