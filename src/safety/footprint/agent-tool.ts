import type { Act } from '../types.ts';

/**
 * What a field of one of the agent's own tools means to the machine:
 * `data` – nothing: words, numbers, what is only shown;
 * `reads`, `writes` – a path, or a list of them;
 * `bash` – a text that bash runs;
 * `socket` – `{ url }`: an address that it stays connected to;
 * `page` – an address that a browser opens;
 * `usual` – one of these values; with any other it is in doubt what the tool does;
 * `asks` – whatever stands in it is for the person to see.
 */
export type Field =
  | { readonly kind: 'data' | 'reads' | 'writes' | 'bash' | 'socket' | 'page' | 'asks' }
  | { readonly kind: 'usual'; readonly values: readonly unknown[] };

export type AgentTool = {
  readonly acts: readonly Act[];
  /** It goes online, nobody can say where to. */
  readonly isOnline?: boolean | undefined;
  /** Why it is never allowed unless a rule names it: goes behind "it". */
  readonly asks?: string | undefined;
  /** With one of these values in this field it only looks: `acts` and `asks` are void. */
  readonly looking?:
    | { readonly field: string; readonly values: readonly unknown[]; readonly acts: readonly Act[] }
    | undefined;
  /** Every field it has; one more asks. */
  readonly fields: Readonly<Record<string, Field>>;
};

export type AgentToolReading = {
  readonly acts: readonly Act[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly commands: readonly string[];
  /** Undefined for a host that can't be known. */
  readonly addresses: readonly (string | undefined)[];
  readonly doubts: readonly { readonly about: 'tool' | 'input'; readonly why: string }[];
};

/** What a tool of the table would do with this input. Whatever does not have the shape it should is a doubt. */
export function readAgentTool(name: string, tool: AgentTool, input: unknown): AgentToolReading {
  const given: Record<string, unknown> = typeof input === 'object' && input !== null ? { ...input } : {};
  const found = { reads: new Array<string>(), writes: new Array<string>(), commands: new Array<string>() };
  const addresses: (string | undefined)[] = [];
  const doubts: AgentToolReading['doubts'][number][] = [];
  const doubt = (field: string): void => {
    const shown = JSON.stringify(given[field]).slice(0, 60);
    doubts.push({ about: 'input', why: `what ${name} does with ${field} ${shown} is not known` });
  };
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const meaning = Object.hasOwn(tool.fields, field) ? tool.fields[field] : undefined;
    if (meaning === undefined || meaning.kind === 'asks') doubt(field);
    else if (meaning.kind === 'usual') {
      if (!meaning.values.includes(value)) doubt(field);
    } else if (meaning.kind === 'socket') {
      const url = typeof value === 'object' && 'url' in value ? value.url : undefined;
      if (typeof url === 'string') addresses.push(url);
      else doubt(field);
    } else if (meaning.kind === 'page') {
      if (typeof value === 'string') addresses.push(value);
      else doubt(field);
    } else if (meaning.kind !== 'data') {
      const texts = textsOf(value);
      // What white space at a path's ends would come to is the tool's own affair.
      const isPlain = meaning.kind === 'bash' || texts?.every((text) => text === text.trim()) === true;
      if (texts === undefined || !isPlain) doubt(field);
      else found[LISTS[meaning.kind]].push(...texts);
    }
  }
  const { looking } = tool;
  const onlyLooks = looking !== undefined && looking.values.includes(given[looking.field]);
  if (tool.asks !== undefined && !onlyLooks) doubts.unshift({ about: 'tool', why: `${name} ${tool.asks}` });
  if (tool.isOnline === true) addresses.push(undefined);
  return { acts: onlyLooks ? looking.acts : tool.acts, ...found, addresses, doubts };
}

const LISTS = { reads: 'reads', writes: 'writes', bash: 'commands' } as const;

function textsOf(value: unknown): readonly string[] | undefined {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.every((one) => typeof one === 'string' && one !== '') ? (all as readonly string[]) : undefined;
}
