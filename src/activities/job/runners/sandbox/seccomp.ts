/** Of one processor: its mark in `linux/audit.h`, and the numbers of the calls that are refused or looked into. */
interface Architecture {
  readonly mark: number;
  readonly refused: readonly number[];
  readonly absent: readonly number[];
  readonly socket: number;
  readonly ioctl: number;
}

/**
 * Refused: keyrings, which are the session's and not the sandbox's (`add_key`, `request_key`, `keyctl`), the kernel's log (`syslog`), and
 * what looks into the kernel (`bpf`, `perf_event_open`, `userfaultfd`). Said not to be there: `io_uring`, which these rules do not reach.
 * Numbers: the kernel's `syscall_64.tbl` and `asm-generic/unistd.h`.
 */
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: {
    mark: 0xc000003e,
    refused: [103, 248, 249, 250, 298, 321, 323],
    absent: [425, 426, 427],
    socket: 41,
    ioctl: 16,
  },
  arm64: {
    mark: 0xc00000b7,
    refused: [116, 217, 218, 219, 241, 280, 282],
    absent: [425, 426, 427],
    socket: 198,
    ioctl: 29,
  },
};

/** Local, IPv4, IPv6 and the kernel's own: others, such as those to the host of a virtual machine (`AF_VSOCK`), know no network namespace. */
const SOCKETS = [1, 2, 10, 16];
/** Both put words into the mouth of who sits at the terminal: `TIOCSTI`, `TIOCLINUX`. */
const TERMINAL = [0x5412, 0x541c];
/** The calls of a second kind that x86-64 has begin here. */
const X32 = 0x40000000;

const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];
const [LOAD, EQUAL, AT_LEAST, RETURN] = [0x20, 0x15, 0x35, 0x06];
/** Places in `struct seccomp_data`: of the call's number, of the processor's mark, of the first and the second argument's lower half. */
const [NUMBER, MARK, FIRST, SECOND] = [0, 4, 16, 24];
const ALLOW = 0x7fff0000;
const failWith = (errno: number) => 0x00050000 | errno;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/**
 * Returns a filter of system calls for the sandbox, as `seccomp(2)` takes it; undefined for a processor whose calls are not known here.
 * Programs for other processors, 32-bit ones too, do not run under it.
 */
export function seccompFilter(arch: string = process.arch): Buffer | undefined {
  const known = ARCHITECTURES[arch];
  if (!known) return undefined;
  const { mark, refused, absent, socket, ioctl } = known;
  const failing = (number: number, errno: number): Instruction[] => [
    [EQUAL, 0, 1, number],
    [RETURN, 0, 0, failWith(errno)],
  ];
  const filter: readonly Instruction[] = [
    [LOAD, 0, 0, MARK],
    [EQUAL, 1, 0, mark],
    [RETURN, 0, 0, failWith(ENOSYS)],
    [LOAD, 0, 0, NUMBER],
    [AT_LEAST, 0, 1, X32],
    [RETURN, 0, 0, failWith(ENOSYS)],
    ...refused.flatMap((number) => failing(number, EPERM)),
    ...absent.flatMap((number) => failing(number, ENOSYS)),
    // The rest of what is looked into ends with an answer of its own.
    [EQUAL, 0, SOCKETS.length + 3, socket],
    [LOAD, 0, 0, FIRST],
    ...SOCKETS.map((family, i): Instruction => [EQUAL, SOCKETS.length - i, 0, family]),
    [RETURN, 0, 0, failWith(EAFNOSUPPORT)],
    [RETURN, 0, 0, ALLOW],
    [EQUAL, 0, TERMINAL.length + 3, ioctl],
    [LOAD, 0, 0, SECOND],
    ...TERMINAL.map((request, i): Instruction => [EQUAL, TERMINAL.length - i, 0, request]),
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, failWith(EPERM)],
    [RETURN, 0, 0, ALLOW],
  ];
  return Buffer.concat(filter.map(bytesOf));
}

/** As `struct sock_filter`, in the order of bytes of the processors above. */
function bytesOf([code, ifTrue, ifFalse, value]: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifTrue, 2);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(value >>> 0, 4);
  return bytes;
}
