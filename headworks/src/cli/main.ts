// The command line: finds the command, loads only its module, and turns every error into a message and an exit code.

import { EXIT, presentError, presentErrorAsJson } from "./errors.ts";
import { painter, writeMessage } from "./render/output.ts";

/** Runs one command. Sets process.exitCode; never rejects. */
export async function main(argv: string[]): Promise<void> {
  if (argv.includes("--no-color")) {
    process.env.NO_COLOR = "1";
    delete process.env.FORCE_COLOR;
  }
  process.stdout.on("error", endQuietly);
  try {
    if (argv[0] === "runner") return await runRunner();
    const { runProgram } = await import("./program.ts");
    await runProgram(argv);
  } catch (error) {
    const explained = await explain(error);
    const presented = argv.includes("--json")
      ? presentErrorAsJson(explained)
      : presentError(explained, painter(process.stderr));
    writeMessage(presented.lines.join("\n"));
    process.exitCode = presented.exitCode;
  }
}

/** What a supervisor forks: not for hands, so not in the help. */
async function runRunner(): Promise<void> {
  const { runRunnerProcess } = await import("../engine/process/runner-process.ts");
  await runRunnerProcess();
}

/** A database that goes away in the middle of a command is no fault of Headworks. */
async function explain(error: unknown): Promise<unknown> {
  const { HeadworksError, messageOf } = await import("../domain/error.ts");
  if (error instanceof HeadworksError) return error;
  const { isConnectionLoss } = await import("../store/database.ts");
  if (!isConnectionLoss(error)) return error;
  return new HeadworksError({
    code: "DATABASE_UNREACHABLE",
    message: `the database went away (${messageOf(error)})`,
    hint: "look whether it runs, then run the command again: nothing that was settled is lost",
    cause: error,
  });
}

/** Who reads the output may have seen enough (`| head`). */
function endQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === "EPIPE" ? EXIT.fine : EXIT.internal);
}
