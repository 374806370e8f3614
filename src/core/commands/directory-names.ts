/** Characters that a button shows in full, with room for a mark. */
const LONGEST_LABEL = 30;

/** For each path its last folders, as many as tell it from the others. */
export function shortNames(paths: readonly string[]): readonly string[] {
  return paths.map((path) => {
    const parts = path.split('/').filter((part) => part !== '');
    for (let count = 1; count <= parts.length; count += 1) {
      const name = parts.slice(-count).join('/');
      if (directoriesNamed(paths, name).length === 1) return name;
    }
    return path;
  });
}

/** The paths that end in these folders; all of one where it is given whole. */
export function directoriesNamed(paths: readonly string[], wanted: string): readonly string[] {
  const name = wanted.length > 1 ? wanted.replace(/\/+$/, '') : wanted;
  return paths.includes(name) ? [name] : paths.filter((path) => path.endsWith(`/${name}`));
}

/** What stands on the button: the end of a long name, with its number in the list, as others may end like it. */
export function directoryLabel(name: string, index: number): string {
  if (name.length <= LONGEST_LABEL) return name;
  const start = `${index + 1}. …`;
  return `${start}${name.slice(start.length - LONGEST_LABEL).toWellFormed()}`;
}
