import { automation, generic, notify, sync, webhook } from 'hookyard/workflow';

interface PaymentIntent {
  readonly created: number;
  readonly data: {
    readonly object: {
      readonly id: string;
      readonly amount: number;
      readonly currency: string;
      readonly receipt_email?: string | null;
    };
  };
}

/**
 * A payment that Stripe says has succeeded: recorded, told to the payment service, and receipted, once however often it
 * is delivered. Needs a source of kind `stripe`, the endpoint `payments` and the mail channel `receipts`.
 */
export const payment = automation({ on: generic({ types: ['payment_intent.succeeded'] }) }, async (event) => {
  const { created, data } = event.data as PaymentIntent;
  const { id, amount, currency } = data.object;
  await sync.upsert('payments', id, { amount, currency, delivery: event.deliveryId }, { version: created });
  await webhook.send('payments', { type: 'payment.succeeded', data: { id, amount, currency } });
  const price = `${(amount / 100).toFixed(2)} ${currency.toUpperCase()}`;
  await notify.email('receipts', { subject: `Payment of ${price}`, text: `${id} over ${price} has been received.` });
});
