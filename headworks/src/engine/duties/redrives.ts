// Puts redrives forward: every second, whoever keeps house, and whoever waits for one. The steps of all that run are one small
// transaction, under the locks of their rows. When a process dies, the next step is another's.

import { tasksDue } from "../../domain/dispatch/redrive.ts";
import { type Database, transaction } from "../../store/database.ts";
import { listFailedTasks, retryTasks } from "../../store/failure/failures.ts";
import { advanceRedrive, lockRunningRedrives } from "../../store/failure/redrives.ts";
import { hintReadyTasks } from "../../store/queue/tasks.ts";

const TASKS_AT_ONCE = 1_000;

/** Takes one step of every redrive that runs. Gives how many tasks were put back. */
export async function stepRedrives(database: Database): Promise<number> {
  const retried = await transaction(database, async (connection) => {
    let sum = 0;
    for (const { id, filter, newestId, afterId, pace, now } of await lockRunningRedrives(connection)) {
      const due = tasksDue(pace, TASKS_AT_ONCE, now);
      if (due.tasks === 0) continue;
      const found = await listFailedTasks(connection, filter, { after: afterId, limit: due.tasks });
      const tasks = found.filter((task) => task.id <= newestId);
      const back = tasks.length === 0 ? 0 : await retryTasks(connection, tasks);
      await advanceRedrive(connection, id, {
        afterId: tasks.at(-1)?.id ?? afterId,
        retried: back,
        pace: due.pace,
        isDone: tasks.length < due.tasks,
      });
      sum += back;
    }
    return sum;
  });
  if (retried > 0) await hintReadyTasks(database);
  return retried;
}
