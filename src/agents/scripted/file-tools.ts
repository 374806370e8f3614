import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PersonError } from '../../errors.ts';

export function read(directory: string, input: { readonly file_path: string }): Promise<string> {
  return readFile(resolve(directory, input.file_path), 'utf8');
}

export async function write(
  directory: string,
  input: { readonly file_path: string; readonly content: string },
): Promise<string> {
  const path = resolve(directory, input.file_path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, input.content);
  return `wrote ${input.file_path}`;
}

export type EditInput = {
  readonly file_path: string;
  readonly old_string: string;
  readonly new_string: string;
  readonly replace_all?: boolean | undefined;
};

/** @throws PersonError EDIT_NOT_UNIQUE when the text to replace does not stand there exactly once. */
export async function edit(directory: string, input: EditInput): Promise<string> {
  const path = resolve(directory, input.file_path);
  const pieces = (await readFile(path, 'utf8')).split(input.old_string);
  const count = pieces.length - 1;
  if (input.old_string === '' || count === 0 || (count > 1 && input.replace_all !== true)) {
    throw new PersonError(
      'EDIT_NOT_UNIQUE',
      `expected the text to replace to stand once in ${input.file_path}, found it ${count} times`,
    );
  }
  await writeFile(path, pieces.join(input.new_string));
  return `edited ${input.file_path}`;
}
