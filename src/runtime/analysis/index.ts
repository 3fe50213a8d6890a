export { firstDecorator } from "./decorators.ts";
export { analyseModule } from "./analyse-module.ts";
export { ENVIRONMENT } from "./module-analysis.ts";
export type {
  BindingKind,
  CellCandidate,
  ClassShape,
  FillSource,
  GlobalUse,
  ImportReference,
  ImportUse,
  ModuleAnalysis,
  ModuleExport,
  ModuleSyntax,
  ResourceInitializer,
  RuntimeImports,
  StatefulHandlerCall,
  StaticImport,
  TextRange,
  TopLevelBinding,
} from "./module-analysis.ts";
export type { ModuleFormat } from "./module-model.ts";
export { DEFAULT_EXPORT } from "./links.ts";
export type { Node } from "./syntax.ts";
export { forEachChild } from "./syntax.ts";
