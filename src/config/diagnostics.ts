import type { z } from 'zod';
import { PersonError } from '../errors.ts';
import { createRedactor } from '../util/redact.ts';

/** One thing that is wrong, as a person is told it: where, which setting, what. Never holds a secret. */
export type SettingFault = {
  /** `.env:3`, `~/.leashd/config.yaml:5:13`, `environment`. */
  readonly where: string;
  /** As it stands there: `LEASHD_MAX_TURNS`, `max_turns`; empty when the whole file is meant. */
  readonly name: string;
  /** `expected …, got …`. */
  readonly problem: string;
};

/** Every fault of the settings at once. */
export class SettingsError extends PersonError {
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    const lines = faults.map((fault) => `  ${describeFault(fault)}`);
    const count = faults.length === 1 ? 'A setting is' : `${faults.length} settings are`;
    super('SETTINGS_INVALID', `${count} wrong:\n${lines.join('\n')}`, {
      hint: 'docs/configuration.md lists every setting and what it takes.',
    });
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

export function describeFault(fault: SettingFault): string {
  const subject = fault.name === '' ? fault.where : `${fault.where} ${fault.name}`;
  return `${subject}: ${fault.problem}`;
}

/** What schemas of settings may put beside an issue. */
export type IssueParams = {
  /** The message says it all: nothing of what came is added. */
  readonly isWhole?: boolean;
  /** What was probably meant. */
  readonly meant?: string | undefined;
};

/** An issue's message is what comes after "expected"; the issue must have been made with `reportInput`. */
export function describeIssue(issue: z.core.$ZodIssue, isSecret: boolean): string {
  const params: IssueParams = issue.code === 'custom' ? (issue.params ?? {}) : {};
  if (params.isWhole === true) return issue.message;
  const meant = params.meant === undefined ? '' : `; did you mean ${params.meant}?`;
  return `expected ${issue.message}, got ${isSecret ? describeSecret(issue.input) : quote(issue.input)}${meant}`;
}

const LONGEST_QUOTE = 80;
const redactor = createRedactor([]);

/** What came, short enough for one line, and without what looks like a secret. */
export function quote(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `a ${typeof value}`;
  const clean = redactor.redact(value);
  return JSON.stringify(clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE)}…` : clean);
}

function describeSecret(value: unknown): string {
  return typeof value === 'string' ? `text of ${value.length} characters (not shown)` : 'something else';
}
