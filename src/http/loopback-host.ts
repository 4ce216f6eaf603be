/**
 * Returns whether a `Host` header names this machine's loopback interface. A page on the web can have its own name resolve to
 * 127.0.0.1 (DNS rebinding), and then its scripts reach what listens there; the header still has the page's name.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  const name = /^(\[[0-9a-f:]+\]|[^:]*)(:\d+)?$/i.exec(host ?? '')?.[1]?.toLowerCase();
  if (name === undefined) return false;
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}
