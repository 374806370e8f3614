import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineBench } from '../../../test/fixtures/engine-bench.ts';
import { conflictWorld } from '../../../test/fixtures/git/conflict-world.ts';
import type { GitWorld } from '../../../test/fixtures/git/git-world.ts';
import type { PuppetTurn } from '../../../test/fixtures/puppet-agent.ts';
import { ada, type ShownPrompt } from '../../../test/fixtures/recording-connector.ts';
import { createGit } from '../../git/create-git.ts';
import type { ProjectTest } from '../ports/project-tests.ts';
import type { InboundId, SessionId } from '../ports/chat.ts';
import type { ModeRules } from '../ports/gate.ts';
import type { Engine } from '../engine.ts';

const TESTS: readonly ProjectTest[] = [{ words: 'npm test', folder: '.' }];

describe('a merge with conflicts in the chat', () => {
  let world: GitWorld;
  let bench: EngineBench;
  let engine: Engine;
  let repo: string;
  /** What was there before the merge. */
  let before: string;

  beforeEach(async () => {
    world = conflictWorld();
    repo = join(world.folder, 'repo');
    before = standing();
    bench = new EngineBench();
    engine = await start();
  });
  afterEach(async () => {
    await bench.dispose();
    world.remove();
  });

  const start = (approvers?: readonly (typeof ada.id)[]): Promise<Engine> =>
    bench.start({
      settings: { approvedDirectories: [repo] },
      git: createGit({ env: world.env }),
      projectTests: { find: async () => TESTS },
      ...(approvers === undefined ? {} : { approvers }),
    });
  const standing = (): string =>
    ['rev-parse HEAD', 'ls-files --stage', 'status --porcelain --ignore-submodules=all']
      .map((command) => world.git('repo', ...command.split(' ')))
      .join('\n');
  const labels = ({ view }: ShownPrompt): string[] => view.choices.map(({ label }) => label);

  /** The newest card, once it has come as the answer to what is done here. */
  async function card(act: () => Promise<unknown>): Promise<ShownPrompt> {
    const { connector } = bench;
    const count = connector.prompts.length;
    await act();
    await connector.until(() => connector.prompts.length > count);
    const shown = connector.prompts.at(-1);
    if (!shown) throw new Error('nothing was shown');
    return shown;
  }
  const git = (args: string): Promise<ShownPrompt> =>
    card(() => bench.connector.act({ kind: 'command', name: 'git', args }));
  async function tap(shown: ShownPrompt, label: string): Promise<void> {
    const choice = shown.view.choices.find((each) => each.label === label);
    if (!choice) throw new Error(`no ${label} among ${labels(shown).join(', ')}`);
    const { notice = '' } = await bench.connector.tap(shown.view.id, choice.id);
    if (!notice.startsWith('Sure?')) return;
    const [sure] = shown.view.choices.filter(({ id }) => id === `sure-${choice.id}`);
    await bench.connector.tap(shown.view.id, sure?.id ?? '');
  }
  /** Auto-resolve, up to the turn. */
  async function begun(index = 0): Promise<PuppetTurn> {
    await tap(await git('merge feature'), '🤖 Auto-resolve');
    return bench.agent.turn(index);
  }
  async function rules(turn: PuppetTurn): Promise<ModeRules> {
    const call = { id: 'c', tool: 'Read', input: {}, directory: repo };
    await turn.options.gate(call, new AbortController().signal);
    const context = bench.gated.at(-1);
    if (!context) throw new Error('the gate was not asked');
    return context.mode;
  }
  const modes = (): string[] =>
    bench.audited.flatMap((line) => (line.event === 'mode_changed' ? [`${line.from} → ${line.to}`] : []));
  /** Every kind, each resolved as it has to be. */
  function resolveAll(): void {
    world.write('repo/both.txt', 'both sides\n');
    world.write('repo/a "b"\n\\ 🦀ü', 'both names\n');
    world.git('repo', 'add', '--', 'both.txt', 'a "b"\n\\ 🦀ü', 'kept.txt', 'ours-name.txt', 'sub');
    world.git('repo', 'rm', '--quiet', '--', 'old-name.txt', 'theirs-name.txt', 'dropped.txt');
    world.git('repo', 'checkout', '--theirs', '--', 'picture.bin');
    world.git('repo', 'add', '--', 'picture.bin');
  }

  it('is told file by file, with its kind and how many conflicts, and again when asked', async () => {
    const shown = await git('merge feature');
    const { text } = shown.view.body;
    expect(text).toContain("🔀 Merge branch 'feature'");
    expect(text).toContain('9 files in conflict');
    for (const line of [
      'both.txt changed on both sides, 2 conflicts',
      String.raw`a "b"\n\ 🦀ü added on both sides, 1 conflict`,
      'kept.txt changed in ours, deleted in theirs',
      'dropped.txt deleted in ours, changed in theirs',
      'ours-name.txt renamed, was old-name.txt',
      'picture.bin binary',
      'sub submodule',
    ])
      expect(text).toContain(line);
    expect(labels(shown)).toEqual(['🤖 Auto-resolve', '↩️ Abort']);
    const again = await git('merge');
    expect([again.view.body.text, labels(again)]).toEqual([text, labels(shown)]);
  });

  it('is for those who may approve', async () => {
    await bench.dispose();
    bench = new EngineBench();
    await start([]);
    world.tryGit('repo', 'merge', 'feature');
    await bench.connector.act({ kind: 'command', name: 'git', args: 'merge --resolve' });
    await bench.connector.until(() => bench.connector.sent.length > 0);
    expect(bench.connector.sent.at(-1)).toContain('Only those who may approve');
    expect(bench.agent.opened).toEqual([]);
  });

  it('is resolved in merge mode, looked at by leashd itself, and committed by the person alone', async () => {
    const { agent } = bench;
    const turn = await begun();
    const { instructions } = turn.options;
    expect(instructions).toContain('You are in merge mode');
    expect(instructions).toContain('- "both.txt": changed on both sides, 2 conflicts. Edit it.');
    expect(instructions).toContain(String.raw`- "a \"b\"\n\\ 🦀ü": added on both sides`);
    expect(instructions).toContain('Tests that were found, the likeliest first: "npm test".');
    const mode = await rules(turn);
    expect(mode).toMatchObject({ name: 'merge', rulesFrom: 'merge', mayChange: true, grants: [] });
    expect(mode.rules?.map(({ words }) => words)).toContain('edits of the files in conflict');
    resolveAll();
    turn.emit({ kind: 'tool-started', callId: 't', tool: 'Bash', summary: 'npm test -- --run' });
    turn.emit({ kind: 'tool-ended', callId: 't', isError: false });
    const shown = await card(async () => turn.finish());
    expect(shown.view.body.text).toContain(
      'resolved and staged, no conflict markers left. Nothing is committed yet.',
    );
    expect(shown.view.body.text).toContain('🧪 npm test ran, without an error.');
    expect(labels(shown)).toEqual(['💾 Commit', '🔍 Diff', '🤖 Go on', '↩️ Abort']);
    expect(modes()).toEqual(['default → merge', 'merge → default']);
    expect(world.git('repo', 'log', '-1', '--format=%s')).toBe('ours\n');
    const committed = await card(() => tap(shown, '💾 Commit'));
    expect(committed.view.body.text).toContain("Merge branch 'feature'");
    expect(world.git('repo', 'log', '-1', '--format=%s %P')).toBe(
      `Merge branch 'feature' ${world.git('repo', 'rev-parse', 'main^1', 'feature').trim().replace('\n', ' ')}\n`,
    );
    expect(bench.audited).toContainEqual(
      expect.objectContaining({
        event: 'git_operation',
        operation: 'merge --continue',
        outcome: 'done',
        by: ada.id,
      }),
    );
    await bench.connector.write('and now?');
    const next = await agent.turn(1);
    expect(next.options.instructions).not.toContain('merge mode');
    expect(await rules(next)).toMatchObject({ name: 'default' });
    expect((await rules(next)).rules).toBeUndefined();
    next.finish();
    await engine.idle();
  });

  it('says where markers are left and what is in conflict, and goes another round with what is left', async () => {
    const turn = await begun();
    world.git('repo', 'add', '--', 'both.txt', 'picture.bin');
    const shown = await card(async () => turn.finish());
    const { text } = shown.view.body;
    expect(text).toContain('7 files in conflict\n✅ 1 file resolved and staged');
    expect(text).toContain('Staged, but with conflict markers still in it:\nboth.txt 2 conflicts');
    expect(text).toContain('🧪 Tests did not run. Found: npm test.');
    expect(labels(shown)).toEqual(['🤖 Go on', '🔍 Diff', '↩️ Abort']);
    await tap(shown, '🤖 Go on');
    const next = await bench.agent.turn(1);
    expect(next.options.instructions).toContain('- "both.txt": staged, but with 2 conflict marker(s)');
    expect(next.options.instructions).not.toContain('- "picture.bin"');
    const rest = await card(async () => next.finish());
    expect(rest.view.body.text).toContain('7 files in conflict');
    expect(modes()).toEqual(['default → merge', 'merge → default', 'default → merge', 'merge → default']);
  });

  it.each([
    ['is stopped', (turn: PuppetTurn) => turn.finish({ kind: 'interrupted' })],
    [
      'fails',
      (turn: PuppetTurn) => turn.finish({ kind: 'failed', reason: 'no network', isResumeStale: false }),
    ],
  ])('goes back to the mode of before when the turn %s', async (_how, end) => {
    await bench.connector.act({ kind: 'command', name: 'plan', args: '' });
    const turn = await begun();
    const shown = await card(async () => end(turn));
    expect(shown.view.body.text).toContain('9 files in conflict');
    expect(modes()).toEqual(['default → plan', 'plan → merge', 'merge → plan']);
  });

  it('goes back when the conversation is cleared in the middle', async () => {
    await begun();
    await bench.connector.act({ kind: 'command', name: 'clear', args: '' });
    await bench.connector.until(() =>
      bench.connector.sent.some((said) => said.includes('A fresh conversation')),
    );
    await engine.idle();
    expect((await bench.stores.sessions.current(bench.connector.chat))?.mode).toBe('default');
  });

  it('says when the mode could not be switched back, and the next turn does it', async () => {
    const turn = await begun();
    bench.auditFault = new Error('disk full');
    turn.finish();
    await engine.idle();
    const said = bench.connector.sent.filter((words) =>
      words.includes('could not be switched back: disk full'),
    );
    expect(said).toHaveLength(1);
    expect(await rules(turn)).toMatchObject({ name: 'merge' });
    expect((await rules(turn)).rules).toBeUndefined();
    bench.auditFault = undefined;
    await bench.connector.write('and now?');
    const next = await bench.agent.turn(1);
    expect((await rules(next)).name).toBe('default');
    next.finish();
    await engine.idle();
  });

  it('brings back what was there before when it is aborted after a round', async () => {
    const turn = await begun();
    resolveAll();
    world.write('repo/both.txt', 'touched after it was staged\n');
    const shown = await card(async () => turn.finish());
    const aborted = await card(() => tap(shown, '↩️ Abort'));
    expect(aborted.view.body.text).toContain('The merge is aborted');
    expect(standing()).toBe(before);
    expect(readFileSync(join(repo, 'untracked.txt'), 'utf8')).toBe('kept\n');
    expect(bench.audited).toContainEqual(
      expect.objectContaining({
        event: 'git_operation',
        operation: 'merge --abort',
        outcome: 'done',
        by: ada.id,
      }),
    );
  });

  it('says so when it was ended while Claude worked, and begins nothing where there is none', async () => {
    const turn = await begun();
    world.git('repo', 'merge', '--abort');
    const shown = await card(async () => turn.finish());
    expect(shown.view.body.text).toContain('not under way any more; the branch is where it was before');
    const { view } = await git('merge --resolve');
    expect(view.body.text).toContain('No merge is under way here.');
    expect(bench.agent.turns).toHaveLength(1);
  });

  describe('after a crash in the middle of it', () => {
    let offer: ShownPrompt;
    beforeEach(async () => {
      await bench.dispose();
      bench = new EngineBench();
      const { stores, connector } = bench;
      const { chat } = connector;
      world.tryGit('repo', 'merge', 'feature');
      const at = { createdAt: 0, updatedAt: 0 };
      const session = { id: 's1' as SessionId, chat, directory: repo, turns: 1, costUsd: 0, ...at };
      await stores.sessions.save({ ...session, mode: 'merge' });
      const text = {
        kind: 'text',
        id: 'i1' as InboundId,
        chat,
        isPrivate: true,
        person: ada,
        receivedAt: 0,
        text: 'Resolve the merge',
        modeWork: { mode: 'merge', about: repo, back: 'plan' },
      } as const;
      await stores.inbox.add(text);
      await stores.inbox.start([text.id]);
      offer = await card(async () => {
        engine = await start();
      });
    });

    it('is in the mode of before at once, and goes on in merge mode with its rules set anew', async () => {
      expect(modes()).toEqual(['merge → plan']);
      expect(offer.view.body.text).toContain('“Resolve the merge”');
      await bench.connector.tap(offer.view.id, 'resume');
      const turn = await bench.agent.turn(0);
      expect(turn.options.instructions).toContain('You are in merge mode');
      expect((await rules(turn)).rules).not.toEqual([]);
      const shown = await card(async () => turn.finish());
      expect(shown.view.body.text).toContain('9 files in conflict');
      expect(modes()).toEqual(['merge → plan', 'plan → merge', 'merge → plan']);
    });

    it('lets something else be said in the mode of before, and shows where it stands', async () => {
      await bench.connector.write('never mind');
      const turn = await bench.agent.turn(0);
      expect((await rules(turn)).name).toBe('plan');
      turn.finish();
      await engine.idle();
      expect((await git('merge')).view.body.text).toContain('9 files in conflict');
    });

    it('is not begun again when the merge has ended meanwhile', async () => {
      world.git('repo', 'merge', '--abort');
      await bench.connector.tap(offer.view.id, 'resume');
      await bench.connector.until(() =>
        bench.connector.sent.some((said) => said.includes('nothing to resolve')),
      );
      await engine.idle();
      expect(bench.agent.turns).toEqual([]);
      expect(await bench.stores.inbox.unfinished()).toEqual([]);
    });
  });
});
