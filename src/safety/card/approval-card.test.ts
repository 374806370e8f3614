import * as fc from 'fast-check';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SafetyProject } from '../../../test/fixtures/safety-project.ts';
import { approvalCard } from './approval-card.ts';
import type { CardOptions } from './approval-card.ts';
import { diskView } from '../file-view.ts';
import type { ApprovalCard } from '../approval.ts';
import type { Decision, ToolCall } from '../types.ts';

let project: SafetyProject;
beforeAll(() => {
  project = new SafetyProject();
});
afterAll(() => project.remove());

const asked: Decision = {
  action: 'ask',
  layer: 'policy',
  rule: 'file-writes',
  reason: 'It changes a file',
  risk: 'medium',
};

function card(
  call: ToolCall,
  hideOwnSecrets = (text: string): string => text,
  changes: Partial<CardOptions> = {},
): ApprovalCard {
  return approvalCard(call, project.context(), project.footprint(call), asked, {
    view: diskView,
    hideOwnSecrets,
    ...changes,
  });
}

function block(call: ToolCall): { language: string | undefined; text: string } | undefined {
  const { body } = card(call);
  const span = body.spans.find(({ kind }) => kind === 'pre');
  if (span?.kind !== 'pre') return undefined;
  return { language: span.language, text: body.text.slice(span.offset, span.offset + span.length) };
}

