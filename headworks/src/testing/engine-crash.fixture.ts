// A process of its own that runs the crash pipeline. Its first killer run waits for the neighbors to run beside it, and
// then ends the process with kill -9; so does each later one at once. With "hang", neighbors and killer just go on.

import { startEngine } from "./engine.ts";
import { crashPipeline, NEIGHBORS } from "./engine-crash.pipeline.ts";

const [url = "", mode = "kill"] = process.argv.slice(2);
const forever = () => new Promise<never>(() => undefined);
const allThere = Promise.withResolvers<void>();
let neighbors = 0;
let running = 0;

function noteRunning(): void {
  running += 1;
  if (running === NEIGHBORS + 1) process.send?.("running");
}

const pipeline = crashPipeline({
  async onNeighbor() {
    neighbors += 1;
    noteRunning();
    if (neighbors === NEIGHBORS) allThere.resolve();
    // Alone there is nobody to wait for.
    if (mode === "hang" || process.argv[4] === "first") await forever();
  },
  async onKiller(attempt) {
    noteRunning();
    if (mode === "hang") await forever();
    if (attempt === 1) await allThere.promise;
    process.kill(process.pid, "SIGKILL");
    await forever();
  },
});

const { openDatabase } = await import("../store/database.ts");
const database = openDatabase({ url, role: "tests" });
const engine = await startEngine([pipeline], {
  database: { url, database, [Symbol.asyncDispose]: () => database.end() },
});
await engine.untilSettled();
await engine[Symbol.asyncDispose]();
await database.end();
process.send?.("settled", () => process.disconnect());
