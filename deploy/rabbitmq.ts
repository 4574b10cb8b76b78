// RabbitMQ beside the demo, to see what a company's own bus gets. Optional: where it cannot be had, that is one sentence and the rest goes on.
export interface RabbitMqOffer {
  /** Set in the environment: used as it is, never started or stopped. */
  url: string | undefined;
  begin: () => Promise<{ url: string }>;
  say: (line: string) => void;
}

export async function offerRabbitMq({ url, begin, say }: RabbitMqOffer): Promise<void> {
  if (url !== undefined) return say(`RabbitMQ: the one of RABBITMQ_URL, ${withoutLogin(url)}. ${HOW}`);
  try {
    const started = await begin();
    say(`RabbitMQ listens at ${started.url}. ${HOW}`);
  } catch (error) {
    say(
      `There is no RabbitMQ: ${error instanceof Error ? error.message : String(error)} Nothing in the demo needs it; the connector “amqp” works with any other one.`,
    );
  }
}

const HOW = 'How a site sends to it: docs/amqp.md.';

function withoutLogin(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) return 'which is no address';
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
