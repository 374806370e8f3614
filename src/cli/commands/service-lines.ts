import type { ServiceReport } from '../../app/service/service-status.ts';

const STANDINGS: Record<ServiceReport['standing'], string> = {
  absent: 'not installed',
  own: 'installed',
  changed: 'installed, and changed by hand since',
  foreign: 'there is a file that leashd did not write',
};

const DAEMONS: Record<ServiceReport['daemon'], string> = {
  answered: 'answers',
  refused: 'answers, but refuses',
  'not-running': 'does not run',
  hanging: 'does not answer',
};

/** What a person reads of a service, with what to do at the end. */
export function statusLines(report: ServiceReport): string[] {
  const { manager, file, standing, service, parts, missing, daemon, pid } = report;
  const withGone = (path: string): string => (missing.includes(path) ? `${path} (gone)` : path);
  const rows: readonly (readonly [string, string])[] = [
    ['service', `${STANDINGS[standing]} (${manager})`],
    ['file', file],
    ...(standing === 'absent'
      ? []
      : ([
          ['at log-in', service.isEnabled ? 'starts' : 'does not start'],
          ['state', service.state],
        ] as const)),
    ...(parts === undefined
      ? []
      : ([
          ['directory', withGone(parts.directory)],
          ['node', withGone(parts.node)],
          ['leashd', withGone(parts.entry)],
        ] as const)),
    ['daemon', pid === undefined ? DAEMONS[daemon] : `${DAEMONS[daemon]} (process ${pid})`],
  ];
  const advice = adviceOn(report);
  return [
    ...rows.map(([name, value]) => `${name.padEnd(10)} ${value}`),
    ...(advice === undefined ? [] : [advice]),
  ];
}

function adviceOn({ standing, parts, missing, service, isOtherNode }: ServiceReport): string | undefined {
  if (standing === 'absent') return 'To install it, where leashd is to start: leashd service install';
  if (parts === undefined) return undefined;
  if (missing.includes(parts.directory))
    return 'Its directory is gone. In the new one: leashd service install';
  const again = `cd ${parts.directory} && leashd service install`;
  if (missing.length > 0) return `Node.js or leashd has moved. To write it anew: ${again}`;
  if (!service.isActive) return 'It does not run. To see why: leashd doctor';
  return isOtherNode ? `It runs with another Node.js than you do here. To change it: ${again}` : undefined;
}
