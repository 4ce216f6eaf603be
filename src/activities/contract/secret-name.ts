/** A reference to `secrets.<name>` of the configuration. */
export interface SecretName {
  readonly secret: string;
}
