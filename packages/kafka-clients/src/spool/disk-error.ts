import { KafkaClientError, type KafkaClientErrorCode } from '../kafka-client-error.js';

const full = { code: 'spool_disk_full', hint: 'Free space, or give it another directory.' } as const;
const refused = { code: 'spool_not_permitted', hint: 'Let this process write there.' } as const;

const meanings: Readonly<Record<string, { readonly code: KafkaClientErrorCode; readonly hint: string }>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EACCES: refused,
  EPERM: refused,
  EROFS: refused,
};

/**
 * What the disk said, in this package's words.
 *
 * @param what failed, as the end of "The spool in … "
 */
export function diskError(thrown: unknown, directory: string, what: string): KafkaClientError {
  if (thrown instanceof KafkaClientError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  const meaning = meanings[code ?? ''] ?? { code: 'spool_failed', hint: 'Check the disk.' };
  return new KafkaClientError(`The spool in ${directory} ${what}: ${message}. ${meaning.hint}`, {
    code: meaning.code,
    retryable: true,
    cause: thrown,
  });
}
