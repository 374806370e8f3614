/** One setting as git reads it, and where it stands (git-config(1), `--show-scope`). */
export type Setting = { readonly scope: string; readonly key: string; readonly value: string };

/** Reads the output of `git config --list -z --show-scope`. */
export function parseConfig(output: string): Setting[] {
  const parts = output.split('\0');
  const settings: Setting[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const entry = parts[index + 1] ?? '';
    const end = entry.indexOf('\n');
    // A key without `= value` counts as true.
    const [key, value] = end === -1 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
    settings.push({ scope: parts[index] ?? '', key, value });
  }
  return settings;
}

/** The person's own: the files of the machine and of the account. All else may come with the repository. */
export function isOwn({ scope }: Setting): boolean {
  return scope === 'system' || scope === 'global';
}

/** The names of the filters that are set up anywhere, each once. */
export function filterNames(settings: readonly Setting[]): readonly string[] {
  const names = settings.flatMap(({ key }) => /^filter\.(.+)\.[^.]+$/s.exec(key)?.[1] ?? []);
  return [...new Set(names)];
}

/** Which setting of the repository's own names a program that a connection to a remote would run. */
export function connectionProgram(settings: readonly Setting[]): Setting | undefined {
  return settings.find((setting) => !isOwn(setting) && setting.scope !== 'command' && namesProgram(setting));
}

function namesProgram({ key, value }: Setting): boolean {
  const name = key.toLowerCase();
  if (value === '') return false;
  if (/^core\.(?:sshcommand|gitproxy|alternaterefscommand)$/.test(name)) return true;
  if (/^remote\..*\.(?:uploadpack|receivepack|vcs)$/s.test(name)) return true;
  // `store`, `osxkeychain`: git's and the person's own programs. `!…` and paths: anything.
  if (/^credential\.(?:.*\.)?helper$/s.test(name)) return !/^[a-z][a-z0-9-]*$/.test(value);
  if (/^(?:remote\..*\.(?:push)?url|url\..*\.(?:push)?insteadof)$/s.test(name))
    return /^\s*(?:ext|fd)::/i.test(value) || /^url\.\s*(?:ext|fd)::/i.test(name);
  return /^branch\..*\.remote$/s.test(name) && /^\s*(?:ext|fd)::/i.test(value);
}

export function settingOf(settings: readonly Setting[], key: string): string | undefined {
  return settings.findLast((setting) => setting.key === key)?.value;
}
