import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInPolicy, SafetyProject } from '../../test/fixtures/safety-project.ts';
import { LeashdError } from '../errors.ts';
import { manualClock } from '../../test/fixtures/manual-clock.ts';
import { silentLog } from '../util/log.ts';
import { approvalCard } from './card/approval-card.ts';
import { diskView } from './file-view.ts';
import { createGatekeeper } from './gate/gatekeeper.ts';
import { isWithin } from './paths.ts';
import { TOOL_INPUTS } from './footprint/tool-inputs.ts';
import type { Action, Decision, ToolCall } from './types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

const policies = {
  default: builtInPolicy('default'),
  withTools: builtInPolicy('default', 'dev-tools'),
  strict: builtInPolicy('strict'),
  permissive: builtInPolicy('permissive'),
};
const names = ['default', 'withTools', 'strict', 'permissive'] as const;
const STRICTNESS: Record<Action, number> = { allow: 0, ask: 1, deny: 2 };

/** Commands of every kind: looked at, built, changed, destroyed, unreadable. */
const COMMANDS: readonly string[] = `
ls
ls -la src
cat README.md
cat .env
cat ~/.ssh/id_ed25519
cat /etc/passwd
pwd
echo hi
grep -rn x src
rg x
find . -name x
find . -delete
sort -o x README.md
git status
git diff
git log -5
git commit -m x
git push
git push -f
git push origin +main
git reset --hard
npm test
npm install x
npm run deploy
node --test
node x.js
pytest
cargo build
make test
rm x
rm -r src
rm -rf x
rm -rf /
sudo ls
curl https://example.com
wget x -O- | sh
psql -c "DROP TABLE x"
python -c 1
frobnicate
./x.sh
ls > x
ls > ~/.bashrc
X=1 ls
ls $X
ls; rm x
(ls)
ls &
ls "
echo $(rm -rf x)
env ls
bash -c 'rm -rf x'
cd src
true
`
  .trim()
  .split('\n');
const command = fc.constantFrom(...COMMANDS);

const judge = (name: (typeof names)[number], text: string): Decision =>
  project.judge(policies[name], project.bash(text));

/** The LeashdError that `run` throws, or undefined when it throws none; any other error is a fault. */
function expectedFault(run: () => void): LeashdError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof LeashdError) return error;
    throw error;
  }
}

describe('whatever the agent asks for', () => {
  it('no input makes the gate throw anything but a LeashdError, and every card can be made', () => {
    const tools = [
      ...Object.keys(TOOL_INPUTS),
      'Task',
      'mcp__playwright__browser_navigate',
      'mcp__x__y',
      'Other',
    ];
    const fields = 'file_path path pattern command url content glob edits old_string new_string x';
    const field = fc.constantFrom(...fields.split(' '));
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue());
    const input = fc.oneof(fc.jsonValue(), fc.dictionary(field, value));
    const options = { view: diskView, hideOwnSecrets: (text: string) => text };
    fc.assert(
      fc.property(fc.constantFrom(...tools), input, (tool, given) => {
        const call = project.call(tool, given);
        expectedFault(() => {
          const footprint = project.footprint(call);
          for (const name of names) {
            const decision = project.judge(policies[name], call);
            const { body } = approvalCard(call, project.context(), footprint, decision, options);
            expect(body.text.length).toBeLessThanOrEqual(3200);
          }
        });
      }),
      { numRuns: 800 },
    );
  });

  it('the gate never rejects, and says nothing but allow and deny', async () => {
    const gate = createGatekeeper({
      policy: policies.default,
      sandbox: project.sandbox,
      audit: { record: async () => {} },
      approver: { ask: async () => ({ kind: 'rejected', by: 'nobody' }) },
      clock: manualClock(),
      log: silentLog,
      redact: (text) => text,
    });
    const part = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('Bash', 'Read', '/', '.'));
    const input = fc.oneof(fc.anything(), fc.record({ command: part }));
    const call = fc.oneof(fc.anything(), fc.record({ id: part, tool: part, directory: part, input }));
    await fc.assert(
      fc.asyncProperty(call, async (value) => {
        const verdict = await gate.decide(value as ToolCall, project.context(), new AbortController().signal);
        expect(['allow', 'deny']).toContain(verdict.kind);
      }),
      { numRuns: 800 },
    );
  });

  it('decides the same thing twice', () => {
    fc.assert(
      fc.property(command, fc.constantFrom(...names), (text, name) => {
        expect(judge(name, text)).toEqual(judge(name, text));
      }),
    );
  });
});

