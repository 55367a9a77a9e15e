import { changedKeys } from "./changed";
import { kindOfResource } from "./kind";
import type { PreviewedResource } from "./resource";

/**
 * Tells the resources of a group that serve another one of it, whose own finding says the same: the value of a secret
 * that goes, the password of a login that goes or gets another one.
 */
export function servingIn(group: readonly PreviewedResource[]): (resource: PreviewedResource) => boolean {
  const goes = ({ op }: PreviewedResource) => op === "delete";
  const logins = group.filter((one) => kindOfResource(one) === "login");
  const isSecretGone = group.some((one) => kindOfResource(one) === "secret" && goes(one));
  const isLoginGone = logins.some(goes);
  const isPasswordOther = logins.some((one) => one.op === "update" && changedKeys(one).includes("password"));
  return (resource) => {
    const kind = kindOfResource(resource);
    if (kind === "secret value") return goes(resource) && isSecretGone;
    if (kind !== "password" || resource.op === "create") return false;
    return goes(resource) ? isLoginGone : isPasswordOther;
  };
}
