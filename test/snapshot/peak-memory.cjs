// Loaded into a command by --require: writes how much memory the process took at most, in kB.
process.once("exit", () => {
  require("node:fs").writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
