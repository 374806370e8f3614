import { z } from 'zod';
import { LeashdError } from '../../errors.ts';

/** The tools that change a file by what it says, and by nothing else. */
export const EDIT_TOOLS: readonly string[] = ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'];

/**
 * Claude Code's path tools cut white space off the ends of a path before they use it; one that has some would mean
 * something else to them than it says.
 */
const path = z
  .string()
  .min(1)
  .refine((text) => text === text.trim(), 'expected a path without white space at its ends')
  .refine((text) => !/^[a-z][a-z0-9+.-]+:\/\//i.test(text), 'expected a path, not an address');

const glob = z
  .string()
  .min(1)
  .refine((text) => text === text.trim(), 'expected a pattern without white space at its ends');

const edit = z.object({
  old_string: z.string(),
  new_string: z.string(),
  replace_all: z.boolean().nullish(),
});

/** The fields that a decision and a card need. */
export const TOOL_INPUTS = {
  Read: z.object({ file_path: path }),
  Write: z.object({ file_path: path, content: z.string() }),
  Edit: edit.extend({ file_path: path }),
  MultiEdit: z.object({ file_path: path, edits: z.array(edit).min(1) }),
  NotebookEdit: z.object({
    notebook_path: path,
    new_source: z.string().nullish(),
    edit_mode: z.string().nullish(),
  }),
  Glob: z.object({ pattern: glob, path: path.nullish() }),
  Grep: z.object({
    pattern: z.string(),
    path: path.nullish(),
    glob: glob.nullish(),
    type: z.string().nullish(),
  }),
  LS: z.object({ path: path.nullish() }),
  Bash: z.object({
    command: z.string(),
    run_in_background: z.boolean().nullish(),
    dangerouslyDisableSandbox: z.boolean().nullish(),
  }),
  WebFetch: z.object({ url: z.string().min(1) }),
  WebSearch: z.object({ query: z.string() }),
  // Claude Code's question when a command in the OS sandbox connects.
  SandboxNetworkAccess: z.object({ host: z.string().min(1) }),
} as const;

/** What else Claude Code 2.1.330 and older ones take: words and numbers that change nothing about what is touched. */
const OTHER_FIELDS: Readonly<Record<keyof typeof TOOL_INPUTS, string>> = {
  Read: 'offset limit pages allow_large',
  Write: '',
  Edit: '',
  MultiEdit: '',
  NotebookEdit: 'cell_id cell_type',
  Glob: '',
  Grep: 'output_mode -B -A -C context -n -i -o head_limit offset multiline',
  LS: 'ignore',
  Bash: 'timeout description',
  WebFetch: 'prompt offset',
  WebSearch: 'allowed_domains blocked_domains',
  SandboxNetworkAccess: '',
};

const FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(TOOL_INPUTS).map(([tool, schema]) => [
    tool,
    new Set([...Object.keys(schema.shape), ...OTHER_FIELDS[tool as ToolName].split(' ')]),
  ]),
);

/** Every field that a tool about files, shell or web is known to have; undefined for any other tool. */
export function fieldsOfTool(tool: string): ReadonlySet<string> | undefined {
  return FIELDS.get(tool);
}

export type ToolName = keyof typeof TOOL_INPUTS;
export type ToolInput<Name extends ToolName> = z.infer<(typeof TOOL_INPUTS)[Name]>;

/** @throws LeashdError when the input does not have the fields that the tool works on. */
export function readInput<Name extends ToolName>(tool: Name, input: unknown): ToolInput<Name> {
  const result = TOOL_INPUTS[tool].safeParse(input);
  if (result.success) return result.data as ToolInput<Name>;
  const [issue] = result.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? 'the input' : issue.path.join('.');
  throw new LeashdError(
    'person',
    'TOOL_INPUT_UNREADABLE',
    `${tool} can't be read: ${field}: ${issue?.message ?? ''}`,
    {
      hint: 'Call the tool again with the fields it asks for.',
    },
  );
}
