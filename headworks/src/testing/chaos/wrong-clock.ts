// Loaded before everything else in a process: its clock is off by HEADWORKS_CHAOS_CLOCK_MS, as a machine's may be.

const offMs = Number(process.env.HEADWORKS_CHAOS_CLOCK_MS);
const RealDate = Date;

class WrongDate extends RealDate {
  constructor(...args: [] | [string | number | Date]) {
    if (args.length === 0) super(WrongDate.now());
    else super(args[0]);
  }

  static override now(): number {
    return RealDate.now() + offMs;
  }
}

globalThis.Date = WrongDate as DateConstructor;
