/**
 * Keeps AWS's SDK from saying on Node 20, in the middle of each command, that its versions of January 2027 on need Node 22.
 * Those that are pinned run on it. This goes when Node 20 goes out of `engines`, in January 2027 at the latest.
 */
export function hideNodeNotice(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
}
