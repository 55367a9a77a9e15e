import { flagIn, type Handler, textIn, textsIn, told } from "../../engine/handler";
import type { Properties } from "../../engine/values";
import { type AwsClients, unlessNamed } from "./clients";
import { rdsTags } from "./rds-tags";
import { awsTags, tagOutputs } from "./tags";

const GONE = ["SubscriptionNotFound", "SubscriptionNotFoundFault"];
const SETS = ["eventCategories", "sourceIds"];

/** `aws:rds/eventSubscription:EventSubscription`; internal/service/rds/event_subscription.go of the provider. */
export function eventSubscriptionHandler(aws: AwsClients): Handler {
  const remove = async (name: string) => {
    const client = await aws.rds();
    await unlessNamed(GONE, () => client.deleteEventSubscription({ SubscriptionName: name }));
  };
  const make = async (inputs: Properties) => {
    const client = await aws.rds();
    const name = textIn(inputs, "name");
    const { EventSubscription } = await client.createEventSubscription({
      SubscriptionName: name,
      SnsTopicArn: textIn(inputs, "snsTopic"),
      SourceType: textIn(inputs, "sourceType"),
      SourceIds: [...textsIn(inputs, "sourceIds")],
      EventCategories: [...textsIn(inputs, "eventCategories")],
      Enabled: flagIn(inputs, "enabled", true),
      Tags: awsTags(inputs),
    });
    const arn = EventSubscription?.EventSubscriptionArn ?? "";
    return { id: name, outputs: { ...inputs, ...tagOutputs(inputs), arn } };
  };
  // The emulator changes none: it is made anew under its name, as one that a killed run left is.
  const remake = async (name: string, inputs: Properties) => {
    await remove(name);
    return make(inputs);
  };
  return {
    home: "emulator",
    replaceOn: ["name", "namePrefix"],
    sets: SETS,
    defaults: { enabled: true },
    create: (inputs) => remake(textIn(inputs, "name"), inputs),
    update: (before, inputs) => remake(before.id, inputs),
    read: async (before) => {
      const client = await aws.rds();
      const found = await unlessNamed(GONE, () =>
        client.describeEventSubscriptions({ SubscriptionName: before.id }),
      );
      const one = found?.EventSubscriptionsList?.[0];
      if (one === undefined) return undefined;
      const { EventSubscriptionArn: arn, CustSubscriptionId: name, SnsTopicArn: snsTopic } = one;
      const { SourceType: sourceType, Enabled: enabled } = one;
      const lists = { eventCategories: one.EventCategoriesList, sourceIds: one.SourceIdsList };
      const tags = await rdsTags(client, arn);
      const all = { arn, name, snsTopic, sourceType, enabled, ...lists, ...tags };
      return told(before, all, { sets: SETS, defaults: { enabled: true } });
    },
    remove: ({ id }) => remove(id),
  };
}
