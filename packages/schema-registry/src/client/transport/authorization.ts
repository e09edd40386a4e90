/** Who asks. Credentials never appear in errors or logs. */
export type RegistryAuth =
  | { readonly username: string; readonly password: string }
  | {
      /**
       * A bearer token, or a function that gives one. The function is asked before every request, so it should keep the
       * token it has until that is about to expire.
       */
      readonly token: string | (() => string | Promise<string>);
    };

/** Value of the `authorization` header. */
export async function authorizationHeader(auth: RegistryAuth): Promise<string> {
  if ('token' in auth) return `Bearer ${typeof auth.token === 'function' ? await auth.token() : auth.token}`;
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64')}`;
}
