import type { TestSummary } from '../../core/ports/test-workflow.ts';
import { createRedactor } from '../../util/redact.ts';
import { commandsFor, type Discovery, type FoundCommand } from './discovery/discovery.ts';
import { oneLine } from './one-line.ts';
import { expectedAddress } from './phase-lines.ts';
import { testGrants } from './test-grants.ts';
import type { TestPlan } from './test-plan.ts';

const hideSecrets = (text: string): string => createRedactor([]).redact(text);

const MOST_COMMANDS = 4;
/** What stands behind a script's name is what runs unasked: enough of it to see what it is. */
const LONGEST_SCRIPT = 120;
const MOST_WORDS = 12;

/** What leashd found and what it lets pass, in short lines for a phone. Holds no private value. */
export function summarize(plan: TestPlan, discovery: Discovery): TestSummary {
  return {
    found: [
      ...projectLine(discovery),
      ...labelled('Tests', inWords(commandsFor(discovery, 'unit', 'integration'))),
      ...labelled('End-to-end', inWords(commandsFor(discovery, 'e2e'))),
      ...labelled('Server', serverWords(plan, discovery)),
      ...labelled('Address', expectedAddress(plan, discovery)),
      ...labelled('Only in', plan.directory.value === '.' ? undefined : plan.directory.value),
      ...labelled('Looked at most', plan.focus === '' ? undefined : oneLine(plan.focus, 200)),
      ...labelled('Claude is told from test.yaml', privateNames(plan)),
    ],
    missing: missingLines(plan, discovery),
    unasked: cut(testGrants(plan, discovery).map(({ words }) => oneLine(words, 80))),
    notes: cut(discovery.notes.map((line) => oneLine(line, 200))),
  };
}

function missingLines({ areas, noBrowser }: TestPlan, { missing }: Discovery): readonly string[] {
  const usesBrowser = areas.e2e && noBrowser === undefined;
  return missing
    .filter((line) => usesBrowser || !line.includes('end-to-end'))
    .map((line) => oneLine(line, 300));
}

function projectLine({ parts, frameworks }: Discovery): readonly string[] {
  const kinds = [...new Set(parts.flatMap(({ ecosystems }) => ecosystems))];
  if (kinds.length === 0) return [];
  const names = [...new Set(frameworks.map(({ name }) => name))];
  const [only] = parts;
  const what = parts.length === 1 && only !== undefined ? oneLine(only.name, 60) : `${parts.length} projects`;
  return [`${what}: ${[...kinds, ...names.filter((name) => !kinds.includes(name))].join(', ')}`];
}

function inWords(commands: readonly FoundCommand[]): string | undefined {
  if (commands.length === 0) return undefined;
  const shown = commands.slice(0, MOST_COMMANDS).map(({ argv, folder, script }) => {
    const words = folder === '.' ? argv.join(' ') : `${argv.join(' ')} (in ${folder})`;
    return script === undefined ? words : `${words} → ${oneLine(hideSecrets(script), LONGEST_SCRIPT)}`;
  });
  const more = commands.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function serverWords({ server }: TestPlan, discovery: Discovery): string | undefined {
  if (server === undefined) return inWords(commandsFor(discovery, 'server'));
  const by = server.by === 'person' ? '' : ' (test.yaml says)';
  return `${oneLine(server.value, 200)}${by}`;
}

/** The names alone. */
function privateNames({ credentials, environment }: TestPlan): string | undefined {
  const names = [...credentials.names, ...environment.names];
  return names.length === 0 ? undefined : cut(names).join(', ');
}

function labelled(label: string, words: string | undefined): readonly string[] {
  return words === undefined || words === '' ? [] : [`${label}: ${words}`];
}

function cut(lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST_WORDS;
  return more > 0 ? [...lines.slice(0, MOST_WORDS), `and ${more} more`] : lines;
}
