/** How bad it would be if it went wrong. */
export type Risk = 'low' | 'medium' | 'high' | 'critical';

/** What the agent wants to do. */
export type ToolCall = {
  /** The agent's own id of the call. */
  readonly id: string;
  /** As the agent names it: `Bash`, `mcp__playwright__browser_click`. */
  readonly tool: string;
  /** As it would be executed. */
  readonly input: unknown;
  /** Absolute path in which it starts. */
  readonly directory: string;
  /** The subagent that asks; absent for the main agent. */
  readonly subagent?: string | undefined;
  /** A person asks for it, and not the agent. */
  readonly isPersons?: boolean | undefined;
};

/** For whom, and under which mode, a call is decided. */
export type GateContext = {
  readonly chat: string;
  readonly session: string;
  readonly turn: string;
  /** Absolute real paths the session may work in; the first is its own. */
  readonly directories: readonly string[];
  readonly mode: ModeRules;
};

/** What a mode means to the gate. */
export type ModeRules = {
  readonly name: string;
  /** False: whatever is not known to change nothing is denied (plan mode). */
  readonly mayChange: boolean;
  /** True: the agent may write its plan, to a file of its own kind of plans, and nothing else. */
  readonly writesPlan?: boolean | undefined;
  /** Approvals that the mode brings with it. */
  readonly grants: readonly ModeGrant[];
  /** What passes without a question while the mode lasts; nothing where `mayChange` is false. */
  readonly rules?: readonly ModeRule[] | undefined;
  /** The name of the mode that brings `rules`; left out: `name`. */
  readonly rulesFrom?: string | undefined;
  /**
   * Absolute real paths of files that Write and Edit may write though they lie among leashd's own: `.leashd/test-session.md`
   * of the session's own directory, and no other.
   */
  readonly writes?: readonly string[] | undefined;
  /** What is denied while the mode lasts, whatever the policy, a grant or a tap would say. */
  readonly refuses?: ModeRefusal | undefined;
};

/** Plain data. */
export type ModeRefusal = {
  readonly acts: readonly Act[];
  /** Shapes as in a policy's rule that denies: also with options in between and more behind. */
  readonly commands: readonly string[];
  /** A sentence without its full stop. */
  readonly reason: string;
};

/** Rules that allow, for as long as a mode lasts. They answer what the policy asks, and nothing else. Plain data. */
export type ModeRule = {
  /** For the person and the audit log, and what it is told by: `npm run test:unit`. */
  readonly words: string;
  /** Absolute real path: where its commands run. Left out: it is about no command. */
  readonly folder?: string | undefined;
  /** Absolute path of the file that says what its commands do; once it has changed, the rule does not hold. */
  readonly source?: string | undefined;
  /** Rules of the policy language that allow; whatever else stands there, none of them holds. */
  readonly rules: readonly unknown[];
  /** SHA-256 of the files it rests on, by path, as they were when it was set; the gate's `pinRules` adds it. */
  readonly pins?: Readonly<Record<string, string>> | undefined;
};

/** `edit-files`: Write, Edit, MultiEdit and NotebookEdit inside the session's directories. */
type ModeGrant = 'edit-files';

/** What the agent is told: run it, or don't and why. */
export type Verdict =
  | { readonly kind: 'allow' }
  /** `message` is for the agent, `reason` is what of it a person needs; `layer` and `rule` say what decided. */
  | {
      readonly kind: 'deny';
      readonly message: string;
      readonly reason?: string | undefined;
      readonly layer?: Layer | undefined;
      readonly rule?: string | undefined;
    };

export type Action = 'allow' | 'ask' | 'deny';

/** Which of the gate's parts decided. */
export type Layer = 'tools' | 'sandbox' | 'mode' | 'policy' | 'grant' | 'plugin' | 'approval' | 'fault';

/** A value, never an exception. */
export type Decision = {
  readonly action: Action;
  readonly layer: Layer;
  /** The policy rule's name, or a stable word of the layer's own (`outside-directories`). */
  readonly rule: string;
  /** For the person and the agent: one sentence. */
  readonly reason: string;
  readonly risk: Risk;
};

/** A word as bash would pass it, or why it can't be known ahead. `text` is what stood in the source. */
export type Word = StaticWord | UnknownWord;

export type StaticWord = { readonly kind: 'static'; readonly value: string; readonly text: string };

export type UnknownWord = {
  readonly kind: 'unknown';
  readonly why: string;
  readonly text: string;
  /** Exactly one word, though its text is not known; without it there may be none, or several. */
  readonly isOne?: boolean | undefined;
  /** What it surely begins with. */
  readonly prefix?: string | undefined;
  /** It is one of these, or each of them in turn: a loop's variable. */
  readonly values?: readonly string[] | undefined;
  /** It stands for files that were found below these folders; `only` are globs that their names fit. */
  readonly found?: { readonly folders: readonly string[]; readonly only: readonly string[] } | undefined;
};

/** `> file`, `2>&1`, `< file`, `<< EOF`: the operator as bash writes it, and what it leads to where that is a word. */
export type Redirection = { readonly operator: string; readonly target: Word | undefined };

