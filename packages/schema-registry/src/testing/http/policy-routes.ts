import { failures } from '../store/registry-failure.js';
import { readFlag, readObject, readSubject } from './read-request.js';
import { type Route, type RouteRequest, route } from './route.js';

/** `/config` and `/mode`, global and of subjects. */
export const policyRoutes: readonly Route[] = ['', '/:subject'].flatMap((scope) => [
  route(`GET /config${scope}`, ({ policies }, request) => ({
    compatibilityLevel: policies.level(subjectIn(request), readFlag(request, 'defaultToGlobal')),
  })),
  route(`PUT /config${scope}`, ({ policies }, request) => ({
    compatibility: policies.setLevel(subjectIn(request), readObject(request.body).compatibility),
  })),
  route(`DELETE /config${scope}`, ({ policies }, request) => ({
    compatibilityLevel: policies.clearLevel(subjectIn(request)),
  })),
  route(`GET /mode${scope}`, ({ policies }, request) => ({
    mode: policies.mode(subjectIn(request), readFlag(request, 'defaultToGlobal')),
  })),
  route(`PUT /mode${scope}`, (store, request) => {
    const subject = subjectIn(request);
    const { mode } = readObject(request.body);
    // Importing into what others fill as well would give one id two meanings.
    const occupied = [...store.all(false)].some((version) => subject === undefined || version.subject === subject);
    if (String(mode).toUpperCase() === 'IMPORT' && occupied && !readFlag(request, 'force')) {
      throw failures.notPermitted('Cannot import since found existing subjects');
    }
    return { mode: store.policies.setMode(subject, mode) };
  }),
  route(`DELETE /mode${scope}`, ({ policies }, request) => ({ mode: policies.clearMode(subjectIn(request)) })),
]);

function subjectIn(request: RouteRequest): string | undefined {
  return request.params.subject === undefined ? undefined : readSubject(request);
}
