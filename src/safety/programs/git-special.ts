import type { Act, Word } from '../types.ts';
import { program } from './program.ts';
import { flag, optional, reads, value } from './table.ts';
import type { ProgramReading, Table } from './table.ts';

/** Subcommands whose words mean one thing or another, depending on which others are there. */

const checkoutOptions: Table['options'] = {
  '-q -m -t -l --quiet --progress --no-progress --track --no-track --guess --no-guess --merge': flag,
  '--ignore-other-worktrees --recurse-submodules --no-recurse-submodules --overlay --no-overlay': flag,
  '-d --detach': flag,
  '-b --orphan --conflict': value,
  '-B': { takes: 'data', acts: ['rewrite-history'] },
  '-f -p --force --patch --ours --theirs': { takes: 'flag', acts: ['rewrite-history'] },
  '--pathspec-from-file': reads,
};
const moves = program({ options: checkoutOptions, operands: { rest: 'data' }, acts: ['change-history'] });
const overwrites = program({
  options: checkoutOptions,
  operands: { rest: 'writes' },
  acts: ['rewrite-history'],
});
const overwritesFrom = program({
  options: checkoutOptions,
  operands: { first: ['data'], rest: 'writes' },
  acts: ['rewrite-history'],
});

/** `git checkout x` may go to a branch or throw a file's changes away: it counts as both unless it says which. */
export function readCheckout(words: readonly Word[]): ProgramReading {
  const split = words.findIndex((word) => word.kind === 'static' && word.value === '--');
  if (split >= 0 && split < words.length - 1) {
    const hasSource = words
      .slice(0, split)
      .some((word) => word.kind === 'unknown' || !word.value.startsWith('-'));
    return (hasSource ? overwritesFrom : overwrites)(words);
  }
  const named = words.some(
    (word) => word.kind === 'static' && /^(?:-b|-d|-t|--detach|--orphan|--track)$/.test(word.value),
  );
  const operands = words.filter((word) => word.kind === 'unknown' || !/^-./.test(word.value));
  if (named || split >= 0 || operands.length === 0) return moves(words);
  return operands.length > 1 ? overwritesFrom(words) : overwrites(words);
}

const resetOptions: Table['options'] = {
  '-q -N --quiet --no-quiet --intent-to-add --refresh --no-refresh --recurse-submodules': flag,
  '--no-recurse-submodules --pathspec-file-nul -p --patch': flag,
  '--soft --mixed': flag,
  '--hard --merge --keep': { takes: 'flag', acts: ['rewrite-history'] },
  '--pathspec-from-file': reads,
};
const unstages = program({ options: resetOptions, operands: { rest: 'data' }, acts: ['change-history'] });
const movesBack = program({ options: resetOptions, operands: { rest: 'data' }, acts: ['rewrite-history'] });

/** Without a commit, or with HEAD, only the index changes; any other word may be a commit that history goes back to. */
export function readReset(words: readonly Word[]): ProgramReading {
  const [first] = words.filter(
    (word) => word.kind === 'unknown' || word.value === '--' || !word.value.startsWith('-'),
  );
  const isHere = first === undefined || (first.kind === 'static' && /^(?:HEAD|@|--)$/.test(first.value));
  return (isHere ? unstages : movesBack)(words);
}

const onlyLooks = /^--check$/;
const applyOptions: Table['options'] = {
  '-3 -N -R -q -v -z --check --index --cached --3way --reverse --recount': flag,
  '--ignore-whitespace --ignore-space-change --inaccurate-eof --verbose --quiet --intent-to-add --allow-empty':
    flag,
  '--unidiff-zero --allow-overlap --reject --signoff -s -i -k -m --keep --scissors --no-scissors': flag,
  '--continue --skip --abort --quit --resolved -r --interactive --message-id --no-verify': flag,
  '--show-current-patch --empty --whitespace -C': optional,
  '-p --directory --exclude --include': value,
};

/** A patch says itself which files it changes, so that can't be known ahead. */
export function readApply(acts: readonly Act[]): (words: readonly Word[]) => ProgramReading {
  const read = program({ options: applyOptions, operands: { rest: 'reads' }, acts });
  return (words) => {
    const reading = read(words);
    const looks = words.some((word) => word.kind === 'static' && onlyLooks.test(word.value));
    if (looks && acts.length === 0) return reading;
    const why = 'which files the patch changes is not known';
    return { ...reading, unknowns: [...reading.unknowns, { about: 'path', why }] };
  };
}

const configLooks: Table = {
  options: {
    '-l -z --list --get --get-all --get-regexp --get-urlmatch --get-color --get-colorbool --show-origin':
      flag,
    '--show-scope --name-only --null --global --system --local --worktree --includes --no-includes --all':
      flag,
    '--bool --int --bool-or-int --path --expiry-date --regexp --show-names --no-show-names': flag,
    '--type --default --value --url': value,
    '-f --file': reads,
  },
  operands: { rest: 'data' },
};
const readConfigLook = program(configLooks);

/** Settings of this repository that are told to git anyway, and name no program and no place. */
const HARMLESS_SETTING =
  /^(?:user\.(?:name|email)|(?:author|committer)\.(?:name|email)|color\..+|advice\..+|pull\.(?:rebase|ff)|push\.(?:default|autosetupremote|followtags)|init\.defaultbranch|core\.(?:autocrlf|eol|quotepath|ignorecase|filemode)|fetch\.prune|rebase\.(?:autosquash|autostash)|merge\.conflictstyle|branch\..+\.(?:description|rebase))$/i;

/** Looking at settings reads; setting one writes .git/config, but for those that can do no harm. */
export function readConfig(words: readonly Word[]): ProgramReading {
  const texts = words.map((word) => (word.kind === 'static' ? word.value : '$'));
  const [first] = texts;
  if (first === 'get' || first === 'list') return readConfigLook(words.slice(1));
  const looks = texts.some((text) => /^(?:-l|--list|--get(?:-\w+)?|--get-color(?:bool)?)$/.test(text));
  const operands = texts.filter((text) => !text.startsWith('-'));
  const changes = texts.some((text) =>
    /^(?:-e|--edit|--add|--unset(?:-all)?|--replace-all|--re(?:name|move)-section)$/.test(text),
  );
  if (!changes && (looks || operands.length <= 1)) return readConfigLook(words);
  const unknowns: ProgramReading['unknowns'] = texts.some((text) =>
    /^(?:-f|--file|--system|--global|-e)/.test(text),
  )
    ? [{ about: 'option', why: 'it changes settings beyond this repository' }]
    : [];
  const [key = ''] = operands[0] === 'set' || operands[0] === 'unset' ? operands.slice(1) : operands;
  const known = texts.every(
    (text) => !text.startsWith('-') || /^--(?:local|add|unset|replace-all)$/.test(text),
  );
  const acts: readonly Act[] = ['change-history'];
  if (unknowns.length === 0 && known && HARMLESS_SETTING.test(key)) return { touches: [], acts, unknowns };
  const touches: ProgramReading['touches'] =
    unknowns.length === 0 ? [{ kind: 'write', path: '.git/config' }] : [];
  return { touches, acts, unknowns };
}
