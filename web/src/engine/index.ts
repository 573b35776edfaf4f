/** The engine: `import { PythonWorker } from "/sidestage/sidestage.js"`. No page, no prompt. */

export {
  ConversionError,
  InitError,
  PythonError,
  SidestageError,
  TimeoutError,
  WorkerCrashed,
  WorkerDestroyed,
} from "../errors.js";
export type {
  RequestOptions,
  RunPythonOptions as RunOptions,
  StartFlowOptions as FlowOptions,
} from "../protocol/methods.gen.js";
export type { Command, LogLine, ProgressReport, Response, Text } from "../protocol/types.gen.js";
export type { InitOptions, PythonWorkerOptions } from "./python_worker.js";
export { PythonWorker } from "./python_worker.js";
