const LOOKING = ['', '-s', '-sS', '-i', '-si', '-sf', '-I', '-s -o /dev/null -w %{http_code}'];
const QUIET = ['', '-s', '-i', '-si'];
const BODIES = ['-H *', '-d *', '-H * -d *', '-H * -H * -d *'];

/**
 * How `curl` may be asked for a local address without a card, word by word: as such requests are usually written, with a
 * method, headers and a body. No option that writes a file, follows a redirection or reads a configuration.
 */
export function localRequestShapes(port: number): readonly string[] {
  const shapes = ['localhost', '127.0.0.1'].flatMap((host) => {
    const base = `http://${host}:${port}`;
    // The bare address, and anything behind its first slash: `http://localhost:3000@elsewhere` is neither.
    return [base, `${base}/*`].flatMap((url) => [
      ...LOOKING.map((quiet) => `curl ${quiet} ${url}`),
      ...QUIET.flatMap((quiet) => [
        `curl ${quiet} -X * ${url}`,
        ...BODIES.flatMap((body) => [
          `curl ${quiet} ${body} ${url}`,
          `curl ${quiet} -X * ${body} ${url}`,
          `curl ${quiet} -X * ${url} ${body}`,
        ]),
      ]),
    ]);
  });
  return shapes.map((shape) => shape.replaceAll(/ {2,}/g, ' '));
}
