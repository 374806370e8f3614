import type { Word } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { program } from './program.ts';
import { each } from './subcommands.ts';
import { flag, onlyShows, optional, value } from './table.ts';
import { TableReading } from './table-reading.ts';
import { socat } from './socat.ts';
import type { OptionRule, ProgramReading, Table, Touch } from './table.ts';

const help = { '--help': onlyShows };
const host: OptionRule = { takes: 'host' };
const data: Table['operands'] = { rest: 'data' };
const none: Table['operands'] = { rest: 'unlisted' };

/** ip(8) of iproute2: objects may be shortened (`ip a`), and so may what is done with them. */
const OBJECTS = wordSet(`
  a ad add addr addre addres address l li lin link r ro rou rout route ru rul rule n ne nei neig neigh
  neighb neighbo neighbor neighbour ntable token tu tun tunn tunnel tunt tunta tuntap m ma mad madd maddr
  maddress mr mro mrou mroute mrule mo mon moni monit monito monitor netn netns netc netconf nexthop st sta
  stat stats x xf xfr xfrm sr l2tp fou ila macsec mptcp ioam vrf
`);
const LOOKING = wordSet('s sh sho show ls li lis list get help identify pids all link address route neigh');

/** Options ahead of the object. `-batch` runs commands from a file, so it is left out. */
const IP_FLAGS =
  /^-{1,2}(?:4|6|0|B|M|s|stat(?:s|istics)?|d|details|j|json|p|pretty|o|oneline|r|resolve|h|human(?:-readable)?|iec|br|brief|c|color|rc|t|timestamp|ts|V|Version|color=\w+|a|all|N|Numeric)$/;

function ip(words: readonly Word[]): ProgramReading {
  const values = words.map((word) => (word.kind === 'static' ? word.value : ''));
  let index = 0;
  let isVersion = false;
  for (; index < values.length && values[index]?.startsWith('-') === true; index += 1) {
    const option = values[index] ?? '';
    if (/^-{1,2}(?:V|Version)$/.test(option)) isVersion = true;
    if (/^-{1,2}(?:n|netns|f|family|l|loops|rcvbuf)$/.test(option)) index += 1;
    else if (!IP_FLAGS.test(option)) return doubtful(option);
  }
  const [object, verb, ...rest] = values.slice(index);
  if (isVersion || object === undefined || object === 'help') return NOTHING;
  if (!OBJECTS.has(object)) return doubtful(object);
  // A name may stand where the verb would: `ip link eth0` shows nothing else than an error.
  if (verb === undefined || (LOOKING.has(verb) && !rest.includes(''))) return NOTHING;
  if (/^(?:mo|mon|moni|monit|monito|monitor)$/.test(object) || /^(?:netns|netn)$/.test(object)) {
    return /^(?:label|file|exec|e.*|add|delete|del|set|attach)$/.test(verb) ? doubtful(verb) : doubtful(verb);
  }
  return { touches: [], acts: ['change-system'], unknowns: [] };
}

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

function doubtful(text: string): ProgramReading {
  const why = `what ${JSON.stringify(text)} does there is not known`;
  return { touches: [], acts: [], unknowns: [{ about: 'option', why }] };
}

/** ifconfig(8): with an interface alone it shows it, with more it sets it. */
const ifconfig: Table = {
  options: { ...help, '-a -s -v -l -u -d -m -L': flag, '-h': onlyShows, '-V --version': onlyShows },
  operands: { first: ['data'], rest: 'unlisted' },
};

/** ping(8): bounded or not, it only knocks. `-f` floods. */
const ping: Table = {
  options: {
    ...help,
    '-h': onlyShows,
    '-V': onlyShows,
    '-4 -6 -a -A -b -B -d -D -L -n -N -O -q -r -R -U -v -o': flag,
    '-c -i -I -l -m -M -p -Q -s -S -t -T -w -W': value,
  },
  operands: { rest: 'host' },
};

