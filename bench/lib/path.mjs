/** Where all the receivers listen for deliveries. */
export const PATH = '/webhooks/github';
