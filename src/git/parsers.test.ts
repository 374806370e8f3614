import { describe, expect, it } from 'vitest';
import { cleanWords, shownUrl } from './clean-words.ts';
import { countConflicts } from './conflict-markers.ts';
import { connectionProgram, filterNames, parseConfig } from './parse-config.ts';
import { parseDiffStats } from './parse-diff.ts';
import { parseLog } from './parse-log.ts';
import { parsePush } from './parse-push.ts';
import { parseCheckouts, parseRefs } from './parse-refs.ts';
import { parseStatus } from './parse-status.ts';
import { gitEnvironment } from './environment.ts';

const OID = '0'.repeat(40);

describe('parseStatus', () => {
  it.each([
    [
      `1 M. N... 100644 100644 100644 ${OID} ${OID} a b`,
      { staged: [{ path: 'a b', change: 'modified', isSubmodule: false }] },
    ],
    [
      `1 .D N... 100644 100644 000000 ${OID} ${OID} a`,
      { unstaged: [{ path: 'a', change: 'deleted', isSubmodule: false }] },
    ],
    [
      `1 .T N... 100644 100644 120000 ${OID} ${OID} a`,
      { unstaged: [{ path: 'a', change: 'type-changed', isSubmodule: false }] },
    ],
    [
      `1 A. S... 000000 160000 160000 ${OID} ${OID} sub`,
      { staged: [{ path: 'sub', change: 'added', isSubmodule: true }] },
    ],
    [
      `2 RM N... 100644 100644 100644 ${OID} ${OID} R90 "n\\303\\274"\told name`,
      {
        staged: [{ path: 'nü', change: 'renamed', from: 'old name', isSubmodule: false }],
        unstaged: [{ path: 'nü', change: 'modified', isSubmodule: false }],
      },
    ],
    [
      `u AA N... 000000 100644 100644 100644 ${OID} ${OID} ${OID} x y`,
      { conflicted: [{ path: 'x y', conflict: 'both-added', isSubmodule: false }] },
    ],
    [
      `u DU N... 100644 000000 100644 100644 ${OID} ${OID} ${OID} x`,
      { conflicted: [{ path: 'x', conflict: 'deleted-by-us', isSubmodule: false }] },
    ],
    [
      `u UU S..U 160000 160000 160000 160000 ${OID} ${OID} ${OID} x`,
      { conflicted: [{ path: 'x', conflict: 'content', isSubmodule: true }] },
    ],
    ['? dir/', { untracked: ['dir/'] }],
    ['? "-a\\n"', { untracked: ['./-a\n'] }],
    ['# branch.oid (initial)\n# branch.head main', { head: { kind: 'unborn', branch: 'main' } }],
    [`# branch.oid ${OID}\n# branch.head (detached)`, { head: { kind: 'detached', commit: OID } }],
    [
      `# branch.oid ${OID}\n# branch.head x\n# branch.upstream o/x\n# branch.ab +2 -3`,
      { upstream: { name: 'o/x', ahead: 2, behind: 3, isGone: false } },
    ],
    [
      `# branch.oid ${OID}\n# branch.head x\n# branch.upstream o/x`,
      { upstream: { name: 'o/x', ahead: 0, behind: 0, isGone: true } },
    ],
    ['# stash 4', { stashes: 4 }],
    ['', { staged: [], unstaged: [], untracked: [], conflicted: [], stashes: 0 }],
  ])('reads %s', (output, expected) => {
    expect(parseStatus(`${output}\n`)).toMatchObject(expected);
  });
});

