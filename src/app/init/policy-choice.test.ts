import { describe, expect, it } from 'vitest';
import { settingTable } from '../../config/settings.ts';
import { createOfflineGate } from '../policy-offline.ts';
import { choiceOf, policyFor, readPolicyWord, type PolicyAnswers } from './policy-choice.ts';

const ways: readonly [PolicyAnswers, string][] = [
  [{ isDelicate: true }, 'strict'],
  [{ isDelicate: false, mayRunTests: false }, 'looks-only'],
  [{ isDelicate: false, mayRunTests: true, mayEdit: false }, 'default'],
  [{ isDelicate: false, mayRunTests: true, mayEdit: true }, 'permissive'],
];

const directory = import.meta.dirname;

function decide(files: readonly string[], tool: string, input: Record<string, unknown>): string {
  const where = { directory, home: directory, startDirectory: directory };
  const gate = createOfflineGate({ ...where, approved: [directory], policyFiles: files });
  return gate.examine({ id: 'x', tool, input, directory }).decision.action;
}

describe('the three questions on the policy', () => {
  it.each(ways)('%j leads to %s', (answers, name) => {
    expect(policyFor(answers).name).toBe(name);
  });

  it.each(ways)('%j: what the person said is what the policy does', (answers) => {
    const { files } = policyFor(answers);
    const bash = (command: string): string => decide(files, 'Bash', { command });
    const edit = { file_path: 'a.ts', old_string: 'a', new_string: 'b' };
    expect(decide(files, 'Read', { file_path: 'a.ts' })).toBe('allow');
    expect(bash('git status')).toBe(answers.isDelicate ? 'ask' : 'allow');
    expect(bash('npm test')).toBe(answers.mayRunTests === true ? 'allow' : 'ask');
    expect(decide(files, 'Edit', edit)).toBe(answers.mayEdit === true ? 'allow' : 'ask');
    expect(bash('git commit -m x')).toBe(answers.mayEdit === true ? 'allow' : 'ask');
    expect(bash('git push')).toBe('ask');
    expect(bash('rm a.ts')).toBe('ask');
  });

  it('knows what is set, and takes names and files', () => {
    expect(choiceOf(settingTable.policyFiles.default)?.name).toBe('default');
    expect(choiceOf(['strict'])?.name).toBe('strict');
    expect(choiceOf(['default.yaml', 'mine.yaml'])).toBeUndefined();
    const places = { startDirectory: directory, homeDirectory: directory };
    expect(readPolicyWord('permissive', places)).toEqual(['permissive.yaml']);
    const own = `${directory}/policy-choice.ts`;
    expect(readPolicyWord('default, ./policy-choice.ts', places)).toEqual(['default', own]);
    expect(readPolicyWord('~/policy-choice.ts', places)).toEqual([own]);
  });
});
