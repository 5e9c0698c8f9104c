/** Where a Temporal server is, and where its web pages are. */

/** A server and our place on it. Holds no secret: keys and certificates are read when a connection is made. */
export interface ServerAddress {
  /** host:port */
  address: string;
  namespace: string;
  /** Whether it is our own, on this machine and without authentication. */
  embedded: boolean;
  /** The base of Temporal's own pages, where it is known. */
  uiUrl?: string;
}

/**
 * Temporal's own page for our namespace, or for one workflow of it; undefined where we cannot know its address.
 *
 * @param workflow a workflow's id
 */
export function temporalUiUrl(server: ServerAddress, workflow?: string): string | undefined {
  if (server.uiUrl === undefined) return undefined;
  const page = `${server.uiUrl}/namespaces/${encodeURIComponent(server.namespace)}/workflows`;
  return workflow === undefined ? page : `${page}/${encodeURIComponent(workflow)}`;
}

/** Temporal Cloud's pages, and start-dev's with its default port; other clusters have theirs anywhere. */
export function externalUiUrl(address: string): string | undefined {
  if (/\.(tmprl\.cloud|temporal\.io):\d+$/.test(address)) return 'https://cloud.temporal.io';
  if (/^(localhost|127\.0\.0\.1):7233$/.test(address)) return 'http://localhost:8233';
  return undefined;
}
