// Stands in for the client of a container engine: docker's or podman's, as its first argument is called. It refuses whatever it does not know, keeps
// what it is told below the folder `state` beside it, and has the programs of containers run on this machine, in the mounted folders.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const [self, command, ...args] = process.argv.slice(2);
const kind = basename(self);
const state = join(dirname(self), 'state');
const containers = join(state, 'containers');
const settings = JSON.parse(readFileSync(join(state, 'settings.json'), 'utf8'));
const isPodman = kind === 'podman';

mkdirSync(containers, { recursive: true });
appendFileSync(join(state, 'calls.jsonl'), `${JSON.stringify({ command, args, env: process.env })}\n`);

function fail(text, code = 125) {
  process.stderr.write(`${kind}: ${text}\n`);
  process.exit(code);
}

/** Takes options and their values from the front of the arguments. `known`: whether each has a value. */
function take(rest, known) {
  const found = new Map();
  while (rest[0]?.startsWith('-')) {
    const [name, attached] = rest.shift().split(/=(.*)/s, 2);
    if (!Object.hasOwn(known, name)) fail(`unknown flag: ${name}`);
    if (!known[name] && attached !== undefined && !isPodman) fail(`${name} takes no value`);
    const value = known[name] ? (attached ?? rest.shift()) : (attached ?? 'true');
    if (value === undefined) fail(`flag needs an argument: ${name}`);
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}

function need(condition, text) {
  if (!condition) fail(text);
}

function answers() {
  if (settings.down) fail(`Cannot connect to the ${kind} daemon. Is it running?`, 1);
}

function pathOf(name) {
  need(/^[A-Za-z0-9][\w.-]+$/.test(name), `invalid container name: ${name}`);
  return join(containers, name);
}

function read(name) {
  return existsSync(pathOf(name)) ? JSON.parse(readFileSync(pathOf(name), 'utf8')) : undefined;
}

/** In a container, `kill -0 -1` tells its first process whether any other is left. */
const KILL = `kill() {
  [ "$*" = "-0 -1" ] || exit 9
  for file in /proc/[0-9]*/stat; do
    read -r stat < "$file" || continue
    set -- \${stat##*) }
    [ "$4" = "$$" ] && [ "$file" != "/proc/$$/stat" ] && [ "$1" != Z ] && return 0
  done
  return 1
}
`;

/** The processes of a container are those of its session. */
function processesOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          Number(
            readFileSync(`/proc/${name}/stat`, 'latin1')
              .replace(/^.*\) /s, '')
              .split(' ')[3],
          ) === pid
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

function signal(pids, name) {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
}

