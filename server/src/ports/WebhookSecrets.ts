/**
 * The secrets by which endpoints know who sends. Each is derived from one key when it is needed, and kept nowhere; the same
 * key gives the same secrets.
 */
export type WebhookSecrets = {
  /** A name of the key that says nothing about it. */
  key(): Promise<string>
  /** 32 bytes, for an endpoint and the generation of its secret. */
  secret(endpoint: string, generation: number): Promise<Uint8Array>
}
