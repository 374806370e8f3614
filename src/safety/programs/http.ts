import type { Act, Word } from '../types.ts';
import { hostIn } from './host-in.ts';
import { program } from './program.ts';
import { flag, onlyShows, optional, reads, value, writes } from './table.ts';
import type { OptionRule, ProgramReading, Table, Touch } from './table.ts';

const host: OptionRule = { takes: 'host' };
const url: OptionRule = { takes: 'url' };
const sends: OptionRule = { takes: 'data', acts: ['change-remote'] };

/**
 * curl(1) 8. Left out: files of settings and of passwords (`-K`, `-n`), sockets of this machine, what leads a name
 * to another address (`--resolve`, `--connect-to`), and FTP commands (`-Q`).
 */
const curlTable: Table = {
  options: {
    '-h --help': { takes: 'flag', onlyShows: true, operands: 'data' },
    '-V --version -M --manual': onlyShows,
    '-0 -1 -2 -3 -4 -6 -# -a -B -f -g -G -i -I -j -J -k -l -L -N -p -q -R -s -S -v -Z -: -O': flag,
    '--http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 --http3-only --ipv4 --ipv6 --tlsv1': flag,
    '--tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --ssl --ssl-reqd --sslv2 --sslv3 --progress-bar': flag,
    '--fail --fail-with-body --fail-early --globoff --get --include --show-headers --head --insecure': flag,
    '--location --location-trusted --no-buffer --silent --show-error --verbose --parallel --next': flag,
    '--compressed --compressed-ssh --basic --digest --negotiate --ntlm --anyauth --disable --raw --remote-time':
      flag,
    '--no-progress-meter --progress-meter --path-as-is --tcp-nodelay --tcp-fastopen --no-keepalive': flag,
    '--no-alpn --no-npn --no-sessionid --proxy-insecure --proxytunnel --proxy-anyauth --proxy-basic': flag,
    '--retry-all-errors --retry-connrefused --remote-header-name --remote-name --remote-name-all --xattr':
      flag,
    '--create-dirs --disable-epsv --ftp-pasv --post301 --post302 --post303 --trace-time --trace-ids': flag,
    '--cert-status --no-clobber --styled-output --no-styled-output --list-only --use-ascii --suppress-connect-headers':
      flag,
    '-A --user-agent -C --continue-at -e --referer -m --max-time -r --range -u --user -U --proxy-user': value,
    '-w --write-out -y --speed-time -Y --speed-limit -z --time-cond --connect-timeout --retry': value,
    '--retry-delay --retry-max-time --max-redirs --max-filesize --limit-rate --ciphers --tls13-ciphers':
      value,
    '--tls-max --interface --local-port --noproxy --oauth2-bearer --aws-sigv4 --cert-type --key-type': value,
    '--proto --proto-default --proto-redir --keepalive-time --expect100-timeout --parallel-max --rate': value,
    '--happy-eyeballs-timeout-ms --request-target --url-query --login-options --dns-servers --curves': value,
    '-H --header -X --request -b --cookie --proxy-header': value,
    '-d --data --data-ascii --data-binary --data-raw --data-urlencode --json -F --form --form-string': sends,
    '--mail-from --mail-rcpt': sends,
    '-T --upload-file': { takes: 'reads', acts: ['change-remote'] },
    '-o --output -D --dump-header -c --cookie-jar --trace --trace-ascii --stderr --libcurl --etag-save':
      writes,
    '--cacert --capath --crlfile --etag-compare --key -E --cert': reads,
    '-x --proxy --preproxy --socks4 --socks4a --socks5 --socks5-hostname': host,
    '--url --doh-url': url,
  },
  operands: { rest: 'url' },
};
const readCurl = program(curlTable);

