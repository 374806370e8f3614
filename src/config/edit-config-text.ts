import { isMap, isScalar, isSeq, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import { PersonError } from '../errors.ts';
import { settingTable, type SettingKey } from './settings.ts';
import { parseYaml } from './yaml-source.ts';

/** What config.yaml is to say: a value as YAML has it, or undefined for a setting that is taken out. */
export type ConfigChange = {
  readonly key: SettingKey;
  readonly value: string | readonly (string | number)[] | undefined;
  /** Whether an item that stands in the list already means one of the new ones, and so stays as it was written. */
  readonly sameItem?: ((written: unknown, wanted: string | number) => boolean) | undefined;
};

const HEAD = ` leashd's settings, for everything you start on this machine.
 "leashd config" prints every setting, its value and where that came from; docs/configuration.md tells what each
 takes. A variable (LEASHD_…) or a line in .env wins over what stands here. Keep this file to yourself.`;

/**
 * The text of config.yaml with the changes made. Everything else stays: other keys, their order, comments.
 * @throws PersonError when the text is no mapping that can be changed.
 */
export function editConfigText(text: string, changes: readonly ConfigChange[]): string {
  const { document, faults } = parseYaml(text);
  const root = rootOf(document);
  const [fault] = faults;
  if (fault !== undefined || root === undefined) {
    throw new PersonError(
      'CONFIG_NOT_EDITABLE',
      `config.yaml${fault === undefined ? '' : `:${fault.line}:${fault.column}`}: expected a mapping of settings, as in \`max_turns: 25\``,
      { hint: 'Mend it, or move it away and run leashd init again.' },
    );
  }
  for (const change of changes) apply(document, root, change);
  if (text.trim() === '') document.commentBefore = HEAD;
  return document.toString({ lineWidth: 0, ...styleOf(text) });
}

function rootOf(document: Document): YAMLMap | undefined {
  const { contents } = document;
  if (isMap(contents)) {
    // `{}` is no place for keys with comments.
    if (contents.items.length === 0) contents.flow = false;
    return contents;
  }
  if (contents !== null && !(isScalar(contents) && contents.value === null)) return undefined;
  const root = document.createNode({}) as YAMLMap;
  document.contents = root;
  return root;
}

/** As the person has it: the library's own style would touch lines that nobody changed. */
function styleOf(text: string): { indentSeq: boolean; flowCollectionPadding: boolean } {
  return {
    indentSeq: !/:[ \t]*\r?\n-[ \t]/.test(text),
    flowCollectionPadding: /[[{] /.test(text),
  };
}

function apply(document: Document, root: YAMLMap, { key, value, sameItem }: ConfigChange): void {
  const { yaml } = settingTable[key];
  const pair = pairOf(root, yaml);
  if (value === undefined) {
    if (pair !== undefined) remove(document, root, pair, commentOn(key));
    return;
  }
  if (pair === undefined) {
    const name = document.createNode(yaml);
    name.commentBefore = commentOn(key);
    name.spaceBefore = root.items.length > 0;
    root.add(document.createPair(name, value));
    return;
  }
  const before = pair.value;
  const node = document.createNode(value);
  if (isSeq(node) && isSeq(before) && sameItem !== undefined && typeof value !== 'string') {
    node.items = value.map((wanted, index) => {
      const written = before.items.find((item) => isScalar(item) && sameItem(item.value, wanted));
      return written ?? node.items[index];
    });
    node.flow = before.flow === true;
  }
  keepComments(before, node);
  pair.value = node;
}

/** What the person wrote above it stays, what leashd did goes. */
function remove(document: Document, root: YAMLMap, pair: Pair, ours: string): void {
  const next = root.items[root.items.indexOf(pair) + 1];
  const written = (pair.key as Partial<Node>).commentBefore ?? '';
  const kept = (written.endsWith(ours) ? written.slice(0, -ours.length) : written).replace(/\n+$/, '');
  root.delete(pair.key);
  if (kept === '') return;
  if (next === undefined) document.comment = [document.comment, kept].filter(Boolean).join('\n\n');
  else {
    const key = next.key as Node;
    key.commentBefore = [kept, key.commentBefore].filter(Boolean).join('\n\n');
  }
}

function pairOf(root: YAMLMap, name: string): Pair | undefined {
  return root.items.find(({ key }) => isScalar(key) && key.value === name);
}

function keepComments(before: unknown, node: Node): void {
  if (typeof before !== 'object' || before === null) return;
  const { comment, commentBefore } = before as Partial<Node>;
  // What stood behind a value stands above the list that took its place.
  const isAbove = isSeq(node) && node.flow !== true && !(isSeq(before) && before.flow !== true);
  if (isAbove) node.commentBefore = [commentBefore, comment].filter(Boolean).join('\n') || null;
  else {
    if (typeof comment === 'string') node.comment = comment;
    if (typeof commentBefore === 'string') node.commentBefore = commentBefore;
  }
}

/** What it is, and where to read more. */
function commentOn(key: SettingKey): string {
  const { env, description } = settingTable[key];
  return ` ${description}\n More: docs/configuration.md, ${env}`;
}
