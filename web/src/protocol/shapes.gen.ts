// Generated from Sidestage's Python by tools/generate_protocol.py. Do not edit.

import type { Answer, Field, Shape } from "./shape.js";

/** Each type: its fields, each with its shape, and 1 where it may be absent. */
export const WIRE_TYPES: Record<string, Field[]> = {
  Translatable: [["translations",{"record":"string"}]],
  PayloadVoid: [["__type__",{"is":["PayloadVoid"]}],["value","null",1]],
  PayloadTrue: [["__type__",{"is":["PayloadTrue"]}],["value",{"is":[true]}]],
  PayloadFalse: [["__type__",{"is":["PayloadFalse"]}],["value",{"is":[false]}]],
  PayloadString: [["__type__",{"is":["PayloadString"]}],["value","string"]],
  PayloadJSON: [["__type__",{"is":["PayloadJSON"]}],["value","string"]],
  PayloadError: [["__type__",{"is":["PayloadError"]}],["value","string"]],
  FileReference: [["$type",{"is":["file"]}],["path","string"],["name","string"],["size","integer"]],
  PayloadFile: [["__type__",{"is":["PayloadFile"]}],["value",{"anyOf":["File","FileReference"]}]],
  PayloadFileArray: [["__type__",{"is":["PayloadFileArray"]}],["value",{"list":{"anyOf":["File","FileReference"]}}]],
  PayloadFiles: [["__type__",{"is":["PayloadFiles"]}],["value",{"list":{"anyOf":["File","FileReference"]}}]],
  Review: [["deleted",{"record":{"list":"integer"}}],["agreement","integer",1]],
  PayloadReview: [["__type__",{"is":["PayloadReview"]}],["value","Review"]],
  DonationResult: [["success","boolean"],["key","string"],["status","integer"],["error","string",1]],
  PayloadResponse: [["__type__",{"is":["PayloadResponse"]}],["value","DonationResult"]],
  Response: [["__type__",{"is":["Response"]}],["command","string"],["payload","Payload"]],
  RadioItem: [["id","integer"],["value","Text"]],
  PropsUIPromptRadioInput: [["__type__",{"is":["PropsUIPromptRadioInput"]}],["title","Text"],["description","Text"],["items",{"list":"RadioItem"}]],
  PropsUIPromptConfirm: [["__type__",{"is":["PropsUIPromptConfirm"]}],["text","Text"],["ok","Text"],["cancel","Text"]],
  PropsUIPromptFileInput: [["__type__",{"is":["PropsUIPromptFileInput"]}],["description","Text"],["extensions","string"]],
  PropsUIPromptFileInputMultiple: [["__type__",{"is":["PropsUIPromptFileInputMultiple"]}],["description","Text"],["extensions","string"]],
  PropsUIPromptCustom: [["__type__",{"is":["PropsUIPromptCustom"]}],["name","string"],["fields",{"record":"unknown"}],["texts",{"list":"string"}],["answers",{"list":{"is":["PayloadVoid","PayloadTrue","PayloadFalse","PayloadString","PayloadJSON"]}}],["wide","boolean",1]],
  PropsUIPromptProgress: [["__type__",{"is":["PropsUIPromptProgress"]}],["description","Text"],["message","Text"],["percentage","number",1]],
  PropsUIPromptRetry: [["__type__",{"is":["PropsUIPromptRetry"]}],["text","Text"],["ok","Text"]],
  PropsUIPromptConsentFormTable: [["__type__",{"is":["PropsUIPromptConsentFormTable"]}],["id","string"],["number","integer"],["title","Text"],["description","Text"],["data_frame",{"anyOf":["string",{"list":"string"}]}],["headers",{"record":"Text"},1]],
  PropsUIDataSubmissionButtons: [["__type__",{"is":["PropsUIDataSubmissionButtons"]}],["donateQuestion","Text",1],["donateButton","Text",1],["waiting","boolean",1]],
  PropsUIPromptConsentForm: [["__type__",{"is":["PropsUIPromptConsentForm"]}],["tables",{"list":"PropsUIPromptConsentFormTable"}],["metaTables",{"list":"PropsUIPromptConsentFormTable"},1],["description","Text",1],["donateQuestion","Text",1],["donateButton","Text",1]],
  PropsUIPromptText: [["__type__",{"is":["PropsUIPromptText"]}],["text","Text"],["title","Text",1],["button","Text",1]],
  PropsUIPromptHelloWorld: [["__type__",{"is":["PropsUIPromptHelloWorld"]}],["text","Text"]],
  PropsUIHeader: [["__type__",{"is":["PropsUIHeader"]}],["title","Text"]],
  PropsUIPageDataSubmission: [["__type__",{"is":["PropsUIPageDataSubmission"]}],["platform","string"],["header","PropsUIHeader"],["body",{"list":"Prompt"}]],
  PropsUIPageEnd: [["__type__",{"is":["PropsUIPageEnd"]}]],
  PropsUIPageError: [["__type__",{"is":["PropsUIPageError"]}],["message","string"]],
  CommandUIRender: [["__type__",{"is":["CommandUIRender"]}],["page","Page"]],
  CommandSystemDonate: [["__type__",{"is":["CommandSystemDonate"]}],["key","string"],["json_string","string"]],
  AgreedPart: [["agreement","integer"],["name","string"]],
  CommandSystemDonateAgreed: [["__type__",{"is":["CommandSystemDonateAgreed"]}],["key","string"],["parts",{"list":"AgreedPart"}],["form",{"is":["parts","part","rows"]}]],
  CommandSystemLog: [["__type__",{"is":["CommandSystemLog"]}],["level",{"is":["debug","info","warn","error"]}],["message","string"],["json_string","string"]],
  CommandSystemExit: [["__type__",{"is":["CommandSystemExit"]}],["code","integer"],["info","string"]],
  CommandSystemEvent: [["__type__",{"is":["CommandSystemEvent"]}],["name","string"]],
  ErrorReply: [["name","string"],["message","string"],["stack","string",1],["pythonTraceback","string",1]],
  ProgressReport: [["stage",{"is":["download","start","packages","ready"]}],["message","string"],["value","number"]],
  LogLine: [["stream",{"is":["stdout","stderr","system"]}],["text","string"]],
  LogReport: [["lines",{"list":"LogLine"}]],
  CrashedReport: [["message","string"]],
  InitRequest: [["packages",{"list":"string"},1],["archives",{"list":"unknown"},1],["files",{"record":"unknown"},1],["globals",{"record":"unknown"},1]],
  ReadyReply: [["python","string"]],
  RunPythonRequest: [["code","string"],["globals",{"record":"unknown"},1]],
  ResultReply: [["value","unknown",1]],
  InstallPackagesRequest: [["packages",{"list":"string"}]],
  InstalledReply: [["packages",{"list":"string"}]],
  StartFlowRequest: [["script","string"],["sessionId","string"],["platform","string",1],["title","Text",1]],
  CommandReply: [["command","Command"]],
};