function curl(words: readonly Word[]): ProgramReading {
  const reading = readCurl(words);
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  const sockets = socketsUsed(texts);
  const touches: Touch[] = [...reading.touches, ...filesSent(texts), ...sockets];
  const saves = texts.some((text) => /^(?:-[a-zA-Z0-9#]*O[a-zA-Z]*|--remote-name(?:-all)?)$/.test(text));
  const namedByServer = texts.some((text) =>
    /^(?:-[a-zA-Z0-9#]*J[a-zA-Z]*|--remote-header-name)$/.test(text),
  );
  if (saves) touches.push(...texts.filter((text) => isAddress(text)).map((text) => savedAs(text)));
  const unknowns = [...reading.unknowns];
  if (texts.some((text) => text.includes('%output{')))
    unknowns.push({ about: 'path', why: 'its format names a file that is written' });
  if (saves && namedByServer)
    unknowns.push({ about: 'path', why: 'the server names the file that is written' });
  if (saves && texts.some((text) => /[{[]/.test(text)))
    unknowns.push({ about: 'path', why: 'it writes several files' });
  const asks: readonly Act[] = sockets.length > 0 ? ['change-remote'] : methodActs(texts);
  return { ...reading, touches, unknowns, acts: [...reading.acts, ...asks] };
}

/** `-d @file`, `-F x=@file`, `-H @file`, `--data-urlencode name@file`; `-b file`. */
function filesSent(texts: readonly string[]): Touch[] {
  const touches: Touch[] = [];
  for (const [index, text] of texts.entries()) {
    const before = texts[index - 1] ?? '';
    const file = /^(?:-[a-zA-Z0-9#:]*[dH]|--[\w-]+=)?(?:[\w.-]*=)?[@<](.+)/s.exec(text)?.[1];
    const named = /^--data-urlencode$/.test(before) ? /^[^=@]+@(.+)$/s.exec(text)?.[1] : undefined;
    const cookies = /^(?:-[a-zA-Z#]*b|--cookie)$/.test(before) && !text.includes('=') ? text : undefined;
    for (const path of [...(isForm(before, text) ? filesOfForm(text) : [file]), named, cookies]) {
      if (path !== undefined && path !== '-') touches.push({ kind: 'read', path });
    }
  }
  return touches;
}

/** `--unix-socket path`, whole or shortened: what listens there is not known, but whose it is may be. */
function socketsUsed(texts: readonly string[]): Touch[] {
  return texts.flatMap((text, index): Touch[] => {
    const [, behind] = /^--uni[a-z-]*(?:=(.+))?$/s.exec(text) ?? [undefined, ''];
    const path = behind === undefined ? texts[index + 1] : behind;
    return path === undefined || path === '' ? [] : [{ kind: 'read', path }];
  });
}

/** `-F x=@file`, in one word or two. */
function isForm(before: string, text: string): boolean {
  return /^(?:-[a-zA-Z0-9#:]*F|--form)$/.test(before) || /^(?:-[a-zA-Z0-9#:]*F.|--form=)/.test(text);
}

/** Of a form, one or several, in quotes or not, each with more about it: `x=@a.png;type=image/png,"b;c"`. */
function filesOfForm(text: string): readonly string[] {
  const [, files] = /^(?:--form=)?[^=]*=[@<](.+)$/s.exec(text) ?? [];
  if (files === undefined) return [];
  const quoted = [...files.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  const parts = files.split(/[;,]/).map((part) => part.trim().replace(/^headers=[@<]/, ''));
  const plain = parts.filter((part) => part !== '' && !/^(?:type|filename|encoder)=|"/.test(part));
  return [...new Set([...quoted, ...plain])];
}

/** Any method but these asks the server to change something. */
function methodActs(texts: readonly string[]): Act[] {
  return texts.flatMap((text, index): Act[] => {
    const inNext = /^(?:-[a-zA-Z0-9#]*X|--request)$/.test(text) ? texts[index + 1] : undefined;
    const method = inNext ?? /^(?:-[a-zA-Z0-9#]*X|--request=)([A-Za-z]+)$/.exec(text)?.[1];
    return method === undefined || /^(?:GET|HEAD|OPTIONS|TRACE)$/i.test(method) ? [] : ['change-remote'];
  });
}

function isAddress(text: string): boolean {
  return (
    /^[a-z]+:\/\//i.test(text) || (/^[\w-]+(?:\.[\w-]+)+(?::\d+)?\//.test(text) && !text.startsWith('-'))
  );
}

function savedAs(address: string): Touch {
  const path = address.replace(/^[a-z]+:\/\//i, '').replace(/[?#].*$/s, '');
  const name = path.includes('/') ? (path.split('/').at(-1) ?? '') : '';
  return { kind: 'write', path: name === '' ? 'index.html' : name };
}

/** wget(1). It writes what it gets, unless told otherwise. Left out: `-e`, lists of addresses, other programs. */
const wgetTable: Table = {
  options: {
    '-h --help': onlyShows,
    '-V --version': onlyShows,
    '-4 -6 -b -c -d -E -F -H -k -K -L -l0 -m -N -nc -nd -nH -np -nv -p -q -r -S -v -x --quiet --verbose':
      flag,
    '--no-verbose --continue --timestamping --recursive --mirror --page-requisites --convert-links': flag,
    '--no-parent --no-clobber --no-directories --no-host-directories --server-response --spider': flag,
    '--no-check-certificate --no-cache --no-cookies --no-dns-cache --no-proxy --https-only --no-hsts': flag,
    '--content-disposition --trust-server-names --adjust-extension --span-hosts --inet4-only --inet6-only':
      flag,
    '--random-wait --retry-connrefused --no-netrc --show-progress --background --force-directories': flag,
    '--no-http-keep-alive --ignore-length --content-on-error --keep-session-cookies': flag,
    '--progress --secure-protocol --compression': optional,
    '-A -R -D -I -X -l -Q -t -T -U -w --accept --reject --domains --level --quota --tries --timeout': value,
    '--user-agent --wait --waitretry --limit-rate --header --user --password --referer --max-redirect': value,
    '--connect-timeout --read-timeout --dns-timeout --http-user --http-password --cut-dirs': value,
    '--method --post-data --body-data': sends,
    '--post-file --body-file': { takes: 'reads', acts: ['change-remote'] },
    '-O --output-document -o --output-file -a --append-output --save-cookies --warc-file': writes,
    '-P --directory-prefix': { takes: 'writes' },
    '--load-cookies --ca-certificate --ca-directory --certificate --private-key': reads,
  },
  operands: { rest: 'url' },
};
const readWget = program(wgetTable);

function wget(words: readonly Word[]): ProgramReading {
  const reading = readWget(words);
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  const isNamed = texts.some((text) =>
    /^(?:-[a-zA-Z]*[OP]|--output-document|--directory-prefix|--spider)/.test(text),
  );
  const shows = texts.some((text) => /^(?:-h|--help|-V|--version)$/.test(text));
  if (isNamed || shows) return reading;
  const many = texts.some((text) =>
    /^(?:-[a-zA-Z]*[rmpx]|--(?:recursive|mirror|page-requisites))/.test(text),
  );
  const written: Touch[] = many
    ? [{ kind: 'write', path: '.' }]
    : texts.filter((text) => isAddress(text)).map((text) => savedAs(text));
  return {
    ...reading,
    touches: [
      ...reading.touches,
      ...(written.length === 0 ? [{ kind: 'write' as const, path: '.' }] : written),
    ],
  };
}

const HTTPIE_FLAGS =
  /^(?:-[vhbsjfFIq]+|--(?:verbose|headers|body|json|form|follow|all|quiet|ignore-stdin|check-status|pretty=\w+|print=\w+|timeout=\d+|verify=no))$/;

/** `http GET example.com name==value` (httpie, xh): an item that is sent makes it a POST. */
function httpie(words: readonly Word[]): ProgramReading {
  const texts = words.map((word) => (word.kind === 'static' ? word.value : ''));
  if (texts.length === 1 && /^(?:--help|--version)$/.test(texts[0] ?? '')) return NOTHING;
  const options = texts.filter((text) => text.startsWith('-'));
  const operands = texts.filter((text) => !text.startsWith('-'));
  const method = /^[A-Za-z]+$/.test(operands[0] ?? '') && operands.length > 1 ? operands.shift() : undefined;
  const [address = '', ...items] = operands;
  const isLook = method === undefined || /^(?:GET|HEAD|OPTIONS)$/i.test(method);
  const sendsItems = items.some((item) => !/^[\w.-]+(?:==|:[^=])/.test(item));
  const unlisted = [
    ...options.filter((text) => !HTTPIE_FLAGS.test(text)),
    ...items.filter((item) => item.includes('@')),
  ];
  return {
    touches: [],
    hosts: [hostIn(address.startsWith(':') ? `localhost${address}` : address)],
    acts: isLook && !sendsItems ? [] : ['change-remote'],
    unknowns: unlisted.map((text) => ({
      about: 'option',
      why: `what ${JSON.stringify(text)} does there is not known`,
    })),
  };
}

const NOTHING: ProgramReading = { touches: [], acts: [], unknowns: [] };

export const http = {
  curl,
  wget,
  http: httpie,
  https: httpie,
  xh: httpie,
  xhs: httpie,
  aria2c: program({
    options: { '-h --help': onlyShows, '-v --version': onlyShows },
    operands: { rest: 'unlisted' },
  }),
};
