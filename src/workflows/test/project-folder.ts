/**
 * A folder in the project, such as `apps/web`, without `./` in front and `/` behind; `.` for the project's own.
 * Undefined for whatever is no path inside it. Says nothing about what is on the disk.
 */
export function projectFolder(text: string): string | undefined {
  const given = text.trim();
  if (given.length > 200 || /^[/~-]|[\\\p{Cc}\p{Cf}:*?"<>|]/u.test(given)) return undefined;
  const names = given.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..') || names.includes('.git') || names.some((name) => name.startsWith('-')))
    return undefined;
  return names.length === 0 ? (given === '' ? undefined : '.') : names.join('/');
}
