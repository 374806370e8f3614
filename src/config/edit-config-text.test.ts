import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editConfigText } from './edit-config-text.ts';

describe('changing config.yaml', () => {
  it('writes a new file with a comment over each key', () => {
    const text = editConfigText('', [
      { key: 'approvedDirectories', value: ['/code/shop', '/code/a, b'] },
      { key: 'telegramBotToken', value: '123456:abcdefghijklmnopqrstuvwxyz012345678' },
    ]);
    expect(parse(text)).toEqual({
      approved_directories: ['/code/shop', '/code/a, b'],
      telegram_bot_token: '123456:abcdefghijklmnopqrstuvwxyz012345678',
    });
    expect(text).toMatch(/^# leashd's settings/);
    expect(text).toMatch(
      /\n\n# Directories that .*\n# More: .*LEASHD_APPROVED_DIRECTORIES\napproved_directories:\n/,
    );
    expect(text).toMatch(/\n\n# The token .*\n# More: .*\ntelegram_bot_token: /);
  });

  const own = `# mine
max_turns: 40 # enough

approved_directories:
- ~/code/shop # the shop
- ~/code/old


# two people
allowed_user_ids: [1, 2]
policy_files: strict.yaml # for now
system_prompt: |
  Be brief.
  And kind, however long the line is that somebody wrote here, which nobody may fold into another one at all.
`;

  it('changes what is asked and leaves the rest as it stands', () => {
    const text = editConfigText(own, [
      {
        key: 'approvedDirectories',
        value: ['/home/code/new', '/home/code/shop'],
        sameItem: (written, wanted) => String(written).replace('~', '/home') === wanted,
      },
      { key: 'policyFiles', value: ['default.yaml', 'dev-tools.yaml'] },
    ]);
    expect(text).toContain('# mine\nmax_turns: 40 # enough\n');
    expect(text).toContain('approved_directories:\n- /home/code/new\n- ~/code/shop # the shop\n');
    expect(text).toContain('# two people\nallowed_user_ids: [1, 2]\npolicy_files:');
    expect(text).toContain('policy_files:\n# for now\n- default.yaml\n');
    expect(text).toContain(own.slice(own.indexOf('system_prompt')));
    expect(text).not.toContain('code/old');
    expect(parse(text)).toMatchObject({ policy_files: ['default.yaml', 'dev-tools.yaml'], max_turns: 40 });
  });

  it('takes a setting out, and changes nothing when nothing is to change', () => {
    expect(parse(editConfigText(own, [{ key: 'policyFiles', value: undefined }]))).not.toHaveProperty(
      'policy_files',
    );
    expect(editConfigText(own, [])).toBe(own.replace('\n\n\n', '\n\n'));
  });

  it('keeps what the person wrote above a setting that goes', () => {
    const first = editConfigText('', [
      { key: 'approvedDirectories', value: ['/code/shop'] },
      { key: 'policyFiles', value: ['strict.yaml'] },
    ]);
    const without = editConfigText(first.replace('# YAML', '# careful here\n\n# YAML'), [
      { key: 'approvedDirectories', value: undefined },
      { key: 'policyFiles', value: undefined },
    ]);
    expect(without).toContain("# leashd's settings");
    expect(without).toContain('# careful here');
    expect(without).not.toContain('More:');
    expect(parse(without)).toEqual({});
    const again = editConfigText(without, [{ key: 'policyFiles', value: ['strict.yaml'] }]);
    expect(again).toMatch(/\npolicy_files:\n {2}- strict.yaml\n/);
    expect(again).toContain('# careful here');
  });

  it('says where a text is no mapping', () => {
    expect(() => editConfigText('- a\n', [])).toThrow(/mapping/);
    expect(() => editConfigText('a: [1\n', [])).toThrow(/config\.yaml:\d+:\d+/);
  });
});
