import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function run(...settings: string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...settings], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function urlOf(child: ChildProcess): Promise<string> {
  let said = "";
  for await (const part of child.stdout ?? []) {
    said += part;
    const url = /listens on (http:\S+)\n/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the source stopped: ${await text(child.stderr ?? process.stdin)}`);
}

describe("the source's command", () => {
  it("prints its URL, serves the league with its faults, and stops when told to", async () => {
    const child = run("--seed", "1", "--fault", "outage:2026-01-10..12,requests=1", "--as-of", "2026-01-11");
    const url = await urlOf(child);
    const get = (date: string) => fetch(`${url}/schedule?date=${date}`);
    expect([(await get("2026-01-11")).status, (await get("2026-01-11")).status]).toEqual([503, 200]);
    expect(await (await get("2026-01-13")).text()).toContain('"status":"scheduled"');
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it.each([
    [["--fault", "flood"], 'there is no fault "flood"'],
    [["--source", "recorded", "--data", "/nowhere"], "there is no recorded season in /nowhere"],
    [
      ["--source", "recorded", "--data", "/nowhere", "--season", "2001-02"],
      "season 2001-02 was not recorded",
    ],
    [["--seed", "many"], "--seed many: write a whole number"],
    [["--speed", "2"], "Unknown option '--speed'"],
  ])("refuses %j in one line", async (settings, reason) => {
    const child = run(...settings);
    const [said, [code]] = await Promise.all([text(child.stderr ?? process.stdin), once(child, "exit")]);
    expect(said).toContain(reason);
    expect(said.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  });
});
