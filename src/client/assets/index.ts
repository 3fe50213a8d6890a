export { addressesOf } from "./asset-urls.ts";
export { swapImages } from "./images.ts";
export { swapStyleSheets } from "./style-sheets.ts";
