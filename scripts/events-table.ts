import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const SOURCE = fileURLToPath(new URL('../src/core/events/events.ts', import.meta.url));
const PAGE = fileURLToPath(new URL('../docs/extending.md', import.meta.url));
const MARKS = /(<!-- events -->\n)[^]*(<!-- \/events -->)/;

export type EventRow = { readonly name: string; readonly when: string; readonly fields: readonly string[] };

/** The events as src/core/events/events.ts has them: name, comment, fields. */
export function readEvents(source: string): readonly EventRow[] {
  const [, body = ''] = /export type Events = \{\n([^]*?)\n\};/.exec(source) ?? [];
  const entries = body.matchAll(
    /^ {2}\/\*\* (.*?) \*\/\n {2}'([a-z.-]+)': ([^]*?);(?=\n {2}\/\*\*|$(?![^]))/gm,
  );
  const rows = [...entries].map(([, when = '', name = '', type = '']) => ({
    name,
    when,
    fields: fieldsOf(type, source),
  }));
  const names = [...body.matchAll(/^ {2}'([a-z.-]+)':/gm)].map(([, name]) => name);
  const missing = names.filter((name) => !rows.some((row) => row.name === name));
  if (missing.length > 0) throw new Error(`${SOURCE}: no one-line comment above ${missing.join(', ')}`);
  return rows;
}

/** Names of the fields, those of named types included. */
function fieldsOf(type: string, source: string): string[] {
  const named = [...type.matchAll(/\b([A-Z]\w+)\b(?= &|$)/g)].flatMap(([, name = '']) => {
    const [, definition = ''] = new RegExp(`type ${name} = ([^]*?\\n\\});`).exec(source) ?? [];
    return fieldsOf(definition, source);
  });
  const own = [...type.matchAll(/readonly (\w+)(\??):/g)].map(([, name = '', mark = '']) => name + mark);
  return [...named, ...own];
}

/** docs/extending.md with the table as it has to be. */
export async function renderPage(page: string, source: string): Promise<string> {
  const rows = readEvents(source).map(
    ({ name, when, fields }) =>
      `| \`${name}\` | ${when} | ${fields.map((field) => `\`${field}\``).join(' ')} |`,
  );
  const table = ['| event | when | fields |', '| --- | --- | --- |', ...rows].join('\n');
  const whole = page.replace(MARKS, (_all, open: string, close: string) => `${open}\n${table}\n\n${close}`);
  return format(whole, { ...(await resolveConfig(PAGE)), filepath: PAGE });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, await renderPage(readFileSync(PAGE, 'utf8'), readFileSync(SOURCE, 'utf8')));
}
