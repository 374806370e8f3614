import { commandsFor, type Discovery, type FoundCommand, type Purpose } from './discovery/discovery.ts';
import { oneLine } from './one-line.ts';
import type { TestPlan } from './test-plan.ts';

const MOST_LINES = 8;

/** Where the thing under test is expected; undefined when nobody knows. */
export function expectedAddress(plan: TestPlan, discovery: Discovery): string | undefined {
  if (plan.url !== undefined) return plan.url.value;
  return discovery.port === undefined ? undefined : `http://localhost:${discovery.port}`;
}

export function serverLines(plan: TestPlan, discovery: Discovery): readonly string[] {
  const address = expectedAddress(plan, discovery);
  const where = address === undefined ? 'Its output says where it answers.' : `It is expected at ${address}.`;
  if (plan.server !== undefined) {
    const by = plan.server.by === 'person' ? 'the person says' : 'test.yaml says';
    return [`Server, ${by}: ${oneLine(plan.server.value, 300)}`, where];
  }
  return [
    ...commandsFor(discovery, 'server')
      .slice(0, MOST_LINES)
      .map((one) => `Server: ${describeCommand(one)}`),
    where,
  ];
}

export function testLines(
  plan: TestPlan,
  discovery: Discovery,
  ...purposes: readonly Purpose[]
): readonly string[] {
  const named = plan.framework === undefined ? [] : [`Framework: ${oneLine(plan.framework.value, 40)}`];
  const commands = commandsFor(discovery, ...purposes).slice(0, MOST_LINES);
  return [...named, ...commands.map((one) => `Tests (${one.purpose}): ${describeCommand(one)}`)];
}

/** `npm run test:unit (package.json scripts.test:unit, sure)`; with the folder it is run in. */
function describeCommand({ argv, folder, from, sureness }: FoundCommand): string {
  const place = folder === '.' ? '' : `cd ${quoted(folder)} && `;
  return `${place}${argv.join(' ')} (${oneLine(`${from.path} ${from.key}`, 120)}, ${sureness})`;
}

function quoted(folder: string): string {
  return folder.includes(' ') ? `'${folder}'` : folder;
}
