import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../test/fixtures/manual-clock.ts';
import { askedCall, offersFor } from '../../../test/fixtures/granting.ts';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { silentLog } from '../../util/log.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import { coveredBy } from './grants.ts';
import { loadPolicies } from '../policy/load.ts';
import { RuleBook } from './rule-book.ts';
import type { ToolCall } from '../types.ts';

let project: SafetyProject;
let folder: string;
let records: AuditRecord[];
let warnings: string[];
let book: RuleBook;
const policy = builtInPolicy('default');

beforeEach(() => {
  project = new SafetyProject();
  folder = join(project.base, 'state/rules');
  records = [];
  warnings = [];
  book = new RuleBook({
    folder,
    audit: { record: async (record) => void records.push(record) },
    clock: manualClock(),
    log: { ...silentLog, warn: (event: string) => void warnings.push(event) },
    home: project.home,
  });
});
afterEach(() => project.remove());

const add = async (call: ToolCall, subject = 'Runs it'): Promise<string> => {
  const offer = offersFor(project, policy, call).find(({ length }) => length.kind === 'always');
  if (offer === undefined) throw new Error('no Always is offered');
  return (await book.add({ offer, context: project.context(), call, by: 'telegram:42', subject })).name;
};
const covers = (command: string): boolean => {
  const { asked, decision } = askedCall(project, policy, project.bash(command));
  return coveredBy(asked, decision, book.coverings(project.context())) !== undefined;
};
const path = (): string => book.pathOf(project.directory);
const text = (): string => readFileSync(path(), 'utf8');
const names = (): string[] => book.rulesOf(project.directory).map(({ name }) => name);

describe('Always', () => {
  it('writes a readable rule with the card that made it, for this user alone', async () => {
    expect(await add(project.bash('npm run build'), 'Runs npm run build')).toBe('always-npm-run-build');
    expect(text()).toBe(
      `# Made with Always, for ${project.directory}

rules:
  # 1970-01-01T00:00:00.000Z, telegram:42: Runs npm run build
  - name: always-npm-run-build
    action: allow
    risk_level: medium
    commands:
      - npm run build
    description: exactly npm run build
`.replace('1970-01-01T00:00:00.000Z', /\d{4}-\S+Z/.exec(text())?.[0] ?? ''),
    );
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(records).toMatchObject([
      { event: 'rule_added', ownRule: 'always-npm-run-build', by: 'telegram:42' },
    ]);
  });

  it('is a policy file that leashd itself can load', async () => {
    await add(project.bash('npm run build'));
    const loaded = loadPolicies([path()], { startDirectory: '/', builtInDirectory: '/' });
    expect(loaded.rules).toMatchObject([{ name: 'always-npm-run-build', action: 'allow' }]);
  });

  it('covers what it says, and nothing else', async () => {
    await add(project.bash('npm run build'));
    expect(covers('npm run build')).toBe(true);
    expect(covers('npm run deploy')).toBe(false);
    expect(covers('cd src && npm run build')).toBe(false);
    const elsewhere = { ...project.context(), directories: [project.path('src')] };
    expect(book.coverings(elsewhere)).toEqual([]);
  });

  it('is not offered for a script, whose content no rule knows', () => {
    project.write('x.sh', '');
    const lengths = offersFor(project, policy, project.bash('bash x.sh')).map(({ length }) => length.kind);
    expect(lengths).toEqual(['time', 'until-clear']);
  });

  it('gives each rule a name of its own, and keeps what others wrote', async () => {
    await add(project.bash('npm run build'), 'first');
    await add(project.bash('npm run build'), 'second');
    await add(project.call('Write', { file_path: 'src/a.ts', content: '' }), 'third');
    writeFileSync(path(), text().replace('rules:', '# by hand\nrules:'));
    expect(names()).toEqual(['always-npm-run-build', 'always-npm-run-build-2', 'always-edits-under-src']);
    for (const comment of ['first', 'second', 'third', 'by hand']) expect(text()).toContain(comment);
  });

  it('takes one rule back, with its comment and no other', async () => {
    for (const script of ['a', 'b', 'c']) await add(project.bash(`npm run ${script}`), `card ${script}`);
    expect(await book.remove(project.directory, 'always-npm-run-b', 'telegram:1', 'telegram:42')).toBe(true);
    expect(names()).toEqual(['always-npm-run-a', 'always-npm-run-c']);
    expect(text()).not.toContain('card b');
    expect(await book.remove(project.directory, 'always-npm-run-a', 'telegram:1', 'telegram:42')).toBe(true);
    expect(text()).not.toContain('card a');
    expect(text()).toContain('card c');
    expect(await book.remove(project.directory, 'always-npm-run-a', 'telegram:1', 'telegram:42')).toBe(false);
    expect(covers('npm run a')).toBe(false);
    expect(covers('npm run c')).toBe(true);
    expect(await book.remove(project.directory, 'always-npm-run-c', 'telegram:1', 'telegram:42')).toBe(true);
    expect(names()).toEqual([]);
    await add(project.bash('npm run d'), 'card d');
    expect(names()).toEqual(['always-npm-run-d']);
    expect(records.map(({ event }) => event).filter((event) => event === 'rule_removed')).toHaveLength(3);
  });

  it('loses none of several that come at once', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map(async (script) => add(project.bash(`npm run ${script}`))));
    expect(names()).toHaveLength(4);
  });

  it('lets no card write anything but a comment', async () => {
    await add(project.bash('npm run build'), 'x\nrules: []\n- name: evil');
    expect(names()).toEqual(['always-npm-run-build']);
  });
});

describe('a file of rules that can’t be used', () => {
  it.each([
    ['is no YAML', 'rules: ['],
    ['denies', 'rules: [{ name: x, commands: [npm run build], action: deny }]'],
    ['has settings', 'settings: { default_action: allow }\nrules: []'],
    ['has a word that is not known', 'rules: [{ name: x, comands: [ls], action: allow }]'],
    [
      'has a name twice',
      'rules: [{ name: x, commands: [npm run build], action: allow }, { name: x, commands: [ls], action: allow }]',
    ],
  ])('allows nothing when it %s, and is left as it is', async (_, content) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path(), content, { mode: 0o600 });
    expect(covers('npm run build')).toBe(false);
    expect(names()).toEqual([]);
    expect(warnings).toContain('own_rules_unusable');
    await expect(add(project.bash('npm run build'))).rejects.toThrow(/can't be changed/);
    expect(text()).toBe(content);
    expect(records).toEqual([]);
  });

  it('allows nothing when others could have written it', async () => {
    await add(project.bash('npm run build'));
    chmodSync(path(), 0o622);
    expect(covers('npm run build')).toBe(false);
    await expect(add(project.bash('npm run x'))).rejects.toThrow(/others could have written it/);
  });

  it('is not made where nothing can be written', async () => {
    mkdirSync(join(project.base, 'state'));
    writeFileSync(folder, 'in the way');
    await expect(add(project.bash('npm run build'))).rejects.toThrow(/can't be changed/);
    expect(existsSync(path())).toBe(false);
    expect(records.map(({ event }) => event)).toEqual(['rule_added', 'rule_removed']);
  });
});
