import type { AuditVerification } from '../../app/audit-verify.ts';
import type { CliCommand } from './cli-command.ts';
import { JSON_OPTION } from './json-option.ts';
import { oneLine, wrapped } from './wrapped.ts';
import { formatCount } from '../../util/figures.ts';

/** More are only counted. */
const MOST_SHOWN = 20;

export const auditVerifyCommand: CliCommand = {
  name: 'verify',
  summary: 'Whether the audit log is what leashd wrote (exit status 1 when not)',
  argument: '[file]',
  options: [JSON_OPTION],
  run: async ({ argument, options, surroundings }) => {
    const { auditPlace } = await import('../../app/audit-place.ts');
    const { verifyAudit } = await import('../../app/audit-verify.ts');
    const found = await verifyAudit(auditPlace(argument, surroundings));
    const text = options['json'] === true ? JSON.stringify(found) : linesOf(found).join('\n');
    surroundings.output.write(`${text}\n`);
    return found.isWhole ? 0 : 1;
  },
};

function linesOf(found: AuditVerification): string[] {
  const { isWhole, entries, files, faults, faultCount } = found;
  const counted = `${formatCount(entries, 'entry', 'entries')} in ${formatCount(files.length, 'file')}`;
  const more = faultCount - Math.min(faults.length, MOST_SHOWN);
  return [
    ...wrapped(isWhole ? `✓ whole: ${counted}` : `✗ not whole: ${counted}`),
    // The place stands in one piece, to be copied.
    ...faults
      .slice(0, MOST_SHOWN)
      .flatMap(({ file, line, kind, what }) => [
        oneLine(`${file}:${line}: ${kind}`, 4096),
        ...wrapped(oneLine(what, 500), 2),
      ]),
    ...(more > 0 ? [`… and ${more} more`] : []),
    ...notesOf(found).flatMap((note) => wrapped(oneLine(note, 500), 0, 2)),
  ];
}

function notesOf(found: AuditVerification): string[] {
  const { unchainedLines, tornLines, follows, unprovenBefore, unprovenEnd } = found;
  return [
    ...(unchainedLines > 0
      ? [`${unchainedLines} lines are from before the chain: nothing has changed in them since it began`]
      : []),
    ...(tornLines > 0 ? [`${tornLines} torn by a crash, which the log itself tells of`] : []),
    ...(follows === undefined ? [] : [`it follows entry ${follows} of an earlier file`]),
    ...(unprovenBefore === undefined
      ? []
      : [
          `whether something was cut off before entry ${unprovenBefore} can't be proven: the database did not know the log then`,
        ]),
    ...(unprovenEnd === undefined ? [] : [`whether its end was cut off can't be proven: ${unprovenEnd}`]),
  ];
}
