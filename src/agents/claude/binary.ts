import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, report } from 'node:process';
import { z } from 'zod';

const SDK = '@anthropic-ai/claude-agent-sdk';

const reportSchema = z.looseObject({
  header: z.looseObject({ glibcVersionRuntime: z.string().optional() }),
});

/**
 * Where the `claude` lies that the Agent SDK starts: in the SDK's package for this platform, looked for as the SDK
 * 0.3.330 itself does. Undefined when the package is not installed.
 */
export function findClaude(): string | undefined {
  const require = createRequire(import.meta.resolve(SDK));
  for (const name of packageNames()) {
    try {
      const path = require.resolve(`${name}/claude`);
      if (existsSync(path)) return path;
    } catch {
      // Not installed for this libc; the next may be.
    }
  }
  return undefined;
}

function packageNames(): readonly string[] {
  const name = `${SDK}-${platform}-${arch}`;
  if (platform !== 'linux') return [name];
  return isMusl() ? [`${name}-musl`, name] : [name, `${name}-musl`];
}

function isMusl(): boolean {
  return reportSchema.safeParse(report.getReport()).data?.header.glibcVersionRuntime === undefined;
}
