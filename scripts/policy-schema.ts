import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { policySchema } from '../src/safety/policy/schema.ts';

const FILE = fileURLToPath(new URL('../policies/policy.schema.json', import.meta.url));

/** policies/policy.schema.json as it has to be: what editors complete and check policy files with. */
export async function renderPolicySchema(): Promise<string> {
  const schema = { title: 'leashd policy', ...z.toJSONSchema(policySchema, { io: 'input' }) };
  return format(JSON.stringify(schema), { ...(await resolveConfig(FILE)), filepath: FILE });
}

/** What is wrong with the schema at that path, or undefined. */
export async function findStaleSchema(path: string): Promise<string | undefined> {
  let current: string | undefined;
  try {
    current = readFileSync(path, 'utf8');
  } catch {
    return `${path} can't be read; run "node scripts/policy-schema.ts" to write it.`;
  }
  if (current === (await renderPolicySchema())) return undefined;
  return `${path} does not say what src/safety/policy/schema.ts says; run "node scripts/policy-schema.ts" to write it anew.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const problem = await findStaleSchema(FILE);
    if (problem !== undefined) {
      console.error(problem);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(FILE, await renderPolicySchema());
  }
}
