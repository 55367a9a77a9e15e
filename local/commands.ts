import type { EntryPoint } from "../cli/command";
import { SHARED } from "./options";

/** `npm run local`. */
export const LOCAL: EntryPoint = {
  typed: "npm run local --",
  fallback: "up",
  shared: SHARED,
  commands: [
    {
      name: "up",
      usage: "",
      summary: "start the servers, deploy prod and dev, prove every URL",
      load: async () => (require("./verbs/up") as typeof import("./verbs/up")).UP,
    },
    {
      name: "preview",
      usage: "",
      summary: "print what up would change; touches nothing",
      load: async () => (require("./verbs/preview") as typeof import("./verbs/preview")).PREVIEW,
    },
    {
      name: "status",
      usage: "",
      summary: "print what runs, and what is deployed",
      load: async () => (require("./verbs/status") as typeof import("./verbs/status")).STATUS,
    },
    {
      name: "url",
      usage: "<app> <environment>",
      summary: "print the app's DATABASE_URL alone",
      load: async () => (require("./verbs/url") as typeof import("./verbs/url")).URL_OF_APP,
    },
    {
      name: "unprotect",
      usage: "<urn>… | <app> <environment> | --all --stack <stack>",
      summary: "let the next up delete what is protected, as pulumi state unprotect does",
      load: async () => (require("./verbs/unprotect") as typeof import("./verbs/unprotect")).UNPROTECT,
    },
    {
      name: "down",
      usage: "",
      summary: "stop the servers; all data are kept",
      load: async () => (require("./verbs/down") as typeof import("./verbs/down")).DOWN,
    },
    {
      name: "destroy",
      usage: "",
      summary: "delete everything, protected or not; --all removes the installed tools too",
      load: async () => (require("./verbs/destroy") as typeof import("./verbs/destroy")).DESTROY,
    },
  ],
};
