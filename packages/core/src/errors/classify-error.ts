import { type Boundary, type ClassificationRule, classificationRules } from './classification-rules.js';
import type { ErrorCode, ErrorDomain } from './error-taxonomy.js';

export interface ErrorClass {
  readonly domain: ErrorDomain;
  readonly code: ErrorCode;
  readonly retryable: boolean;
}

/** Says what kind of error was caught at a boundary, by the first rule that fits. */
export function classifyError(
  boundary: Boundary,
  error: unknown,
  rules: readonly ClassificationRule[] = classificationRules,
): ErrorClass {
  const names = namesOf(error);
  for (const rule of rules) {
    if (rule.boundary !== undefined && rule.boundary !== boundary) continue;
    if (rule.error !== undefined && !rule.error.some((name) => names.has(name))) continue;
    const retryable = rule.retryable === 'ask' ? isRetryable(error) : rule.retryable;
    return { domain: rule.domain, code: rule.code, retryable };
  }
  return { domain: 'unknown', code: 'unknown_error', retryable: false };
}

// Causes count too: a wrapped ECONNREFUSED is still a refused connection. The depth is bounded because causes
// may form a circle.
const maxCauses = 8;

function namesOf(error: unknown): Set<string> {
  const names = new Set<string>();
  let current = error;
  for (let depth = 0; depth < maxCauses && typeof current === 'object' && current !== null; depth++) {
    const { name, code, cause } = current as { name?: unknown; code?: unknown; cause?: unknown };
    if (typeof name === 'string') names.add(name);
    if (typeof code === 'string') names.add(code);
    for (let proto = Object.getPrototypeOf(current); proto !== null; proto = Object.getPrototypeOf(proto)) {
      if (typeof proto.constructor === 'function') names.add(proto.constructor.name);
    }
    current = cause;
  }
  return names;
}

function isRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}
