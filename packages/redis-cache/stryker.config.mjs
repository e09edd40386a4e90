import { mutationOptions } from '@naru/test-services/mutation';

export default mutationOptions([
  'src/connection-scope.ts',
  'src/cache/connection-spec.ts',
  'src/cache/memory-connection-storage.ts',
  'src/cache/websocket-connection-cache.ts',
  'src/leases/lease-holder.ts',
  'src/leases/lease-store.ts',
  'src/leases/memory-lease-store.ts',
]);
