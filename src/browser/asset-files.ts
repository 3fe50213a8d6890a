import path from "node:path";

/** Where files are that pages show as they are. */
export interface AssetFolders {
  readonly root: string;
  /** Whose files are at the top of all addresses; nothing where there is none. */
  readonly publicDir: string;
}

const IMAGE = /\.(?:apng|avif|bmp|cur|gif|ico|jfif|jpe?g|jxl|pjp|pjpeg|png|svg|webp)$/i;

/** Whether a file is an image by its name. */
export function isImage(file: string): boolean {
  return IMAGE.test(file);
}

/**
 * The path at which pages have a file that is shown as it is: an image, or a style sheet that nothing is made of. Below the base
 * of the project.
 */
export function assetPath(file: string, { root, publicDir }: AssetFolders): string | undefined {
  const inPublic = publicDir === "" ? undefined : below(publicDir, file);
  if (inPublic !== undefined) return isImage(file) || file.endsWith(".css") ? inPublic : undefined;
  const inRoot = below(root, file);
  return inRoot !== undefined && isImage(file) && !inRoot.includes("/node_modules/") ? inRoot : undefined;
}

function below(folder: string, file: string): string | undefined {
  const name = path.relative(folder, file);
  if (name.startsWith("..") || path.isAbsolute(name)) return undefined;
  const steps = name.split(path.sep).map((step) => encodeURIComponent(step));
  return `/${steps.join("/")}`;
}
