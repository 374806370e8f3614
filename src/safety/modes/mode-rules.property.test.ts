import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModeGate } from '../../../test/fixtures/mode-gate.ts';
import { builtInPolicy, SafetyProject } from '../../../test/fixtures/safety-project.ts';
import type { Action, Decision, ModeRule, ToolCall } from '../types.ts';

const WEIGHT: Record<Action, number> = { allow: 0, ask: 1, deny: 2 };
const NAMES = ['default', 'withTools', 'strict', 'permissive'] as const;

/** Which the rules name. */
const COVERED = ['npm run test:unit', 'npx vitest run', 'uv run pytest', 'flask run', 'make test'];
const OTHERS = `
ls
cat README.md
cat .env
echo hi
git status
git push -f
npm install x
npm publish
rm x
rm -rf /
rm -rf .leashd
cat .leashd/audit.jsonl
sudo ls
curl -s http://localhost:3000/
curl https://example.com
cd web
cd /tmp
export PATH=.
X=1
frobnicate
python -c 1
node x.js
ls "
`
  .trim()
  .split('\n');
const JOINTS = [' && ', '; ', ' | ', ' || ', ' & ', '\n'];
const WRAPS: readonly ((command: string) => string)[] = [
  (command) => command,
  (command) => `sudo ${command}`,
  (command) => `env X=1 ${command}`,
  (command) => `bash -c '${command}'`,
  (command) => `echo a | xargs ${command}`,
  (command) => `timeout 9 ${command}`,
  (command) => `${command} > out.log`,
  (command) => `echo $(${command})`,
  (command) => `X=1 ${command}`,
];

const covered = fc.constantFrom(...COVERED);
const command = fc.oneof(
  covered,
  fc.constantFrom(...OTHERS),
  fc.constantFrom(...COVERED.map((one) => `${one} x`)),
);
const chain = fc
  .array(fc.tuple(command, fc.constantFrom(...JOINTS), fc.constantFrom(...WRAPS)), {
    minLength: 1,
    maxLength: 4,
  })
  .map((links) =>
    links
      .map(([one, joint, wrap]) => wrap(one) + joint)
      .join('')
      .replace(/(?: && |; | \| | \|\| | & |\n)$/, ''),
  );

let project: SafetyProject;
let gates: Record<(typeof NAMES)[number], ModeGate>;
let rules: readonly ModeRule[];
beforeAll(() => {
  project = new SafetyProject();
  for (const file of ['package.json', 'Makefile', 'web/package.json']) project.write(file, '{}\n');
  gates = {
    default: new ModeGate(project),
    withTools: new ModeGate(project, builtInPolicy('default', 'dev-tools')),
    strict: new ModeGate(project, builtInPolicy('strict')),
    permissive: new ModeGate(project, builtInPolicy('permissive')),
  };
  rules = gates.default.pin(
    COVERED.map((words) => ({
      words,
      folder: project.directory,
      rules: [
        {
          name: 'words',
          action: 'allow',
          commands: [words, words.replace(/^(?:npx|uv run) /, '')],
          inline: false,
        },
      ],
    })),
  );
});
afterAll(() => project.remove());

const weigh = async (
  name: (typeof NAMES)[number],
  call: ToolCall,
  own: readonly ModeRule[],
): Promise<Decision> => gates[name].decide(call, { rules: own });

describe('rules of a mode, whatever the command', () => {
  it('answer questions of the policy, and leave alone what is allowed, refused, or asked by the sandbox', async () => {
    let granted = 0;
    await fc.assert(
      fc.asyncProperty(chain, fc.constantFrom(...NAMES), async (text, name) => {
        const call = project.bash(text);
        const [without, withRules] = [await weigh(name, call, []), await weigh(name, call, rules)];
        const isGranted = withRules.layer === 'mode';
        granted += Number(isGranted);
        // What they let pass was a question of the policy; everything else is as it was without them.
        const as = ({ action, layer, rule }: Decision): string =>
          isGranted ? `${action} ${layer}` : `${action} ${layer} ${rule}`;
        expect(as(without)).toBe(isGranted ? 'ask policy' : as(withRules));
      }),
      { numRuns: 300 },
    );
    expect(granted).toBeGreaterThan(0);
  });

  it('allow no more when one more command stands in the call', async () => {
    await fc.assert(
      fc.asyncProperty(chain, command, fc.constantFrom(...JOINTS), async (text, more, joint) => {
        const alone = await weigh('default', project.bash(text), rules);
        // Behind a pipe, a `cd` no longer leads anywhere; ahead of a command it makes another one of it.
        const before = joint === ' | ' || more.startsWith('cd ') ? [] : [more + joint + text];
        for (const longer of [text + joint + more, ...before]) {
          // What an open quote takes in is another command, not one more.
          if (longer.includes('"')) continue;
          const both = await weigh('default', project.bash(longer), rules);
          expect(WEIGHT[both.action]).toBeGreaterThanOrEqual(WEIGHT[alone.action]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('allow no more under a stricter policy', async () => {
    await fc.assert(
      fc.asyncProperty(chain, async (text) => {
        const call = project.bash(text);
        const [loose, usual, strict] = [
          await weigh('permissive', call, rules),
          await weigh('default', call, rules),
          await weigh('strict', call, rules),
        ];
        expect(WEIGHT[usual.action]).toBeGreaterThanOrEqual(WEIGHT[loose.action]);
        expect(WEIGHT[strict.action]).toBeGreaterThanOrEqual(WEIGHT[usual.action]);
      }),
      { numRuns: 200 },
    );
  });

  it('let pass only what consists of commands that they name, and such that the policy allows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(covered, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('rm x', 'npm publish', 'git push'),
        async (named, other) => {
          const all = named.join(' && ');
          expect((await weigh('default', project.bash(all), rules)).layer).toBe('mode');
          expect((await weigh('default', project.bash(`${all} && ${other}`), rules)).layer).not.toBe('mode');
          const fewer = rules.filter(({ words }) => words !== named[0]);
          expect((await weigh('default', project.bash(all), fewer)).layer).not.toBe('mode');
        },
      ),
      { numRuns: 60 },
    );
  });
});