/** Each union: its members. */
export const UNIONS: Record<string, Shape[]> = {
  Text: ["string","Translatable"],
  Payload: ["PayloadVoid","PayloadTrue","PayloadFalse","PayloadString","PayloadJSON","PayloadError","PayloadFile","PayloadFileArray","PayloadFiles","PayloadReview","PayloadResponse"],
  Command: ["CommandUIRender","CommandSystemDonate","CommandSystemDonateAgreed","CommandSystemLog","CommandSystemExit","CommandSystemEvent"],
  Prompt: ["PropsUIPromptRadioInput","PropsUIPromptConfirm","PropsUIPromptFileInput","PropsUIPromptFileInputMultiple","PropsUIPromptCustom","PropsUIPromptProgress","PropsUIPromptRetry","PropsUIPromptConsentFormTable","PropsUIDataSubmissionButtons","PropsUIPromptConsentForm","PropsUIPromptText","PropsUIPromptHelloWorld"],
  Page: ["PropsUIPageDataSubmission","PropsUIPageEnd","PropsUIPageError"],
};

/** Each message: the type of its payload. */
export const MESSAGES: Record<string, string> = {
  init: "InitRequest",
  runPython: "RunPythonRequest",
  installPackages: "InstallPackagesRequest",
  startFlow: "StartFlowRequest",
  answer: "Response",
  ready: "ReadyReply",
  result: "ResultReply",
  installed: "InstalledReply",
  command: "CommandReply",
  error: "ErrorReply",
  progress: "ProgressReport",
  log: "LogReport",
  crashed: "CrashedReport",
};

/** Each request: what answers it, and what it may tell before. */
export const ANSWERS: Record<string, Answer> = {
  init: {"reply":"ready","reports":["progress","log"]},
  runPython: {"reply":"result","reports":["progress","log"]},
  installPackages: {"reply":"installed","reports":["progress","log"]},
  startFlow: {"reply":"command","reports":["progress","log"]},
  answer: {"reply":"command","reports":["progress","log"]},
};

/** Messages whose content is left for whoever takes it to check. */
export const UNCHECKED: Record<string, true> = {
  command: true,
};
