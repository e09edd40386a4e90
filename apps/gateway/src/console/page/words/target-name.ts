/** A target as logs, breakers and commands name it. */
export function targetName({
  target: { exchange, region, request_type },
}: {
  readonly target: { readonly exchange: string; readonly region: string; readonly request_type: string };
}): string {
  return `${exchange}/${region}/${request_type}`;
}
