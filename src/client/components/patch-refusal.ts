/** Why a patch cannot be taken: the page is brought up to date by the build, then. */
export class PatchRefusal extends Error {}
