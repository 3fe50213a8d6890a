export { analyseModule } from "./analyse-module.ts";
export { ENVIRONMENT } from "./module-analysis.ts";
export type {
  NamespaceUse,
  BindingKind,
  CellCandidate,
  ClassShape,
  GlobalUse,
  ImportReference,
  ModuleAnalysis,
  ModuleExport,
  ResourceInitializer,
  RuntimeImports,
  StatefulHandlerCall,
  StaticImport,
  TextRange,
  TopLevelBinding,
} from "./module-analysis.ts";
export type { Node } from "./syntax.ts";
export { forEachChild } from "./syntax.ts";
