import type { Ecosystem, PartView } from './part-view.ts';

type BuildTool = {
  readonly name: string;
  readonly files: readonly string[];
  readonly wrapper: readonly [file: string, program: string];
  readonly program: string;
  /** What in the file shows a server, the words that start it, and the usual port. */
  readonly servers: readonly (readonly [mark: string, framework: string, word: string, port: number])[];
};

const TOOLS: readonly BuildTool[] = [
  {
    name: 'maven',
    files: ['pom.xml'],
    wrapper: ['mvnw', './mvnw'],
    program: 'mvn',
    servers: [
      ['spring-boot', 'spring-boot', 'spring-boot:run', 8080],
      ['quarkus', 'quarkus', 'quarkus:dev', 8080],
    ],
  },
  {
    name: 'gradle',
    files: ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
    wrapper: ['gradlew', './gradlew'],
    program: 'gradle',
    servers: [
      ['org.springframework.boot', 'spring-boot', 'bootRun', 8080],
      ['io.quarkus', 'quarkus', 'quarkusDev', 8080],
      ['io.ktor', 'ktor', 'run', 8080],
    ],
  },
];

export const jvm: readonly Ecosystem[] = TOOLS.map((tool) => ({
  name: tool.name,
  markers: tool.files,
  find(part: PartView, root: PartView) {
    const file = part.first(...tool.files);
    if (file === undefined) return;
    // In a part, the wrapper lies above it.
    const isWrapped = part.has(tool.wrapper[0]);
    if (!isWrapped && part.folder !== '.' && root.has(tool.wrapper[0])) return;
    const program = isWrapped ? tool.wrapper[1] : tool.program;
    part.framework(tool.name, 'tests', file, file);
    part.command({ purpose: 'unit', argv: [program, 'test'], file, key: 'test' });
    const text = part.text(file) ?? '';
    const server = tool.servers.find(([mark]) => text.includes(mark));
    if (server === undefined) return;
    const [mark, framework, word, port] = server;
    part.framework(framework, 'backend', file, mark, port);
    part.command({ purpose: 'server', argv: [program, word], file, key: mark, port, sureness: 'likely' });
  },
}));
