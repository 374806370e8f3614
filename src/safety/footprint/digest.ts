import { hash } from 'node:crypto';
import type { ToolCall } from '../types.ts';

/**
 * SHA-256 over tool, input and directory: what was shown is what was hashed. The order of an object's keys does
 * not count, everything else does.
 * @throws TypeError for an input that is no JSON value (a cycle, a bigint).
 */
export function digestOf(call: ToolCall): string {
  const text = JSON.stringify([call.tool, call.directory, sorted(call.input)]);
  return hash('sha256', text);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== 'object' || value === null) return value;
  // A null prototype keeps a key called __proto__ an ordinary one.
  const result = Object.create(null) as Record<string, unknown>;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [key, item] of entries) result[key] = sorted(item);
  return result;
}
