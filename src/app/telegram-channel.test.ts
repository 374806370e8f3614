import { describe, expect, it } from 'vitest';
import { loadSettings } from '../config/load-settings.ts';
import { approversOf } from './telegram-channel.ts';

const approvers = (allowed: string, chosen: string): readonly string[] | undefined =>
  approversOf(
    loadSettings({
      startDirectory: '/nowhere',
      homeDirectory: '/nowhere',
      environment: { LEASHD_ALLOWED_USER_IDS: allowed, LEASHD_APPROVER_IDS: chosen },
    }),
  );

describe('approvers on Telegram', () => {
  it('are all who may talk when none are named', () => {
    expect(approvers('7,8', '')).toBeUndefined();
  });

  it('are those who are named', () => {
    expect(approvers('7,8', '8')).toEqual(['telegram:8']);
    expect(approvers('*', '8')).toEqual(['telegram:8']);
    expect(approvers('', '8')).toEqual(['telegram:8']);
  });

  it('must be among those who may talk', () => {
    expect(() => approvers('7', '8,9')).toThrow(
      'LEASHD_APPROVER_IDS: expected IDs that stand in LEASHD_ALLOWED_USER_IDS too, got 8, 9',
    );
  });
});
