import { MistakeError } from "../../infra/mistake";
import type { Handler } from "../engine/handler";
import type { Places } from "../places";
import { connectSuperuser } from "../servers/postgres";
import { AwsClients } from "./aws/clients";
import { policyHandler } from "./aws/iam-policy";
import { iamRoleHandler, rolePolicyAttachmentHandler } from "./aws/iam-role";
import { aliasHandler, keyHandler } from "./aws/key";
import { LOG_GROUP, logGroupHandler } from "./aws/log-group";
import { eventSubscriptionHandler } from "./aws/rds-events";
import { parameterGroupHandler, subnetGroupHandler } from "./aws/rds-groups";
import { instanceHandler } from "./aws/rds-instance";
import { recordedHandler } from "./aws/recorded";
import { secretHandler, secretVersionHandler } from "./aws/secret";
import { ServerBehind } from "./aws/server-behind";
import { AdminSession } from "./postgresql/admin-session";
import { databaseHandler } from "./postgresql/database";
import { defaultPrivilegesHandler } from "./postgresql/default-privileges";
import { extensionHandler } from "./postgresql/extension";
import { grantHandler } from "./postgresql/grant";
import { grantRoleHandler } from "./postgresql/grant-role";
import { roleHandler } from "./postgresql/role";
import { schemaHandler } from "./postgresql/schema";
import { randomId, randomPassword } from "./random";

/** A provider itself: its inputs are what its resources connect with. */
const PROVIDER: Handler = {
  replaceOn: [],
  create: async (inputs, call) => ({ id: call.seed, outputs: inputs }),
};

/** Where the servers are that the resources live on. */
export interface Servers {
  readonly postgresPort: number;
  readonly emulatorPort: number;
}

/** Everything that can be deployed locally. */
export class Providers {
  readonly aws: AwsClients;
  private readonly session: AdminSession;
  private readonly handlerByType: ReadonlyMap<string, Handler>;

  constructor(places: Places, servers: Servers) {
    const aws = new AwsClients(servers.emulatorPort);
    const server = new ServerBehind(places, servers.postgresPort);
    this.session = new AdminSession((database) => connectSuperuser(places, servers.postgresPort, database));
    this.aws = aws;
    this.handlerByType = new Map<string, Handler>([
      ["pulumi:providers:postgresql", PROVIDER],
      ["pulumi:providers:aws", PROVIDER],
      ["pulumi:providers:random", PROVIDER],
      ["random:index/randomPassword:RandomPassword", randomPassword],
      ["random:index/randomId:RandomId", randomId],
      ["postgresql:index/role:Role", roleHandler(this.session)],
      ["postgresql:index/grantRole:GrantRole", grantRoleHandler(this.session)],
      ["postgresql:index/database:Database", databaseHandler(this.session)],
      ["postgresql:index/schema:Schema", schemaHandler(this.session)],
      ["postgresql:index/grant:Grant", grantHandler(this.session)],
      ["postgresql:index/defaultPrivileges:DefaultPrivileges", defaultPrivilegesHandler(this.session)],
      ["postgresql:index/extension:Extension", extensionHandler(this.session)],
      ["aws:secretsmanager/secret:Secret", secretHandler(aws)],
      ["aws:secretsmanager/secretVersion:SecretVersion", secretVersionHandler(aws)],
      ["aws:kms/key:Key", keyHandler(aws)],
      ["aws:kms/alias:Alias", aliasHandler(aws)],
      ["aws:iam/policy:Policy", policyHandler(aws)],
      ["aws:iam/role:Role", iamRoleHandler(aws)],
      ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", rolePolicyAttachmentHandler(aws)],
      [LOG_GROUP, logGroupHandler(aws)],
      ["aws:rds/subnetGroup:SubnetGroup", subnetGroupHandler(aws)],
      ["aws:rds/parameterGroup:ParameterGroup", parameterGroupHandler(aws)],
      ["aws:rds/instance:Instance", instanceHandler(aws, server)],
      ["aws:rds/eventSubscription:EventSubscription", eventSubscriptionHandler(aws)],
    ]);
  }

  /** @throws {MistakeError} that names a type which the local platform does not know */
  readonly handlerOf = (type: string): Handler => {
    const handler = this.handlerByType.get(type) ?? recordedHandler(type);
    if (handler === undefined) {
      throw new MistakeError(
        `the local platform does not know the resource type ${type}: give it a handler in local/providers`,
      );
    }
    return handler;
  };

  /** Closes what is open. */
  close(): Promise<void> {
    return this.session.close();
  }
}
