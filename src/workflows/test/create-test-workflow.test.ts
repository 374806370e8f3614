import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreparedTest, TestRun } from '../../core/ports/test-workflow.ts';
import { silentLog } from '../../util/log.ts';
import { createTestWorkflow } from './create-test-workflow.ts';

let root: string;
let project: string;
const known: string[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'leashd-workflow-')));
  project = join(root, 'project');
  mkdirSync(join(project, 'web'), { recursive: true });
  mkdirSync(join(root, 'elsewhere'));
  for (const folder of ['project', 'project/web', 'elsewhere'])
    writeFileSync(join(root, folder, 'package.json'), '{"scripts":{"test":"vitest"}}');
  known.length = 0;
});
afterEach(() => rmSync(root, { recursive: true }));

function prepare(line: string, noBrowser?: string): PreparedTest {
  const redactors = [{ add: (secret: string) => void known.push(secret) }];
  const workflow = createTestWorkflow({ redactors, noBrowser, log: silentLog });
  return workflow.prepare({ directory: project, line, now: 1000 });
}

function run(line: string, noBrowser?: string): TestRun {
  const prepared = prepare(line, noBrowser);
  if (prepared.kind !== 'run') throw new Error(JSON.stringify(prepared));
  return prepared.run;
}

describe('a prepared test run', () => {
  it('has its rules with absolute paths, each in its own folder', () => {
    const rules = run('').rules.map(({ words, folder, source }) => [words, folder, source]);
    expect(rules).toContainEqual(['npm run test', project, join(project, 'package.json')]);
    expect(rules).toContainEqual(['npm run test', join(project, 'web'), join(project, 'web/package.json')]);
    expect(run('').sessionFile).toBe(join(project, '.leashd/test-session.md'));
  });

  it('has none for a folder that leads out of the project', () => {
    symlinkSync(join(root, 'elsewhere'), join(project, 'out'));
    expect(run('-d out').rules.map(({ folder }) => folder)).not.toContain(join(root, 'elsewhere'));
  });

  it('is refused for a folder that is not there', () => {
    const lines = [`There is no folder apps/shop in ${project}.`];
    expect(prepare('-d apps/shop')).toEqual({ kind: 'refused', lines });
  });

  it('tells the redactors its private values before anything else is known of it', () => {
    mkdirSync(join(project, '.leashd'));
    writeFileSync(join(project, '.leashd/test.yaml'), 'environment: { TOKEN: sesame-open }\n');
    expect(JSON.stringify(run(''))).not.toContain('sesame');
    expect(known).toEqual(['sesame-open']);
  });

  it('is the same plan with and without a browser, and needs one only where there is one', () => {
    const [without, withOne] = [run('-u 3000', 'no Chromium'), run('-u 3000')];
    expect(without.digest).toBe(withOne.digest);
    expect([without.needsBrowser, withOne.needsBrowser]).toEqual([false, true]);
    expect(without.phases[5]).toEqual({
      number: 6,
      title: 'End-to-end in the browser',
      skipped: 'no Chromium',
    });
    expect(without.summary.unasked).not.toContain('the browser, on pages of this machine');
    expect(withOne.summary.unasked).toContain('the browser, on pages of this machine');
  });

  it('goes on where its session file stands, and not after another plan', () => {
    run('').begin(1000);
    expect(run('').resume).toEqual({ kind: 'fresh' });
    const begun = `- plan: ${run('').digest}\n- started: 1970-01-01T00:00:01.000Z\n- [x] 1. Discovery\n- [~] 2. Server\n`;
    writeFileSync(run('').sessionFile, begun);
    expect(run('').resume).toEqual({ kind: 'resume', phase: 2 });
    expect(run('--unit').resume).toEqual({ kind: 'fresh', why: 'the last run had another plan' });
  });
});
