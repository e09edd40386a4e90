import type { Cluster } from '../cluster/cluster.js';

/** Everything about a request besides its body. */
export interface RequestContext {
  readonly cluster: Cluster;
  /** The node that the request came to. */
  readonly nodeId: number;
  readonly apiVersion: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** Calls back when the client is gone, unless undone before. */
  onDisconnect(callback: () => void): () => void;
}
