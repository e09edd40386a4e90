/** Whether a registry lists its subjects at `<base>/subjects`. */
export async function registryAnswers(base: string, timeoutMs = 3000): Promise<boolean> {
  try {
    const response = await fetch(`${base.replace(/\/$/, '')}/subjects`, { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok && Array.isArray(await response.json());
  } catch {
    return false;
  }
}
