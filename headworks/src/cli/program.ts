// The commands and the options they all have. A command's own module is loaded only when it is the one that runs.

import { readFileSync } from "node:fs";
import { Command, CommanderError, Help, Option } from "commander";
import { HeadworksError } from "../domain/error.ts";

/** What a command's module exports: it adds its options, examples and action. */
interface CommandModule {
  configure(command: Command): void;
}

interface Entry {
  summary: string;
  load: () => Promise<CommandModule>;
}

/** Former names of groups, which still work and which no overview shows. */
const ALIASES: Readonly<Record<string, string>> = { backup: "backups", failed: "failures" };

const COMMANDS: Record<string, Entry> = {
  dev: { summary: "run and start again whenever a file changes", load: () => import("./commands/dev.ts") },
  start: { summary: "run the pipelines", load: () => import("./commands/start.ts") },
  run: { summary: "run one output now and show its details", load: () => import("./commands/run.ts") },
  status: {
    summary: "show processors, running runs, queues and workers",
    load: () => import("./commands/status.ts"),
  },
  health: {
    summary: "say what is really wrong, and what to do next",
    load: () => import("./commands/health.ts"),
  },
  outputs: { summary: "look into the ledger of outputs", load: () => import("./commands/outputs.ts") },
  runs: { summary: "look into the history of runs", load: () => import("./commands/runs.ts") },
  logs: { summary: "search what runs have logged", load: () => import("./commands/logs.ts") },
  schedules: {
    summary: "list, show, pause or resume schedules",
    load: () => import("./commands/schedules.ts"),
  },
  queues: {
    summary: "list, pause, resume or purge queues",
    load: () => import("./commands/queues.ts"),
  },
  tasks: {
    summary: "list, add, cancel or prioritize tasks",
    load: () => import("./commands/tasks.ts"),
  },
  failures: {
    summary: "inspect, retry, resolve or ignore failed tasks",
    load: () => import("./commands/failures.ts"),
  },
  workers: {
    summary: "look at the processes that run tasks, and at what each runs",
    load: () => import("./commands/workers.ts"),
  },
  breakers: {
    summary: "list circuit breakers, or close one by hand",
    load: () => import("./commands/breakers.ts"),
  },
  lineage: {
    summary: "tell what a row came from, back to the responses of sources",
    load: () => import("./commands/lineage.ts"),
  },
  graph: { summary: "draw the pipelines", load: () => import("./commands/graph.ts") },
  migrate: { summary: "show and apply changes of the database", load: () => import("./commands/migrate.ts") },
  prune: {
    summary: "remove what is older than its age, now",
    load: () => import("./commands/prune.ts"),
  },
  backups: {
    summary: "write everything into one file, and check such files",
    load: () => import("./commands/backups.ts"),
  },
  restore: {
    summary: "put a backup into an empty database",
    load: () => import("./commands/restore.ts"),
  },
  doctor: {
    summary: "check this machine, the database and the configuration",
    load: () => import("./commands/doctor.ts"),
  },
};

const EXIT_CODES = `
Exit codes:
  0  fine
  1  something is wrong with the data: a run failed, health is not good
  2  a mistake in the usage or the configuration
  3  the database can't be reached
  70 a fault of Headworks
  130, 143  interrupted (Ctrl-C, SIGTERM) before the end

Example:
  $ headworks dev            # in a folder with a headworks.config.ts`;

/** Parses and runs. Throws what the command throws, and USAGE for what can't be parsed. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const args = argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
  const program = createProgram();
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && error.code !== "commander.help")
      throw usageError(error, commandOf(program, args));
    if (error.code === "commander.help" && error.exitCode !== 0) process.exitCode = 2;
  }
}

/** The words after `headworks` of every command that does something, former names apart. */
export async function listLeafCommands(): Promise<string[]> {
  const groups = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, { load }]) => {
      const command = new Command(name).helpCommand(false);
      (await load()).configure(command);
      const within = new Help().visibleCommands(command).map((each) => `${name} ${each.name()}`);
      return within.length === 0 ? [name] : within;
    }),
  );
  return groups.flat();
}

function createProgram(): Command {
  const program = new Command("headworks")
    .description("Runs, watches and repairs data pipelines on PostgreSQL.")
    .version(readVersion(), "-V, --version", "show the version")
    .helpCommand(false)
    .helpOption("-h, --help", "show this help")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .addHelpText("after", EXIT_CODES);
  addGlobalOptions(program);
  for (const [name, { summary }] of Object.entries(COMMANDS)) program.command(name).description(summary);
  for (const [name, group] of Object.entries(ALIASES))
    program.command(name, { hidden: true }).description(COMMANDS[group]?.summary ?? "");
  program.hook("preSubcommand", async (_program, command) => {
    const name = command.name();
    const module = await COMMANDS[ALIASES[name] ?? name]?.load();
    module?.configure(command);
  });
  return program;
}

function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option("--config <file>", "the configuration (default: headworks.config.ts, processors.yaml)"),
    )
    .addOption(
      new Option("--data-dir <dir>", "where the embedded database, the archive and the files are kept")
        .default(".headworks")
        .env("HEADWORKS_DATA_DIR"),
    )
    .addOption(
      new Option("--database-url <url>", "a PostgreSQL to use instead of the embedded one").env(
        "DATABASE_URL",
      ),
    )
    .addOption(new Option("--json", "write data as JSON"))
    .addOption(new Option("--no-color", "write without colors"));
}

function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function usageError(error: CommanderError, command: Command): HeadworksError {
  const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const meant = /Did you mean (.+)\?/.exec(suggestion ?? "")?.[1];
  const example = exampleOf(command);
  const hint =
    meant !== undefined
      ? `did you mean ${meant}?`
      : example !== undefined && error.code === "commander.missingArgument"
        ? `for example: ${example}`
        : "`headworks --help` and `headworks <command> --help` tell more";
  return new HeadworksError({ code: "USAGE", message, hint });
}

/** The command that was typed, as far as its names are known. */
function commandOf(program: Command, args: readonly string[]): Command {
  return args.reduce(
    (command, arg) => command.commands.find((each) => each.name() === arg) ?? command,
    program,
  );
}

/** The first command line of a command's help after its options. */
function exampleOf(command: Command): string | undefined {
  let help = "";
  const writeOut = (text: string) => {
    help += text;
  };
  command.configureOutput({ writeOut }).outputHelp();
  return /^ +\$ (headworks .+?)(?: {2,}#.*)?$/m.exec(help)?.[1];
}
