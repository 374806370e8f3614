import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const manifestSchema = z.looseObject({ claudeCodeVersion: z.string() });

/**
 * The Claude Code that leashd was tested with: the one that the Agent SDK, pinned in leashd's package.json, names in
 * its own (`claudeCodeVersion`). Undefined when that can't be read.
 */
export function testedClaude(): string | undefined {
  try {
    const folder = dirname(fileURLToPath(import.meta.resolve('@anthropic-ai/claude-agent-sdk')));
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return manifestSchema.parse(manifest).claudeCodeVersion;
  } catch {
    return undefined;
  }
}