/** What feeds a command's standard input; `from` are indexes into the same list of commands. */
export type CommandInput =
  | { readonly kind: 'inherit' | 'file' | 'text' }
  | { readonly kind: 'pipe'; readonly from: readonly number[] };

/** One program with its arguments, wherever in the text it stood. */
export type SimpleCommand = {
  /** `argv[0]` is the program. */
  readonly argv: readonly Word[];
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly redirections: readonly Redirection[];
  readonly stdin: CommandInput;
  /** The command whose words or input this one's output becomes part of: `$( )`, `<( )`. */
  readonly outputTo?: number | undefined;
  /** Where it would run. */
  readonly cwd: Word;
  /** How it was reached, outermost first: `['$( )', 'sudo']`. */
  readonly via: readonly string[];
  /** It stands in a text that another command was given to run: `bash -c`, `eval`. */
  readonly isInline?: boolean | undefined;
  /** Its place in the source, in UTF-16 units: start, end. */
  readonly span: readonly [number, number];
  /** Quotes resolved, assignments and redirections off, one blank between words: what `command_patterns` see. */
  readonly normalForm: string;
};

/** A path as the disk has it. */
export type ResolvedPath = {
  /** What the call said. */
  readonly given: string;
  /** Absolute, symbolic links followed; for what does not exist yet, under its real nearest parent. */
  readonly real: string;
  readonly exists: boolean;
};

/** Everything that is neither file nor host, one word for one thing a person would want to know. */
export type Act =
  | 'run-project-code'
  | 'run-inline-code'
  | 'run-file'
  | 'install-packages'
  | 'publish'
  | 'change-history'
  | 'rewrite-history'
  | 'push'
  | 'rewrite-remote-history'
  | 'change-remote'
  | 'destroy-remote'
  | 'read-remote'
  | 'privilege'
  | 'kill'
  | 'persist'
  | 'change-permissions'
  | 'change-system'
  | 'list-environment'
  /** It works leashd itself, or reads what leashd keeps: never the agent's, whatever a policy says. */
  | 'use-leashd'
  | 'serve'
  | 'agent-task'
  | 'browser-read'
  | 'browser-change'
  | 'mcp-call';

/** `command` is an index into the footprint's commands; absent for tools that are no command. */
export type Effect = { readonly command?: number | undefined } & (
  | { readonly kind: 'read' | 'write' | 'delete'; readonly path: ResolvedPath }
  /** The tree below a path: a recursive read or delete, a search. */
  | {
      readonly kind: 'read-tree' | 'delete-tree';
      readonly path: ResolvedPath;
      /** How much of a tree that is read; absent means all of it. */
      readonly reach?: TreeReach | undefined;
    }
  | { readonly kind: 'network'; readonly host: string | undefined }
  | { readonly kind: 'act'; readonly act: Act }
);

/**
 * `names`: no file's contents. `visible`: contents, but not of files whose name begins with a dot.
 * `unignored`: contents, but not of files that .gitignore names. `only`: of files that fit one of these globs.
 */
export type TreeReach = {
  readonly contents: 'names' | 'visible' | 'unignored' | 'all';
  /** Each file is read by its name, so that a link leads to what it stands for. */
  readonly followsLinks?: boolean | undefined;
  readonly only?: readonly string[] | undefined;
};

/**
 * What can't be known. `syntax`: how the commands hang together; `word`: what a word becomes; `program` and
 * `tool`: no table says what it does; `option`: its table does not say what this argument does; `repository`:
 * the settings of a git repository could run something; `path`: where it leads; `input`: a field that asks for
 * less care.
 */
export type UnknownAbout =
  'syntax' | 'word' | 'program' | 'tool' | 'option' | 'repository' | 'path' | 'input';

/**
 * Why something can't be known ahead. `command` as in an effect. Never becomes allow, with one exception: what is
 * about a `program` or a `tool`, when a rule names that very program or tool.
 */
export type Unknown = {
  readonly about: UnknownAbout;
  readonly why: string;
  readonly command?: number | undefined;
  /** Only a doubt when this lies outside the session's directories, or may not be written by the agent. */
  readonly path?: ResolvedPath | undefined;
};

/** Data that goes from one command to another; `from` and `to` are indexes into the footprint's commands. */
export type Flow = {
  readonly kind: 'network-to-interpreter' | 'decoded-to-interpreter' | 'secret-to-network';
  readonly from: number;
  readonly to: number;
};

/** What a tool call would do. One object: it is decided on, shown, hashed and logged. */
export type Footprint = {
  readonly tool: string;
  /** For `mcp__server__tool`. */
  readonly mcp?: { readonly server: string; readonly tool: string } | undefined;
  readonly commands: readonly SimpleCommand[];
  readonly effects: readonly Effect[];
  readonly unknowns: readonly Unknown[];
  readonly flows?: readonly Flow[] | undefined;
  /** SHA-256, hexadecimal, over tool, input and directory. */
  readonly digest: string;
};
