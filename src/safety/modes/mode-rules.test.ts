import { rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModeGate } from '../../../test/fixtures/mode-gate.ts';
import { projectWithTests, rulesOf } from '../../../test/fixtures/mode-rules.ts';
import type { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { ModeRule } from '../types.ts';

let project: SafetyProject;
let gate: ModeGate;
let rules: readonly ModeRule[];

describe('what a rule rests on', () => {
  beforeEach(() => {
    project = projectWithTests();
    gate = new ModeGate(project);
    rules = gate.pin(rulesOf(project));
  });
  afterEach(() => project.remove());

  it.each([
    ['npm run test:unit', 'package.json'],
    ['npx vitest run', 'package.json'],
    ['./gradlew test', 'gradlew'],
    ['uv run python manage.py test', 'manage.py'],
    ['bash scripts/test.sh', 'scripts/test.sh'],
    ['make test', 'Makefile'],
    ['flask run', 'app.py'],
    ['cd web && npm run test:web', 'web/package.json'],
  ])('is as it was, or %s asks and says that %s has changed', async (command, file) => {
    const call = project.bash(command);
    expect(await gate.said(call, { rules })).toBe('granted');
    project.write(file, 'changed\n');
    const decision = await gate.decide(call, { rules });
    expect(decision).toMatchObject({ action: 'ask', layer: 'policy' });
    expect(decision.reason).toContain(`no longer passes by itself: ${file.split('/').at(-1)} has changed`);
    // The others are not touched by it.
    expect(await gate.said(project.bash('uv run pytest'), { rules })).toBe('granted');
  });

  it('is gone, a link now, or overshadowed: it asks', async () => {
    const call = project.bash('make test');
    rmSync(project.path('Makefile'));
    expect(await gate.said(call, { rules })).toBe('ask');
    symlinkSync('README.md', project.path('Makefile'));
    expect(await gate.said(call, { rules })).toBe('ask');
    rmSync(project.path('Makefile'));
    project.write('Makefile', '\n');
    expect(await gate.said(call, { rules })).toBe('granted');
    project.write('GNUmakefile', 'test:\n\trm x\n');
    expect(await gate.said(call, { rules })).toBe('ask');
  });

  it('does not include the tests themselves, which the mode is there to change', async () => {
    const call = project.bash('npx vitest run src/a.test.ts');
    project.write('src/a.test.ts', '1\n');
    expect(await gate.said(call, { rules })).toBe('granted');
    project.write('src/a.test.ts', '2\n');
    expect(await gate.said(call, { rules })).toBe('granted');
  });

  it('is taken anew when the rules are set anew', async () => {
    project.write('package.json', '{}\n');
    const call = project.bash('npm run test:unit');
    expect(await gate.said(call, { rules })).toBe('ask');
    expect(await gate.said(call, { rules: gate.pin(rules) })).toBe('granted');
  });
});
