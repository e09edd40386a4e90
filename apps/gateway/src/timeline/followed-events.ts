import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import type { CommandProgress } from '../orchestration/command-progress.js';

/** The same events, whose errors are steps of the commands that they name as well. */
export function followedEvents(events: EventPublisher, progress: CommandProgress): EventPublisher {
  return {
    ...events,
    failed(failure) {
      events.failed(failure);
      const { error, correlationId } = failure;
      const code = (error as { readonly code?: unknown }).code;
      progress.note(
        correlationId,
        error instanceof GatewayError && code === 'subscription_refused'
          ? { step: 'refused', message: error.message }
          : { step: 'trouble', code: typeof code === 'string' ? code : error.name, message: error.message },
      );
    },
  };
}
