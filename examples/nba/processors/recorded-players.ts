// Everybody whom the recorded actuals name: the players of a season whose source has no list of them.

import { dataset, every, need, processor } from "headworks";
import { z } from "zod";
import { recordedActuals, recordedActualsDaily } from "./recorded-actuals.ts";

export const recordedPlayers = dataset("recorded_players", {
  schema: z.object({ player_id: z.int(), name: z.string() }),
  key: ["player_id"],
});

export const recordedPlayersReference = processor("recorded_players", {
  phase: "reference",
  criticality: "high",
  needs: [need(recordedActualsDaily, { partitions: every() })],
  output: recordedPlayers,
  async run(ctx) {
    const names = new Map<number, string>();
    for await (const batch of ctx.read(recordedActuals).batches()) {
      for (const { player_id, name } of batch) names.set(player_id, name);
    }
    await ctx.write(
      recordedPlayers,
      [...names].map(([player_id, name]) => ({ player_id, name })),
    );
  },
});