describe('parseDiffStats', () => {
  it('pairs names with counts by their order', () => {
    const output = [
      `:100644 100644 aaa bbb M\tone => two`,
      `:100644 100644 aaa bbb R100\told\t"n\\303\\274"`,
      `:100644 100644 aaa bbb M\tbinary`,
      `:000000 100644 000 000 U\tfight`,
      `:100644 100644 aaa 000 M\tfight`,
      `3\t1\tone => two`,
      `0\t0\told => "n\\303\\274"`,
      `-\t-\tbinary`,
      `0\t0\tfight`,
      `4\t0\tfight`,
      '',
    ].join('\n');
    expect(parseDiffStats(output)).toEqual([
      {
        path: 'one => two',
        change: 'modified',
        isSubmodule: false,
        isConflicted: false,
        added: 3,
        removed: 1,
      },
      {
        path: 'nü',
        from: 'old',
        change: 'renamed',
        isSubmodule: false,
        isConflicted: false,
        added: 0,
        removed: 0,
      },
      { path: 'binary', change: 'modified', isSubmodule: false, isConflicted: false },
      { path: 'fight', change: 'modified', isSubmodule: false, isConflicted: true, added: 4, removed: 0 },
    ]);
  });
});

describe('parseLog', () => {
  it('reads records of seven fields', () => {
    const output = ['abc', 'a', 'p1 p2', '1700000000', 'Änn', 'HEAD -> main, tag: v1', 'Subject', ''].join(
      '\0',
    );
    expect(parseLog(output)).toEqual([
      {
        commit: 'abc',
        short: 'a',
        parents: ['p1', 'p2'],
        at: 1_700_000_000_000,
        author: 'Änn',
        refs: ['HEAD -> main', 'tag: v1'],
        subject: 'Subject',
      },
    ]);
    expect(parseLog('')).toEqual([]);
  });
});

describe('parseRefs', () => {
  it('reads branches and leaves out what only points to one', () => {
    const line = (...fields: string[]): string => fields.join('\0');
    const output = [
      line('refs/heads/main', '', '*', 'origin/main', 'ahead 1, behind 2', '/top', '5', OID, 'Subject'),
      line('refs/heads/other', '', ' ', 'origin/other', 'gone', '/elsewhere', '5', OID, ''),
      line('refs/remotes/origin/HEAD', 'refs/remotes/origin/main', ' ', '', '', '', '5', OID, ''),
      line('refs/remotes/origin/a/b', '', ' ', '', '', '', '5', OID, ''),
    ].join('\n');
    expect(parseRefs(`${output}\n`, '/top')).toMatchObject([
      {
        kind: 'local',
        name: 'main',
        isCurrent: true,
        isElsewhere: false,
        at: 5000,
        upstream: { ahead: 1, behind: 2, isGone: false },
      },
      { kind: 'local', name: 'other', isCurrent: false, isElsewhere: true, upstream: { isGone: true } },
      { kind: 'remote', name: 'origin/a/b' },
    ]);
  });

  it('reads the order in which branches were used', () => {
    const output = 'commit: x\ncheckout: moving from a to b\ncheckout: moving from c to a\n';
    expect(parseCheckouts(output)).toEqual(['b', 'a', 'c']);
  });
});

describe('parsePush', () => {
  it.each([
    ['*\ta:refs/heads/x\t[new branch]', { kind: 'new' }],
    [' \ta:refs/heads/x\t1..2', { kind: 'moved' }],
    ['=\ta:refs/heads/x\t[up to date]', { kind: 'up-to-date' }],
    ['!\ta:refs/heads/x\t[rejected] (fetch first)', { kind: 'rejected', why: 'fetch first', isMoved: true }],
    [
      '!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
      { kind: 'rejected', why: 'pre-receive hook declined', isMoved: false },
    ],
    ['Done', undefined],
  ])('reads %j', (line, expected) => {
    expect(parsePush(`To /x\n${line}\nDone\n`)).toEqual(expected);
  });
});

describe('countConflicts', () => {
  it.each([
    ['', 0],
    ['Heading\n=======\ntext', 0],
    ['<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n', 1],
    [
      '<<<<<<< HEAD\r\na\r\n||||||| base\r\n=======\r\nb\r\n>>>>>>> x\r\n<<<<<<< HEAD\r\n=======\r\n>>>>>>> x',
      2,
    ],
    ['<<<<<<< HEAD\nhalf', 1],
    ['>>>>>>> end alone', 1],
    ['<<<<<<<< eight\n>>>>>>>text', 0],
  ])('of %j are %i', (text, count) => {
    expect(countConflicts(text)).toBe(count);
  });
});

