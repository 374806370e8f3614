// `npm run bench -- gate` measures; without a name it measures everything there is.
import { benchApprovals } from './approvals.ts';
import { benchAudit } from './audit.ts';
import { benchConversation } from './conversation.ts';
import { benchGate } from './gate.ts';
import { benchStorage } from './storage.ts';

const BENCHES = {
  gate: benchGate,
  audit: benchAudit,
  approvals: benchApprovals,
  storage: benchStorage,
  conversation: benchConversation,
} as const;

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length === 0 || names.includes(name)) await bench();
  }
}