describe('more commands', () => {
  const joins: readonly ((one: string, other: string) => string)[] = [
    (one, other) => `${one}; ${other}`,
    (one, other) => `${one} && ${other}`,
    (one, other) => `${one} || ${other}`,
    (one, other) => `${one} | ${other}`,
    (one, other) => `${one} & ${other}`,
    (one, other) => `${one}\n${other}`,
    (one, other) => `${one}; ls $(${other})`,
    (one, other) => `${one}; ls <(${other})`,
    (one, other) => `(${one}); { ${other}; }`,
    (one, other) => `if ${one}; then ${other}; fi`,
    (one, other) => `for i in 1; do ${one}; ${other}; done`,
  ];
  /** By itself valid bash that can stand anywhere. */
  const plain = COMMANDS.filter((text) => !text.includes('"') && !text.endsWith('&'));
  const part = fc.constantFrom(...plain);

  it('never make a call more allowed than the last of them is by itself', () => {
    // A cd changes what the paths after it mean.
    const first = fc.constantFrom(...plain.filter((text) => !text.startsWith('cd ')));
    fc.assert(
      fc.property(
        first,
        part,
        fc.constantFrom(...joins),
        fc.constantFrom(...names),
        (one, other, join, name) => {
          const together = judge(name, join(one, other)).action;
          expect(STRICTNESS[together]).toBeGreaterThanOrEqual(STRICTNESS[judge(name, other).action]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each<[string, (text: string) => string]>([
    ['ls; …', (text) => `ls; ${text}`],
    ['ls and a new line', (text) => `ls\n${text}`],
    ['ls & …', (text) => `ls & ${text}`],
    ['echo $( … )', (text) => `echo $(${text})`],
    ['{ … }', (text) => `{ ${text}\n}`],
    ['( … )', (text) => `(${text}\n)`],
    ['bash -c', (text) => `bash -c "${text.replaceAll('$', String.raw`\$`)}"`],
    ['env', (text) => `env ${text}`],
  ])('%s around a command never makes it more allowed', (_, wrapped) => {
    const looser = plain.flatMap((text) =>
      names
        .filter(
          (name) => STRICTNESS[judge(name, wrapped(text)).action] < STRICTNESS[judge(name, text).action],
        )
        .map((name) => `${name}: ${wrapped(text)}`),
    );
    expect(looser).toEqual([]);
  });
});

describe('a stricter policy', () => {
  it('never allows what another one asks or denies', () => {
    const looser = COMMANDS.flatMap((text) =>
      names
        .filter((name) => STRICTNESS[judge('strict', text).action] < STRICTNESS[judge(name, text).action])
        .map((name) => `${name}: ${text}`),
    );
    expect(looser).toEqual([]);
  });

  it('stays as strict when an overlay comes after it', () => {
    const denied = COMMANDS.filter((text) => judge('default', text).action === 'deny');
    expect(denied.length).toBeGreaterThan(8);
    expect(denied.filter((text) => judge('withTools', text).action !== 'deny')).toEqual([]);
  });
});

describe('the path tools', () => {
  const step = fc.constantFrom(
    ...'.. . src way-out innocent.txt new ~ .ssh .env .git .leashd index.ts'.split(' '),
    '',
  );
  const start = fc.constantFrom('', '/', '~/', './', '../'.repeat(12));
  const path = fc
    .tuple(start, fc.array(step, { maxLength: 7 }))
    .map(([from, steps]) => from + steps.join('/'));
  const inputs: Readonly<Record<string, (given: string) => unknown>> = {
    Read: (given) => ({ file_path: given }),
    Write: (given) => ({ file_path: given, content: '' }),
    LS: (given) => ({ path: given }),
    Glob: (given) => ({ pattern: `${given}/*` }),
  };
  const closed: Readonly<Record<string, RegExp>> = {
    Read: /\/\.env$/,
    Write: /\/\.(?:env$|git(?:\/|$))/,
    LS: /\/\.env$/,
    Glob: /\/\.ssh\//,
  };

  it('are never allowed to reach out of the project, however the path is written', () => {
    fc.assert(
      fc.property(path, fc.constantFrom(...Object.keys(inputs)), (given, tool) => {
        const call = project.call(tool, inputs[tool]?.(given));
        expectedFault(() => {
          if (project.judge(policies.permissive, call).action === 'deny') return;
          const reached = project
            .footprint(call)
            .effects.flatMap((effect) => ('path' in effect ? [effect.path.real] : []));
          const forbidden = reached.filter(
            (real) =>
              !isWithin(real, project.directory) ||
              isWithin(real, project.path('.leashd')) ||
              closed[tool]?.test(real) === true,
          );
          expect(forbidden).toEqual([]);
        });
      }),
      { numRuns: 1000 },
    );
  });
});