describe('settings', () => {
  const settings = (...entries: readonly (readonly [string, string, string])[]) =>
    parseConfig(entries.map(([scope, key, value]) => `${scope}\0${key}\n${value}\0`).join(''));

  it('are read with values of several lines, and without any', () => {
    expect(parseConfig('local\0a.b\nx\ny\0local\0c.d\0')).toEqual([
      { scope: 'local', key: 'a.b', value: 'x\ny' },
      { scope: 'local', key: 'c.d', value: 'true' },
    ]);
  });

  it('name filters, dots and all', () => {
    expect(
      filterNames(settings(['local', 'filter.a.b.clean', 'x'], ['global', 'filter.lfs.process', 'y'])),
    ).toEqual(['a.b', 'lfs']);
  });

  it.each([
    ['local', 'core.sshcommand', 'x', true],
    ['worktree', 'core.sshcommand', 'x', true],
    ['global', 'core.sshcommand', 'x', false],
    ['system', 'remote.origin.vcs', 'x', false],
    ['local', 'remote.a.b.receivepack', 'x', true],
    ['local', 'remote.origin.uploadpack', 'x', true],
    ['local', 'remote.origin.url', 'ext::sh -c x', true],
    ['local', 'remote.origin.url', 'https://example.com/x', false],
    ['local', 'url.ext::sh -c x .insteadof', 'https://example.com', true],
    ['local', 'credential.helper', 'store', false],
    ['local', 'credential.helper', '!sh -c x', true],
    ['local', 'credential.https://example.com.helper', '/tmp/x', true],
    ['local', 'core.gitproxy', 'x', true],
  ])('%s %s = %s runs a program of the repository: %s', (scope, key, value, isProgram) => {
    expect(connectionProgram(settings([scope, key, value])) !== undefined).toBe(isProgram);
  });
});

describe('words for a chat', () => {
  it.each([
    ['\u001b[31mred\u001b[0m \u001b]0;title\u0007plain', 'red plain'],
    ['fatal: https://ann:secret@example.com/x denied', 'fatal: https://example.com/x denied'],
    ['https://token@example.com', 'https://example.com'],
    ['ssh://git:secret@example.com/x', 'ssh://git@example.com/x'],
    ['Counting: 10%\rCounting: 100%\ndone', 'Counting: 100%\ndone'],
    ['error: a\nhint: b\nc\u202e', 'error: a\nc'],
  ])('%j → %j', (text, clean) => {
    expect(cleanWords(text)).toBe(clean);
  });

  it('are cut to their end', () => {
    const clean = cleanWords(`${'x'.repeat(5000)} end`);
    expect(clean).toHaveLength(1500);
    expect(clean).toMatch(/^… x+ end$/);
  });

  it.each([
    ['https://ann:pw@example.com/x.git?token=1', 'https://example.com/x.git'],
    ['git@github.com:ann/x.git', 'git@github.com:ann/x.git'],
    ['/srv/x.git', '/srv/x.git'],
  ])('the address %s is shown as %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });
});

describe('gitEnvironment', () => {
  it.each([
    ['GIT_DIR', false],
    ['GIT_EXTERNAL_DIFF', false],
    ['GIT_CONFIG_PARAMETERS', false],
    ['GIT_CONFIG_COUNT', false],
    ['GIT_TRACE', false],
    ['GIT_EXEC_PATH', false],
    ['LEASHD_TOKEN', false],
    ['GIT_AUTHOR_NAME', true],
    ['GIT_CONFIG_GLOBAL', true],
    ['GIT_SSH_COMMAND', true],
    ['SSH_AUTH_SOCK', true],
    ['PATH', true],
  ])('%s stays: %s', (name, isKept) => {
    expect(gitEnvironment({ [name]: 'x' })[name] === 'x').toBe(isKept);
  });

  it('lets nobody be asked', () => {
    expect(gitEnvironment({ SSH_ASKPASS: '/x', GIT_ASKPASS: '/x', LC_MESSAGES: 'de' })).toMatchObject({
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: 'false',
      SSH_ASKPASS: 'false',
      LC_ALL: 'C',
    });
  });
});