const COMMANDS = {
  '--version': () => console.log(isPodman ? 'podman version 5.0.0' : 'Docker version 28.0.0, build 0000000'),

  info() {
    const options = take(args, { '--format': true });
    answers();
    const format = options.get('--format')?.[0];
    need(format === (isPodman ? 'json' : '{{json .}}'), `format ${format}`);
    const podman = { host: { security: { rootless: settings.rootless === true } }, version: { Version: '5.0.0' } };
    const docker = {
      ServerVersion: '28.0.0',
      SecurityOptions: ['name=seccomp,profile=builtin', ...(settings.rootless ? ['name=rootless'] : [])],
    };
    console.log(JSON.stringify(isPodman ? podman : docker));
  },

  context() {
    need(!isPodman && args.shift() === 'inspect', 'unknown command');
    const options = take(args, { '--format': true });
    need(options.get('--format')?.[0] === '{{.Endpoints.docker.Host}}', 'unknown format');
    console.log(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock');
  },

  image() {
    need(args.shift() === 'inspect', 'unknown command');
    answers();
    const pulled = join(state, 'pulled');
    const known = existsSync(pulled) ? readFileSync(pulled, 'utf8').split('\n') : [];
    if (!known.includes(args[0])) fail(`No such image: ${args[0]}`, 1);
    const name = args[0].replace(/[:@].*$/, '');
    console.log(JSON.stringify([{ Id: settings.imageId, RepoDigests: [`${name}@sha256:${'d'.repeat(64)}`] }]));
  },

  pull() {
    const options = take(args, { '--quiet': false, ...(isPodman && { '--authfile': true }) });
    answers();
    const [name, ...more] = args;
    need(name && more.length === 0, 'requires exactly 1 argument');
    const file = isPodman
      ? options.get('--authfile')?.[0]
      : join(process.env.DOCKER_CONFIG ?? '/nowhere', 'config.json');
    need(existsSync(file ?? ''), 'no file of credentials');
    need((statSync(file).mode & 0o077) === 0, 'others can read the credentials');
    const { server, user, password } = settings.registry ?? {};
    const { auths = {} } = JSON.parse(readFileSync(file, 'utf8'));
    const auth = Buffer.from(`${user}:${password}`).toString('base64');
    if (server && auths[server]?.auth !== auth) fail(`pull access denied for ${name}`, 1);
    if (name.includes('missing')) fail(`manifest for ${name} not found: manifest unknown`, 1);
    appendFileSync(join(state, 'pulled'), `${name}\n`);
  },

  run() {
    answers();
    const options = take(args, {
      ...{
        '--name': true,
        '--rm': false,
        '--pull': true,
        '--label': true,
        '--log-driver': true,
        '--no-healthcheck': false,
      },
      ...{ '--cap-drop': true, '--security-opt': true, '--read-only': false, '--tmpfs': true, '--shm-size': true },
      ...{ '--pids-limit': true, '--memory': true, '--cidfile': true, '--user': true, '--userns': true },
      ...{ '--network': true, '--mount': true, '--workdir': true, '--env': true, '--entrypoint': true },
      ...{ '--interactive': false, '--tty': false, ...(isPodman && { '--http-proxy': false }) },
    });
    const one = (name) => {
      const values = options.get(name) ?? [];
      need(values.length === 1, `${name} is there ${values.length} times`);
      return values[0];
    };
    const [image, ...given] = args;
    need(image === settings.imageId, `no image ${image}`);
    for (const name of ['--rm', '--no-healthcheck', '--read-only']) need(one(name) === 'true', name);
    need(one('--pull') === 'never' && one('--log-driver') === 'none', 'pulls or logs');
    need(one('--cap-drop') === 'ALL' && one('--security-opt') === 'no-new-privileges', 'has rights');
    need(/^[1-9]\d*$/.test(one('--pids-limit')) && /^[1-9]\d*m$/.test(one('--memory')), 'has no bounds');
    need(/^\d+:\d+$/.test(one('--user')), 'has no user');
    if (isPodman) need(one('--http-proxy') === 'false', 'has the proxies of its client');
    else need(process.env.DOCKER_CONFIG?.includes('/engine'), 'has the configuration of the user');
    need(one('--entrypoint') === '/bin/sh', 'has the entry point of its image');
    need(one('--label').startsWith('hookyard.workspace=/'), 'has no label');
    const name = one('--name');
    if (existsSync(pathOf(name))) fail(`the name ${name} is in use`);
    const network = options.get('--network')?.[0] ?? 'default';
    const holder = /^container:(.+)$/.exec(network)?.[1];
    if (holder !== undefined) need(read(holder), `no such container: ${holder}`);
    for (const mount of options.get('--mount') ?? []) {
      const fields = Object.fromEntries(mount.split(',').map((field) => field.split('=')));
      const { type, source, target, readonly, ...more } = fields;
      need(type === 'bind' && source?.startsWith('/') && target?.startsWith('/'), `mount ${mount}`);
      need(Object.keys(more).length === 0 && existsSync(source), `mount ${mount}`);
      need(readonly !== undefined || source.startsWith(settings.writable), `${source} could be written to`);
    }
    const env = { PATH: process.env.PATH, IMAGE: 'yes' };
    for (const variable of options.get('--env') ?? []) {
      need(
        /^HOOKYARD_STEP_\d+$/.test(variable),
        `${variable} could be read by the client, or is told on its command line`,
      );
      need(process.env[variable] !== undefined, `${variable} is not set`);
      env[variable] = process.env[variable];
    }
    const [idFile] = options.get('--cidfile') ?? [];
    if (idFile !== undefined) writeFileSync(idFile, name);
    const input = options.has('--interactive') ? 'inherit' : 'ignore';
    const [cwd = '/'] = options.get('--workdir') ?? [];
    // It goes on without its client.
    const [flag, script, ...more] = given;
    const own = [flag, `${KILL}${script}`, ...more];
    const child = spawn('/bin/sh', own, { cwd, env, detached: true, stdio: [input, 'inherit', 'inherit'] });
    writeFileSync(pathOf(name), JSON.stringify({ pid: child.pid, label: one('--label') }));
    child.on('exit', (code, by) => {
      signal(processesOf(child.pid), 'SIGKILL');
      rmSync(pathOf(name), { force: true });
      process.exit(code ?? 128 + (by === 'SIGKILL' ? 9 : 15));
    });
  },

  exec() {
    const [name, shell, flag, script, ...more] = args;
    const found = read(name) ?? fail(`No such container: ${name}`, 1);
    const by = /^kill -s USR1 1; kill -s (INT|TERM) -- -1 \|\| kill -\1 -1$/.exec(script)?.[1];
    need(shell === '/bin/sh' && flag === '-c' && by && more.length === 0, 'unknown command');
    signal([found.pid], 'SIGUSR1');
    signal(
      processesOf(found.pid).filter((pid) => pid !== found.pid),
      `SIG${by}`,
    );
  },

  kill() {
    const options = take(args, { '--signal': true });
    need(options.get('--signal')?.[0] === 'KILL' && args.length === 1, 'which?');
    const found = read(args[0]) ?? fail(`No such container: ${args[0]}`, 1);
    signal(processesOf(found.pid), 'SIGKILL');
  },

  ps() {
    const options = take(args, { '--all': false, '--quiet': false, '--no-trunc': false, '--filter': true });
    answers();
    const label = /^label=(.+)$/.exec(options.get('--filter')?.[0] ?? '')?.[1];
    for (const name of readdirSync(containers)) if (read(name)?.label === label) console.log(name);
  },

  rm() {
    const podmans = { '--time': true, '--ignore': false };
    const options = take(args, { '--force': false, '--volumes': false, ...(isPodman && podmans) });
    need(options.has('--force') && args.length > 0, 'which?');
    for (const name of args) {
      signal(processesOf(read(name)?.pid), 'SIGKILL');
      rmSync(pathOf(name), { force: true });
    }
  },
};

if (!Object.hasOwn(COMMANDS, command)) fail(`unknown command: ${command}`);
COMMANDS[command]();
