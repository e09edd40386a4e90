import type { RegistryStore } from '../store/registry-store.js';

/** A request, decoded. */
export interface RouteRequest {
  /** Values of the pattern's parameters. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed body; undefined without one. */
  readonly body: unknown;
}

/** Gives what is sent back as JSON; a string that is JSON already is wrapped in {@link RawJson}. */
export type Handler = (store: RegistryStore, request: RouteRequest) => unknown;

/** Sent as it is. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

/** `GET /subjects/:subject/versions` and what answers it. */
export function route(pattern: string, handler: Handler): Route {
  const [method, path] = pattern.split(' ') as [string, string];
  return { method, segments: path.split('/').slice(1).filter(Boolean), handler };
}

export type Match = { readonly handler: Handler; readonly params: Record<string, string> } | 'wrongMethod' | undefined;

export function findRoute(routes: readonly Route[], method: string, segments: readonly string[]): Match {
  let pathKnown = false;
  for (const candidate of routes) {
    const params = matchSegments(candidate.segments, segments);
    if (!params) continue;
    if (candidate.method === method) return { handler: candidate.handler, params };
    pathKnown = true;
  }
  return pathKnown ? 'wrongMethod' : undefined;
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index]!;
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}
