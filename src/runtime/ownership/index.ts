export { outsideOwnership, Ownership } from "./ownership.ts";
export type { ListedResource, OwnershipInit } from "./ownership.ts";
export type { ClosedResource, OwnedResource, ResourceKind } from "./resource.ts";
