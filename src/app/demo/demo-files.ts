const APP = `import { createServer } from 'node:http';

export function createApp() {
  return createServer((request, response) => {
    if (request.url === '/') return reply(response, 200, { greeting: 'Good day' });
    return reply(response, 404, { error: 'not found' });
  });
}

function reply(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
`;

const MAIN = `import { createApp } from './app.js';

const port = Number(process.env.PORT ?? 3000);
createApp().listen(port, () => console.log(\`listening on \${port}\`));
`;

const TEST = `import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createApp } from '../src/app.js';

test('greets', async () => {
  assert.deepEqual(await get('/'), { status: 200, body: { greeting: 'Good day' } });
});

test('knows no other page', async () => {
  assert.equal((await get('/elsewhere')).status, 404);
});

async function get(path) {
  const server = createApp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(\`http://127.0.0.1:\${server.address().port}\${path}\`);
  const answer = { status: response.status, body: await response.json() };
  server.close();
  server.closeAllConnections();
  return answer;
}
`;

const README = `# greeter

A tiny web service, made up for leashd's demo.

- \`node src/main.js\` starts it on port 3000
- \`node --test\` tests it
`;

const PACKAGE = `{
  "name": "greeter",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "scripts": { "start": "node src/main.js", "test": "node --test" }
}
`;

/** The demo's project: paths and contents. It has no health check yet, and a secret that is none. */
export const demoFiles: Readonly<Record<string, string>> = {
  'package.json': PACKAGE,
  'README.md': README,
  'src/app.js': APP,
  'src/main.js': MAIN,
  'test/app.test.js': TEST,
  '.gitignore': '.env\nnode_modules\n',
  '.env': 'PAYMENT_API_KEY=this-is-the-demo-and-no-real-key\n',
};

/** What an edit replaces, and with what. */
export type DemoEdit = { readonly from: string; readonly to: string };

export const appEdit: DemoEdit = {
  from: `    return reply(response, 404, { error: 'not found' });
`,
  to: `    if (request.url === '/health') return reply(response, 200, { status: 'ok' });
    return reply(response, 404, { error: 'not found' });
`,
};

export const testEdit: DemoEdit = {
  from: `test('knows no other page'`,
  to: `test('is healthy', async () => {
  assert.deepEqual(await get('/health'), { status: 200, body: { status: 'ok' } });
});

test('knows no other page'`,
};
