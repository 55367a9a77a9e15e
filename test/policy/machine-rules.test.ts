import { resource, TAGS, UNKNOWN_MAP, UNKNOWN_SWITCH, verdict } from "./verdict";

const MACHINE = "aws:ec2/instance:Instance";
const CLOSED = {
  associatePublicIpAddress: false,
  metadataOptions: { httpTokens: "required" },
  rootBlockDevice: { encrypted: true },
  tags: TAGS,
};

const cases: readonly (readonly [string, object, Record<string, string>])[] = [
  ["as the program declares it", {}, {}],
  [
    "with what is not known yet",
    {
      associatePublicIpAddress: UNKNOWN_SWITCH,
      metadataOptions: UNKNOWN_MAP,
      rootBlockDevice: UNKNOWN_MAP,
    },
    {},
  ],
  [
    "with a public address",
    { associatePublicIpAddress: true },
    { "closed-machine": "may have a public address: set associatePublicIpAddress to false" },
  ],
  [
    "with what the subnet says of its address",
    { associatePublicIpAddress: null },
    { "closed-machine": "may have a public address: set associatePublicIpAddress to false" },
  ],
  [
    "with an SSH key",
    { keyName: "mine" },
    { "closed-machine": "has an SSH key: leave keyName out; Session Manager needs none" },
  ],
  [
    "with metadata for everybody, and a plain disk",
    { metadataOptions: { httpTokens: "optional" }, rootBlockDevice: null },
    {
      "closed-machine":
        "answers metadata requests without a token: set metadataOptions.httpTokens to required; " +
        "has an unencrypted disk: set rootBlockDevice.encrypted to true",
    },
  ],
];

test.each(cases)("a machine %s", (_, change, problems) => {
  expect(verdict(resource(MACHINE, { inputs: { ...CLOSED, ...change } }))).toEqual(problems);
});