const traceroute: Table = {
  options: {
    ...help,
    '-V --version': onlyShows,
    '-4 -6 -d -F -I -T -U -n -r -A -e -b -w --report --tcp --udp --no-dns --json --report-wide --csv -v':
      flag,
    '-f -g -i -m -N -p -q -s -t -z -c --report-cycles -P --port': value,
  },
  operands: { first: ['host'], rest: 'data' },
};

/** dig(1): `@server`, options with a plus, names and types, in any order. */
function dig(words: readonly Word[]): ProgramReading {
  const reading = readDig(words.filter((word) => !isQuery(word)));
  const servers = words.flatMap((word) =>
    word.kind === 'static' && word.value.startsWith('@') ? [word.value.slice(1)] : [],
  );
  const hosts = [...servers, ...(reading.hosts ?? [])];
  const isHelp = words.length === 1 && words[0]?.kind === 'static' && /^-[hv]$/.test(words[0].value);
  // Without a name it asks for the root of all names.
  return { ...reading, hosts: hosts.length > 0 || isHelp ? hosts : [undefined] };
}

function isQuery(word: Word): boolean {
  return (
    word.kind === 'static' &&
    /^[+@]|^(?:a|aaaa|any|axfr|caa|cname|ds|in|mx|ns|ptr|soa|srv|txt)$/i.test(word.value)
  );
}

const readDig = program({
  options: {
    '-h': onlyShows,
    '-v': onlyShows,
    '-4 -6 -m -r -u -i': flag,
    '-b -c -p -q -t -y': value,
    '-x': host,
    // -f is left out: it asks for the names in a file.
    '-k': { takes: 'reads' },
  },
  operands: { rest: 'host' },
});

const lookup: Table = {
  options: {
    '-a -C -d -l -r -s -T -U -v -w -4 -6 -V': flag,
    '-c -N -R -t -W -m -p': value,
    '-h': onlyShows,
  },
  operands: { rest: 'host' },
};

/** nslookup(1) writes its options as `-type=mx`. */
function nslookup(words: readonly Word[]): ProgramReading {
  return withHost(
    words.filter(
      (word) =>
        !(word.kind === 'static' && /^-(?:type|query|timeout|port|class|debug|retry)\b/.test(word.value)),
    ),
  );
}

const withHost = asksForHosts({ operands: { rest: 'host' } });

/** Without a host these take commands from their input, which can name any. */
function asksForHosts(table: Table): (words: readonly Word[]) => ProgramReading {
  const read = program(table);
  return (words) => {
    const reading = read(words);
    return (reading.hosts ?? []).length > 0 ? reading : { ...reading, hosts: [undefined] };
  };
}

/** ss(8) and netstat(8). `ss -K` closes connections, `-F` and `-D` read and write files. */
const sockets: Table = {
  options: {
    ...help,
    '-h': onlyShows,
    '-V -v --version': onlyShows,
    '-a -l -n -r -o -e -m -p -i -s -t -u -d -w -x -4 -6 -0 -Z -z -H -O -E -b -N -g -c -W -C -L -v': flag,
    '--all --listening --numeric --resolve --options --extended --memory --processes --info --summary': flag,
    '--tcp --udp --raw --unix --ipv4 --ipv6 --packet --events --no-header --oneline --route --interfaces':
      flag,
    '--statistics --programs --program --wide --continuous --groups --timers --symbolic --inet --inet6': flag,
    '-f --family --query -A --socket': value,
  },
  operands: data,
};

const bsdNetstat: Table = { ...sockets, options: { ...sockets.options, '-f -I -w': value } };

/** lsof(8): any word is a file that is looked up among those that are open. */
const lsof: Table = {
  options: {
    '-? -h': onlyShows,
    '-v': onlyShows,
    '-a -b -C -E -l -n -N -O -P -R -t -U -V -w -x -X': flag,
    '-i': optional,
    '-c -d -g -p -u -s -r -F -f -T -o -L -e -S': value,
    '+D +d': value,
  },
  operands: data,
};

