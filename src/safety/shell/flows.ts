import { secretKind } from '../sandbox/secrets.ts';
import type { Effect, Flow, SimpleCommand } from '../types.ts';
import { wordSet } from '../word-set.ts';
import { INTERPRETERS, programSource } from './interpreters.ts';
import { programName } from './normal-form.ts';

const FETCHERS = wordSet(`
  curl wget fetch http https xh aria2c nc ncat netcat socat ftp lynx w3m telnet ssh scp rsync
`);
const DECODERS = new Set(['base64', 'base32', 'basenc', 'xxd', 'uudecode', 'openssl', 'gpg']);

/**
 * Where what came over the network, or was decoded, becomes the program of an interpreter: through pipes
 * (`curl … | tee x | bash`), substitutions (`bash <(curl …)`, `eval "$(…)"`) and wrappers (`… | sudo sh`).
 * One flow of each kind for an interpreter. Linear in the number of commands and pipes.
 */
export function findFlows(commands: readonly SimpleCommand[]): Flow[] {
  const names = commands.map((command) => nameOf(command));
  if (!names.some((name) => INTERPRETERS.test(name))) return [];
  const graph = graphOf(commands, names);
  const flowsOf = (kind: Flow['kind'], sources: ReadonlySet<string>): Flow[] => {
    const starts = names.flatMap((name, index) => (sources.has(name) ? [index] : []));
    return [...originsOf(graph, starts)]
      .filter(([to]) => INTERPRETERS.test(names[to] ?? ''))
      .map(([to, from]) => ({ kind, from, to }));
  };
  return [...flowsOf('network-to-interpreter', FETCHERS), ...flowsOf('decoded-to-interpreter', DECODERS)];
}

/**
 * Where a file of secrets is read, and what was read reaches a program that sends things over the network: in its own
 * words, through pipes, or through substitutions.
 */
export function secretFlows(commands: readonly SimpleCommand[], effects: readonly Effect[]): Flow[] {
  const readers = new Set(
    effects.flatMap((effect) => {
      if (effect.kind !== 'read' && effect.kind !== 'read-tree') return [];
      const isSecret = secretKind(effect.path.real) !== undefined;
      return isSecret && effect.command !== undefined ? [effect.command] : [];
    }),
  );
  if (readers.size === 0) return [];
  const names = commands.map((command) => nameOf(command));
  const contacts = new Set(
    effects.flatMap(({ kind, command }) => (kind === 'network' && command !== undefined ? [command] : [])),
  );
  return [...originsOf(graphOf(commands, names), [...readers])]
    .filter(([to]) => contacts.has(to) || FETCHERS.has(names[to] ?? ''))
    .map(([to, from]) => ({ kind: 'secret-to-network', from, to }));
}

/** Where a command's output goes: into commands directly, and into pipes with many ends. */
type Graph = {
  readonly direct: ReadonlyMap<number, number>;
  /** A wrapped command prints where its wrapper prints. */
  readonly wrapper: ReadonlyMap<number, number>;
  readonly pipes: ReadonlyMap<number, readonly (readonly number[])[]>;
  readonly ends: ReadonlyMap<readonly number[], readonly number[]>;
};

function graphOf(commands: readonly SimpleCommand[], names: readonly string[]): Graph {
  const direct = new Map<number, number>();
  const wrapper = new Map<number, number>();
  const pipes = new Map<number, (readonly number[])[]>();
  const ends = new Map<readonly number[], number[]>();
  for (const [index, command] of commands.entries()) {
    const name = names[index] ?? '';
    const { outputTo } = command;
    const outer = outputTo === undefined ? undefined : commands[outputTo];
    if (outputTo !== undefined && outer !== undefined) {
      const outerName = names[outputTo] ?? '';
      const isProgram =
        !INTERPRETERS.test(outerName) || programSource(outer.argv, outerName) === 'an unknown word';
      if (!isSubstitution(command, outer)) wrapper.set(index, outputTo);
      else if (isProgram) direct.set(index, outputTo);
    }
    if (command.stdin.kind !== 'pipe') continue;
    if (INTERPRETERS.test(name) && programSource(command.argv, name) !== 'its input') continue;
    const known = ends.get(command.stdin.from);
    if (known === undefined) {
      ends.set(command.stdin.from, [index]);
      for (const from of command.stdin.from) addTo(pipes, from, command.stdin.from);
    } else {
      known.push(index);
    }
  }
  return { direct, wrapper, pipes, ends };
}

function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Each command that something from `sources` can reach, with one such source. */
function originsOf(graph: Graph, sources: readonly number[]): ReadonlyMap<number, number> {
  const origins = new Map<number, number>();
  const seenPipes = new Set<readonly number[]>();
  const ahead = sources.map((source): [number, number] => [source, source]);
  for (let step = ahead.pop(); step !== undefined; step = ahead.pop()) {
    const [index, origin] = step;
    if (origins.has(index)) continue;
    origins.set(index, origin);
    for (let place: number | undefined = index; place !== undefined; place = graph.wrapper.get(place)) {
      const outer = graph.direct.get(place);
      if (outer !== undefined) ahead.push([outer, origin]);
      for (const pipe of graph.pipes.get(place) ?? []) {
        if (seenPipes.has(pipe)) continue;
        seenPipes.add(pipe);
        for (const end of graph.ends.get(pipe) ?? []) ahead.push([end, origin]);
      }
    }
  }
  return origins;
}

/** Something in the words of `outer`; not the command that `outer` is a wrapper of. */
function isSubstitution(inner: SimpleCommand, outer: SimpleCommand): boolean {
  return inner.via[outer.via.length]?.endsWith('( )') === true;
}

function nameOf(command: SimpleCommand): string {
  const [program] = command.argv;
  return program?.kind === 'static' ? programName(program.value) : '';
}
