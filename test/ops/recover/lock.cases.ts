import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { MistakeError } from "../../../infra/mistake";
import { type Holder, holdersIn, type Processes, processesOn, requireGone } from "../../../ops/recover/lock";

/** What CLI 3.274.1 says of a locked stack. */
const REFUSAL = `error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///srv/state/.pulumi/locks/organization/portal-db/prod/36ca991c-5a74-45c1-a1e1-c5769e14c487.json?no_tmp_dir=true: created by root@vm (pid 26431) at 2026-11-27T01:29:15Z
  s3://bucket/prod/.pulumi/locks/organization/portal-db/prod/9d0f8f8e-0b6d-4f0e-9a43-0c4f0a1f7a52.json?region=us-east-1: created by me and you@fv-az1 (pid 1732) at 2026-11-27T02:00:00+01:00
`;

const HOLDER: Holder = { user: "root", host: "vm", pid: 26431, since: "2026-11-27T01:29:15Z" };
const SINCE = Date.parse(HOLDER.since);

const machine = (began: ReturnType<Processes["beganAt"]>): Processes => ({
  host: "vm",
  beganAt: () => began,
});
const refusal = (processes: Processes, isSaidGone = false): string => {
  try {
    requireGone([HOLDER], processes, isSaidGone);
    return "";
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

test("every holder is read out of the CLI's refusal, and none where the stack is not locked", () => {
  expect(holdersIn(REFUSAL)).toEqual([
    HOLDER,
    { user: "me and you", host: "fv-az1", pid: 1732, since: "2026-11-27T02:00:00+01:00" },
  ]);
  expect(holdersIn("error: a stack named organization/portal-db/prod already exists\n")).toEqual([]);
});

test("a holder on this machine is gone when its process is, or when the number is a later one's", () => {
  expect(refusal(machine(undefined))).toBe("");
  expect(refusal(machine(SINCE + 3000))).toBe("");
});

test("a holder that lives, or that cannot be told from another process, keeps its lock, whatever is said", () => {
  const atWork =
    "a deployment is at work (root@vm, pid 26431, since 2026-11-27T01:29:15Z): wait until it has ended";
  for (const began of [SINCE - 1000, SINCE, "unknown"] as const)
    expect([refusal(machine(began)), refusal(machine(began), true)]).toEqual([atWork, atWork]);
});

test("a holder on another machine keeps its lock until somebody says that it is gone", () => {
  const elsewhere: Processes = { host: "here", beganAt: () => undefined };
  expect(refusal(elsewhere)).toBe(
    "the lock is held on another machine (root@vm, pid 26431, since 2026-11-27T01:29:15Z), which cannot be asked from " +
      "here: see that nothing deploys there any more, a workflow for example, and add --holder-is-gone",
  );
  expect(refusal(elsewhere, true)).toBe("");
});

test("this machine knows when a process began, and that one has ended", async () => {
  const { beganAt } = processesOn(hostname());
  const before = Date.now();
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  const began = beganAt(pid);
  expect(typeof began).toBe("number");
  expect(Math.abs(Number(began) - before)).toBeLessThan(5000);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(beganAt(pid)).toBeUndefined();
});

test("a lock that cannot be read is no free stack", () => {
  const refusal = "error: could not read lock: unexpected end of JSON input\n";
  expect(() => holdersIn(refusal)).toThrow(
    new MistakeError(
      "whether the stack is locked cannot be told: error: could not read lock: unexpected end of JSON input",
    ),
  );
  expect(holdersIn("error: a stack named dev already exists\n")).toEqual([]);
});
