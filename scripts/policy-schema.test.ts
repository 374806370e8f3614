import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findStaleSchema, renderPolicySchema } from './policy-schema.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'leashd-schema-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('renderPolicySchema', () => {
  it('knows every matcher, and the words that they take', async () => {
    const schema = await renderPolicySchema();
    const matchers =
      'tool tools commands command_patterns acts effects paths path_patterns hosts mcp flows unknown';
    for (const matcher of matchers.split(' ')) expect(schema).toContain(`"${matcher}": {`);
    for (const word of ['require_approval', 'rewrite-remote-history', 'network-to-interpreter']) {
      expect(schema).toContain(`"${word}"`);
    }
  });
});

describe('findStaleSchema', () => {
  it('finds nothing for the schema as it has to be, and says what to do about others', async () => {
    const file = path.join(folder, 'policy.schema.json');
    writeFileSync(file, await renderPolicySchema());
    expect(await findStaleSchema(file)).toBeUndefined();
    writeFileSync(file, '{}');
    expect(await findStaleSchema(file)).toContain('policy-schema.ts');
    expect(await findStaleSchema(path.join(folder, 'none.json'))).toContain('policy-schema.ts');
  });
});
