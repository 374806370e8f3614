import type { Ecosystem } from './part-view.ts';

const SERVERS: readonly (readonly [module: string, name: string, port: number])[] = [
  ['github.com/gin-gonic/gin', 'gin', 8080],
  ['github.com/labstack/echo', 'echo', 1323],
  ['github.com/gofiber/fiber', 'fiber', 3000],
  ['github.com/go-chi/chi', 'chi', 3000],
  ['github.com/gorilla/mux', 'gorilla', 8080],
];

export const go: Ecosystem = {
  name: 'go',
  markers: ['go.mod', 'go.work'],
  find(part) {
    if (!part.has('go.mod')) return;
    const text = part.text('go.mod') ?? '';
    part.framework('go test', 'tests', 'go.mod', 'module');
    part.command({ purpose: 'unit', argv: ['go', 'test', './...'], file: 'go.mod', key: 'module' });
    const server = SERVERS.find(([module]) => text.includes(module));
    if (server === undefined) return;
    const [module, name, port] = server;
    part.framework(name, 'backend', 'go.mod', module, port);
    const commands = part.has('main.go')
      ? ['.']
      : part.list('cmd').map((folder) => `./cmd/${folder.replace(/\/$/, '')}`);
    // Of several programs nobody can say which one serves.
    const [program] = commands;
    if (program !== undefined && commands.length === 1)
      part.command({
        purpose: 'server',
        argv: ['go', 'run', program],
        file: 'go.mod',
        key: module,
        port,
        sureness: 'likely',
      });
  },
};
