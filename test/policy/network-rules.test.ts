import { resource, TAGS, UNKNOWN_LIST, UNKNOWN_TEXT, verdict } from "./verdict";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

const ingress = (inputs: object) => verdict(resource(INGRESS, { inputs: { ...inputs, tags: TAGS } }));
const groupRule = (inputs: object) => verdict(resource(GROUP_RULE, { inputs: { ...inputs } }));
const group = (inputs: object) => verdict(resource(GROUP, { inputs: { ...inputs, tags: TAGS } }));
const lets = (what: string) => ({
  "no-open-ingress": `lets in ${what}: name a network of /8 or narrower, or a security group`,
});

describe("ingress", () => {
  it("comes from a network or a security group", () => {
    expect([
      ingress({ cidrIpv4: "10.0.0.0/16" }),
      ingress({ cidrIpv4: "10.0.0.0/8" }),
      ingress({ cidrIpv6: "2001:db8::/32" }),
      ingress({ referencedSecurityGroupId: "sg-0a1b" }),
      groupRule({ type: "ingress", cidrBlocks: ["10.0.0.0/16"] }),
      group({ ingress: [{ cidrBlocks: ["10.0.0.0/16"] }] }),
    ]).toEqual([{}, {}, {}, {}, {}, {}]);
  });

  it("is a problem when it comes from everywhere, in each form of a rule", () => {
    expect([
      ingress({ cidrIpv4: "0.0.0.0/0" }),
      ingress({ cidrIpv6: "::/0" }),
      ingress({ cidrIpv4: "128.0.0.0/1" }),
      groupRule({ type: "ingress", cidrBlocks: ["10.0.0.0/16", "0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }),
      group({ ingress: [{ cidrBlocks: ["0.0.0.0/0"] }, { ipv6CidrBlocks: ["::/0"] }] }),
    ]).toEqual([
      lets("0.0.0.0/0"),
      lets("::/0"),
      lets("128.0.0.0/1"),
      lets("0.0.0.0/0, ::/0"),
      lets("0.0.0.0/0, ::/0"),
    ]);
  });

  it("is a problem outside prod, too", () => {
    const declared = resource(INGRESS, {
      stack: "dev",
      inputs: { cidrIpv4: "0.0.0.0/0", tags: { project: "portal-db", stack: "dev" } },
    });
    expect(verdict(declared)).toEqual(lets("0.0.0.0/0"));
  });

  it("is no problem when its source is not known yet, and egress is none at all", () => {
    expect([
      ingress({ cidrIpv4: UNKNOWN_TEXT }),
      groupRule({ type: "ingress", cidrBlocks: UNKNOWN_LIST }),
      groupRule({ type: "egress", cidrBlocks: ["0.0.0.0/0"] }),
      group({ egress: [{ cidrBlocks: ["0.0.0.0/0"] }], ingress: UNKNOWN_LIST }),
    ]).toEqual([{}, {}, {}, {}]);
  });
});
