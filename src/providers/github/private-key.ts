/** Follows the name of the option that holds it. */
export const NO_PRIVATE_KEY = "is not an RSA private key in PEM form: download one on the app's settings page";
