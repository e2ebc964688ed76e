// Payloads as large as they may be, handed over by the command line while runners are killed; and what can't be one.

import { hash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Ended, runCommand } from "../../cli/command.fixture.ts";
import { MAX_PAYLOAD_BYTES } from "../../domain/dispatch/payload.ts";
import { openChaosRun, strike, tell } from "./chaos-run.ts";

const LETTERS = 24;

/** Exactly so many bytes of JSON, each of them another, with characters of two, three and four bytes. */
function payloadOf(number: number, bytes: number): string {
  const start = `{"number":${number},"text":"é€😀\\u0001`;
  return `${start}${"x".repeat(bytes - Buffer.byteLength(start) - 2)}"}`;
}

test("payloads of exactly 1 MiB arrive whole, also when their runner is killed; what is larger or can't be kept is refused, and leaves nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "headworks-letters-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await using chaos = await openChaosRun();
  const fleet = await chaos.startFleet();
  const pause = (at: string) =>
    chaos.database.query(`update headworks.queues set paused_at = ${at} where name = 'letters'`);
  await pause("now()");
  await chaos.producer.make("letter", LETTERS, "m400");
  const add = (partition: string, text: string): Promise<Ended> => {
    const file = join(folder, "payload.json");
    writeFileSync(file, text);
    return runCommand([
      "tasks",
      "add",
      "letter",
      partition,
      "--payload-file",
      file,
      "--database-url",
      chaos.server.url,
    ]);
  };

  const sent = new Map<string, string>();
  for (let number = 1; number <= LETTERS; number += 1) {
    const text = payloadOf(number, MAX_PAYLOAD_BYTES);
    expect(await add(`${number}m400`, text)).toMatchObject({ code: 0 });
    sent.set(`${number}m400`, hash("sha256", JSON.stringify(JSON.parse(text)), "hex"));
  }
  const refused: [text: string, code: string][] = [
    [payloadOf(0, MAX_PAYLOAD_BYTES + 1), "PAYLOAD_TOO_LARGE"],
    ['{"deep":[{"nul":"a\\u0000"}]}', 'at "/deep/0/nul"'],
    ['["\\ud800"]', 'at "/0"'],
    ["[".repeat(100_000) + "]".repeat(100_000), "within each other"],
  ];
  for (const [text, said] of refused) {
    const { code, stderr } = await add("1m400", text);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said.replaceAll("\\", ""))]);
  }
  await pause("null");
  strike(await fleet.busyRunner(), "SIGKILL");

  const figures = await chaos.expectAllWell();
  const { rows } = await chaos.database.query<{ key: string; hash: string }>(
    "select key, hash from prod.handed_over",
  );
  expect(new Map(rows.map((row) => [row.key, row.hash]))).toEqual(sent);
  tell("payloads of 1 MiB", figures, `${sent.size} arrived whole, ${refused.length} kinds refused`);
}, 300_000);
