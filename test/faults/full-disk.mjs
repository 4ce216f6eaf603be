// Loaded before Hookyard, into a test's process only: a write beyond the limit on a file's size (kinds/disk.ts) is then
// refused with an error, as on a full disk, instead of ending the process.
process.on('SIGXFSZ', () => undefined);
