import type { Ecosystem } from './part-view.ts';
import { tomlSections } from './structured.ts';

const SERVERS: readonly (readonly [crate: string, port: number])[] = [
  ['actix-web', 8080],
  ['axum', 3000],
  ['rocket', 8000],
  ['warp', 3030],
  ['poem', 3000],
];

export const rust: Ecosystem = {
  name: 'rust',
  markers: ['Cargo.toml'],
  find(part) {
    const sections = tomlSections(part.text('Cargo.toml'));
    const isWorkspace = sections.has('workspace');
    part.framework('cargo test', 'tests', 'Cargo.toml', isWorkspace ? 'workspace' : 'package');
    const argv = isWorkspace ? ['cargo', 'test', '--workspace'] : ['cargo', 'test'];
    part.command({ purpose: 'unit', argv, file: 'Cargo.toml', key: isWorkspace ? 'workspace' : 'package' });
    const dependencies = sections.get('dependencies') ?? [];
    for (const [crate, port] of SERVERS) {
      const isThere =
        sections.has(`dependencies.${crate}`) ||
        dependencies.some((line) => line.trim().split(/[\s=.]/)[0] === crate);
      if (!isThere) continue;
      part.framework(crate, 'backend', 'Cargo.toml', `dependencies.${crate}`, port);
      part.command({
        purpose: 'server',
        argv: ['cargo', 'run'],
        file: 'Cargo.toml',
        key: `dependencies.${crate}`,
        port,
        sureness: 'likely',
      });
    }
  },
};
