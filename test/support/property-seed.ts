import fc from 'fast-check';

/** Tests of properties make the same inputs each time where `PROPERTY_SEED` is set, and others in each run where it is not. */
const seed = process.env.PROPERTY_SEED;
if (seed) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
