/** The host of a URL, `user@host:port` or `host:path`; undefined when none can be made out. */
export function hostIn(value: string): string | undefined {
  const withoutScheme = value.replace(/^[\w+.-]+:\/\//, '');
  const authority = withoutScheme.split('/', 1)[0] ?? '';
  const host = /^(?:.*@)?(\[[0-9a-fA-F:.]+\]|[^:@]+)/.exec(authority)?.[1]?.toLowerCase();
  return host !== undefined && /^(?:\[[0-9a-f:.]+\]|[\w.-]+)$/.test(host) ? host : undefined;
}