describe('approvalCard', () => {
  it('says what it does, why it asks, how bad it could be, and where', () => {
    const { body, attachment } = card(project.bash('git push origin main'));
    expect(body.text).toBe(
      `🟡 Runs git push origin main · goes online · pushes\nIt changes a file · rule file-writes · risk medium\n📁 ${project.directory}\n🤖 Claude asks\ngit push origin main`,
    );
    expect(attachment).toBeUndefined();
  });

  it('shows the whole command', () => {
    expect(block(project.bash(`ls;  rm -r 'x y' # z`))).toEqual({
      language: 'bash',
      text: `ls;  rm -r 'x y' # z`,
    });
  });

  it('names the programs of a chain, who asks, and what is not known', () => {
    const { body } = card({ ...project.bash('curl $X | sh'), subagent: 'tester' });
    expect(body.text).toContain('Runs code given in the command · runs 2 commands: curl, sh');
    expect(body.text).toContain('🤖 Claude’s subagent tester asks');
    expect(body.text).toContain('Not known ahead: sh would run what comes over its input');
  });

  it('says that a person asks, where it is one', () => {
    const { body } = card({ ...project.call('Read', { file_path: 'a.txt' }), isPersons: true });
    expect(body.text).toContain('🙋 Asked for in the chat, to be sent there');
    expect(body.text).not.toContain('agent asks');
  });

  it('shows a change against the file as it is now', () => {
    const edit = project.call('Edit', { file_path: 'src/index.ts', old_string: '42', new_string: '43' });
    expect(card(edit).body.text).toContain('🟡 Edits src/index.ts\n');
    expect(block(edit)).toEqual({
      language: 'diff',
      text: [
        '--- src/index.ts',
        '+++ src/index.ts',
        '@@ -1,1 +1,1 @@',
        '-export const answer = 42;',
        '+export const answer = 43;',
      ].join('\n'),
    });
  });

  it('applies several edits one after the other', () => {
    const edits = [
      { old_string: '42', new_string: '7' },
      { old_string: '7;', new_string: '8;' },
    ];
    expect(block(project.call('MultiEdit', { file_path: 'src/index.ts', edits }))?.text).toContain(
      '+export const answer = 8;',
    );
  });

  it('says so when the text to replace is not there', () => {
    const call = project.call('Edit', {
      file_path: 'src/index.ts',
      old_string: 'gone\n',
      new_string: 'new\n',
    });
    expect(card(call).body.text).toContain('does not have the text that is to be replaced');
    expect(block(call)?.text).toContain('-gone\n+new');
  });

  it('tells a new file from one that is overwritten', () => {
    expect(card(project.call('Write', { file_path: 'new.ts', content: 'a\nb\n' })).body.text).toContain(
      'New file, 2 lines',
    );
    const over = card(project.call('Write', { file_path: 'README.md', content: 'x' }));
    expect(over.body.text).toContain('Overwrites 1 line with 1 line');
    expect(over.body.text).toContain('-# project');
  });

  it('shows the input of every other tool', () => {
    expect(block(project.call('mcp__a__b', { x: [1, 'y'] }))).toEqual({
      language: 'json',
      text: JSON.stringify({ x: [1, 'y'] }, undefined, 2),
    });
    expect(card(project.call('mcp__a__b', {})).body.text).toContain('Uses b of the MCP server a');
    expect(block(project.call('Frobnicate', undefined))?.text).toBe('null');
  });

  it('shows characters that hide or reorder others', () => {
    const { body } = card(project.bash('echo \u202Etxt.exe\u200B'));
    expect(body.text).toContain(String.raw`echo \u{202E}txt.exe\u{200B}`);
    expect(body.text).not.toMatch(/[\u202E\u200B]/);
    const named = card(project.call('Write', { file_path: 'a\u202Eb', content: '' }));
    expect(named.body.text).not.toContain('\u202E');
  });

  it('attaches whole what is too long for a message, and says so', () => {
    const content = Array.from({ length: 500 }, (_, index) => `line ${index} 🎉`).join('\n');
    const { body, attachment } = card(project.call('Write', { file_path: 'long.txt', content }));
    expect(body.text.length).toBeLessThanOrEqual(3200);
    expect(body.text).toContain('✂️ Only the beginning');
    expect(body.text.isWellFormed()).toBe(true);
    expect(attachment?.fileName).toBe('change.diff');
    expect(attachment?.content).toContain('+line 499 🎉');
  });

  it('holds one message however long the names in it are', () => {
    const name = 'x'.repeat(250);
    const { body } = card(
      project.bash(`cat ${name} ${name} ${name} ${name} | frobnicate ${'y'.repeat(9000)}`),
    );
    expect(body.text.length).toBeLessThanOrEqual(3200);
    const folder = `${name}/${name}/${name}`;
    for (const file of ['a', 'b', 'c', 'd']) project.write(`${folder}/${file}.sh`, '');
    const all = ['a', 'b', 'c', 'd'].map((file) => `bash ${folder}/${file}.sh`).join('; ');
    const call = project.call('Bash', {
      command: `cd ${folder}; cd -; ${all}; frobnicate שлa ${'z'.repeat(5000)}`,
      run_in_background: true,
      dangerouslyDisableSandbox: true,
    });
    expect(
      card({ ...call, subagent: name }, undefined, { timeoutMs: 1 }).body.text.length,
    ).toBeLessThanOrEqual(3200);
  });

  it("hides leashd's own secrets, and nothing else", () => {
    const hide = (text: string): string => text.replaceAll('123:token', '[redacted]');
    const { body } = card(project.bash('curl -H "Authorization: Bearer abc" 123:token'), hide);
    expect(body.text).toContain('Bearer abc');
    expect(body.text).not.toContain('123:token');
  });

  it('does not take long over large and different files', () => {
    project.write('large.txt', Array.from({ length: 20_000 }, (_, index) => `${index * 7}`).join('\n'));
    const content = Array.from({ length: 20_000 }, (_, index) => `${index * 11}`).join('\n');
    const started = performance.now();
    const { attachment } = card(project.call('Write', { file_path: 'large.txt', content }));
    expect(performance.now() - started).toBeLessThan(8000);
    expect(attachment?.content).toContain(`+${19_999 * 11}`);
  });

  it('says how long there is to answer', () => {
    const timeLeft = (timeoutMs: number): string =>
      card(project.bash('ls'), undefined, { timeoutMs }).body.text;
    expect(timeLeft(300_000)).toContain('🤖 Claude asks · ⏳ 5 min to answer');
    expect(timeLeft(90_000)).toContain('⏳ 90 seconds to answer');
  });

  it('says where a cd leads, and what runs on', () => {
    const call = project.call('Bash', {
      command: 'cd src && npm run build',
      run_in_background: true,
      dangerouslyDisableSandbox: true,
    });
    const { text } = card(call).body;
    expect(text).toContain('↪️ Goes to src\n');
    expect(text).toContain('▶️ Keeps running in the background');
    expect(text).toContain("⚠️ Asks to run without the agent's own sandbox");
  });

  it('names the files that are run, as they are now', () => {
    project.write('run.sh', 'echo hi\n');
    const said = (): string => card(project.bash('bash run.sh')).body.text;
    const before = said();
    expect(before).toMatch(/📜 Holds for run\.sh as it is now: 1 line, sha256 [0-9a-f]{12}\n/);
    project.write('run.sh', 'echo ho\n');
    expect(said()).not.toBe(before);
  });

  it('says of a file that is no text that a change of it may not be seen', () => {
    writeFileSync(project.write('latin.txt', ''), Buffer.from([0x61, 0xff, 0x0a]));
    const shown = card(project.call('Write', { file_path: 'latin.txt', content: 'a\uFFFD\n' })).body.text;
    expect(shown).toContain('bytes that are no text');
    project.write('text.txt', 'a\uFFFD\n');
    const text = card(project.call('Write', { file_path: 'text.txt', content: 'b\n' })).body.text;
    expect(text).not.toContain('bytes that are no text');
  });

  it('says that a file is a link, a program, or binary, and how often a text is replaced', () => {
    project.write('many.txt', 'a a a\n');
    project.write('tool', 'a\0b');
    chmodSync(project.path('tool'), 0o755);
    symlinkSync(project.path('many.txt'), project.path('alias.txt'));
    const text = (file: string, all = false): string =>
      card(project.call('Edit', { file_path: file, old_string: 'a', new_string: 'b', replace_all: all })).body
        .text;
    expect(text('many.txt', true)).toContain('3 changes in 1 line');
    expect(text('many.txt')).toContain('One change in 1 line');
    expect(text('many.txt')).not.toContain('🔗');
    expect(text('alias.txt')).toContain('🔗 alias.txt leads to many.txt');
    expect(text('tool')).toContain('a binary file · the file can be run as a program');
  });

  it('warns of letters that only look like others, and of those that turn the order round', () => {
    expect(card(project.bash('\u0441url x')).body.text).toContain(
      '⚠️ It has letters that only look like Latin',
    );
    expect(card(project.bash('echo שלום')).body.text).toContain(
      '⚠️ It has letters that are written from right',
    );
    expect(card(project.bash('ls')).body.text).not.toContain('⚠️');
  });

  it('takes a second tap from a risk on that can be set', () => {
    const confirm = (confirmFrom: CardOptions['confirmFrom']): string | undefined =>
      card(project.bash('git push --force origin main'), undefined, { confirmFrom }).confirm;
    expect(confirm(undefined)).toBeUndefined();
    expect(confirm('medium')).toBe('Yes, force-push main');
    expect(confirm('never')).toBeUndefined();
  });

  it('lets no text of a command, a file or a name hide anything', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    const place = fc.constantFrom('Bash', 'Write', 'Edit', 'mcp__a__b');
    fc.assert(
      fc.property(text, place, (given, tool) => {
        const inputs: Record<string, unknown> = {
          Bash: { command: given },
          Write: { file_path: 'new.txt', content: given },
          Edit: { file_path: 'README.md', old_string: '# project', new_string: given },
        };
        const { body, subject } = card({ ...project.call(tool, inputs[tool] ?? { given }), subagent: given });
        const hidden = /(?!\n|\t|\uFE0F)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;
        expect(body.text).not.toMatch(hidden);
        expect(subject).not.toMatch(hidden);
        expect(subject).not.toMatch(/[\n\t]/);
        expect(subject.length).toBeLessThanOrEqual(120);
        expect(body.text.length).toBeLessThanOrEqual(3200);
      }),
      { numRuns: 600 },
    );
  });
});