/** arp(8), route(8): with these alone they show their tables. */
const arp: Table = {
  options: { ...help, '-a -e -n -v -l': flag, '-i': value },
  operands: { rest: 'unlisted' },
};
const route: Table = {
  options: { ...help, '-n -e -ee -v -4 -6 -V': flag },
  operands: none,
  subcommands: { get: { options: { '-n -v': flag }, operands: data } },
};

/** whois(1), nmap(1). nmap's scripts are programs, and its output goes to files: left out. */
const whois: Table = {
  options: {
    ...help,
    '--version': onlyShows,
    '-H -I -a -d -Q -R -r': flag,
    '-h --host': host,
    '-p --port': value,
  },
  operands: { rest: 'host' },
};
const nmap: Table = {
  options: {
    '-h --help': onlyShows,
    '-V --version': onlyShows,
    '-sn -sT -sV -sL -sP -Pn -n -R -F -v -d -4 -6 -r -O -A --open --reason --traceroute': flag,
    '-T0 -T1 -T2 -T3 -T4 -T5': flag,
    '-p --top-ports --exclude --max-retries --host-timeout': value,
  },
  operands: { rest: 'host' },
};

/** nc(1): a line to another machine; `-e` and `-c` give it a program, `-l` opens a port. */
const netcat: Table = {
  options: {
    '-h --help': onlyShows,
    '--version': onlyShows,
    '-4 -6 -n -N -r -t -u -v -z -C -D -k -q0': flag,
    '-i -p -q -s -w -G': value,
    '-X -x': host,
    '-U --unixsock': { takes: 'flag', operands: 'data', dropsFirst: true, acts: ['change-remote'] },
    '-l --listen': { takes: 'flag', operands: 'data', acts: ['serve'] },
  },
  operands: { first: ['host'], rest: 'data' },
};

const readNetcat = program(netcat);

/** With `-U` the operand is a socket of this machine, behind which anything may listen. */
function nc(words: readonly Word[]): ProgramReading {
  const reading = readNetcat(words);
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  if (!texts.some((text) => /^(?:-[a-zA-Z]*U|--unix)/.test(text))) return reading;
  const sockets = texts.filter((text) => text !== '' && !text.startsWith('-'));
  const touches = sockets.map((path): Touch => ({ kind: 'read', path }));
  return new TableReading({ ...reading, touches: [...reading.touches, ...touches] });
}

const telnet: Table = {
  options: { '-4 -6 -8 -E -K -L -a -d -c': flag, '-b -e -l': value },
  operands: { first: ['host'], rest: 'data' },
};

export const network = {
  ip,
  ifconfig: program(ifconfig),
  iwconfig: program(ifconfig),
  ping: program(ping),
  ping6: program(ping),
  traceroute: program(traceroute),
  traceroute6: program(traceroute),
  tracepath: program(traceroute),
  mtr: program(traceroute),
  dig,
  host: program(lookup),
  nslookup,
  ss: program(sockets),
  netstat: program(bsdNetstat),
  lsof: program(lsof),
  arp: program(arp),
  route: program(route),
  whois: program(whois),
  nmap: program(nmap),
  nc,
  ncat: nc,
  netcat: nc,
  socat,
  telnet: asksForHosts(telnet),
  resolvectl: program({
    options: { '-h --help': onlyShows, '--version': onlyShows, '--no-pager --legend': flag },
    operands: none,
    subcommands: {
      ...each('status, statistics', { operands: { rest: 'data' } }),
      // Behind the link stands what it is set to.
      ...each('dns, domain', { operands: { first: ['data'], rest: 'unlisted' } }),
      query: { options: { '-4 -6': flag, '-t --type': value }, operands: { rest: 'host' } },
    },
  }),
};
