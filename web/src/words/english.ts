/** The page's own words in English, and what there is to say in every other language. */

export const english = {
  // Loading
  gettingReady: "Getting ready",
  starting: "Starting…",
  stageStudy: "Fetching the study",
  stageDownload: "Downloading Python",
  stageStart: "Starting Python",
  stagePackages: "Loading packages",
  stageReady: "Almost there",
  waitingForHost: "Waiting for the page around this one",
  loadFailed: "This page could not be loaded",
  loadAnsweredHelp: "You can try again. Nothing of yours has been sent.",
  loadFailedHelp: "Check your internet connection, then try again. Nothing of yours has been sent.",
  cannotStart: "This study cannot start yet",
  cannotStartHelp: "Something is wrong in the study's files. Please tell the researchers; you did nothing wrong.",
  cannotStartAuthor: "Correct it and save: this page then loads again by itself.",
  notInside: "This study is not meant to be shown inside another page",
  notInsideHelp: "Nothing of yours was sent. You can open it by itself, if you know where it comes from.",
  openAlone: "Open it in a tab of its own",
  tryAgain: "Try again",
  details: "Technical details",
  pythonFailed: "Python could not be started in your browser.",
  notReached: (what: string) => `${what} could not be fetched: the server did not answer.`,
  notServed: (what: string, status: number) => `${what} could not be fetched: the server answered with ${status}.`,
  notReadable: (what: string) => `${what} could not be read: the server sent something else than expected.`,
  partMissing: "A part of it could not be fetched. Check your internet connection, then try again. Nothing is lost.",
  theConfiguration: "The study's configuration",
  theScript: "The study's script",
  theSession: "A session",

  // While it runs
  oneMoment: "One moment…",
  sending: "Sending…",
  continue: "Continue",
  skip: "Skip",
  close: "Close",
  dismiss: "Close this message",
  stopped: "Python stopped unexpectedly",
  stoppedHelp:
    "This can happen when a file needs more memory than your browser can give. What you had not yet agreed to send has not been sent. You can start again from the beginning.",
  startAgain: "Start again",
  backAgain: "You are back where you were.",
  scriptFailed: "The study could not be run",
  scriptFailedHelp:
    "Something is wrong in the study's script. The researchers need to repair it; you did nothing wrong.",
  unknownCommand: (name: string) =>
    `The study asked for something that this page does not know: “${name}”. You can go on without it.`,

  // Donating
  unsent: "Your donation could not be sent",
  unsentHelp: "It is still here, in your browser. Check your internet connection and try again.",
  unsentThere: "It is still here, in your browser. You can try again.",
  continueUnsent: "Continue without sending",
  refused: (reason: string) => `Your donation was not accepted. ${reason}`,
  refusedReason: (status: number) => `The server answered with ${status}.`,
  saveDonation: "Save your donation",
  saveDonationHelp:
    "This page sends nothing by itself. Save the file with your donation, and hand it over as the researchers asked you to.",
  saveFile: (name: string) => `Save ${name}`,

  // What leaves the page
  askTitle: "This study wants to send this too",
  askText:
    "It is not part of what you looked through and agreed to send. Nothing of it has been sent yet. Read it, then decide.",
  askFromPage: "This question comes from the page itself, not from the study's script.",
  askName: "Name",
  send: "Send",
  doNotSend: "Do not send",
  contents: "Contents",
  noContents: "It has no contents.",
  saveAsFile: "Save as a file",
  whatLeaves: "What leaves this page",
  mayLeave: "What may leave",
  mayNothingElse: "Files that you choose are opened here, in your own browser, and are not sent.",
  mayAgreed: "If you agree:",
  mayTables: "Tables that you have looked through and agreed to donate, without the rows that you deleted.",
  mayAsked: "Anything else, after this page has shown you all of it, and you chose “Send”.",
  mayUnasked: "Without asking you again:",
  mayPage:
    "That the study has begun and ended, and messages of the page itself if something fails. None of your data is in them.",
  sentSoFar: "Sent so far",
  nothingSent: "Nothing has been sent.",
  keptHere: "What this browser keeps",
  keptWhat:
    "So that a later visit starts quickly, this browser keeps a copy of the programs that this website uses. None of your data is in it.",
  clearKept: "Clear it",
  keptCleared: "It is cleared. The next visit starts more slowly.",
  keptNotCleared: "It could not be cleared. Your browser’s settings can clear what this website keeps.",
  sentDonation: (key: string) => `Donation “${key}”`,
  sentLog: "Lines for the researchers’ log",
  sentEvent: "Event for the page around this one",
  sentExit: "The end of the study",
  sentSession: "Opening of a session",
  sentError: "Error, for the study’s author at work",
  outcomeSending: "on its way",
  outcomeArrived: "arrived",
  outcomeRefused: "not accepted",
  outcomeFailed: "did not arrive",
  outcomeUnanswered: "sent",
  sentOften: (times: number) => `sent ${times} times`,
  contentsGone: "The contents are no longer here, because the page was loaded again since.",
  goesToServer: (origin: string) => `Destination: ${origin}`,
  goesToHost: (origin: string) => `Destination: the page that shows this one${origin && ` (${origin})`}`,
  goesToDevice: "Destination: a file on your own device",
  allGoesToServer: (origin: string) => `What leaves this page goes to ${origin} and nowhere else.`,
  allGoesToHost: (origin: string) =>
    `What leaves this page goes to the page that shows it${origin && ` (${origin})`} and nowhere else.`,
  allGoesToDevice: "This page sends nothing by itself: what you donate is saved as a file on your own device.",

  // Choosing a file
  chooseFile: "Choose a file",
  chooseFiles: "Choose files",
  chooseOther: "Choose another file",
  chooseMore: "Choose more files",
  dropFile: "or drop it here",
  dropFiles: "or drop them here",
  readHere: "Your file is opened here, in your own browser.",
  accepted: (endings: string) => `Accepted: ${endings}`,
  chosenFiles: "Chosen files",
  removeFile: (name: string) => `Remove ${name}`,
  noFileYet: "Choose a file first, or skip this step.",
  wrongKind: (name: string, accepted: string) =>
    `“${name}” is not the kind of file that is asked for. Choose a file that ends in ${accepted}.`,
  emptyFile: (name: string) => `“${name}” is empty. Choose the file again, or download it once more.`,
  aFolder: (name: string) => `“${name}” is a folder. Choose the file itself, without unpacking it.`,
  oneFileOnly: "Choose one file only.",
  unreadableFile: (name: string) =>
    `“${name}” cannot be read. If it is kept in the cloud or on another device, save a copy on this device first.`,

  // What is not seen
  unseen: (count: number, shown: string) =>
    count === 1
      ? "1 character here cannot be seen. A mark with its number stands in its place."
      : `${shown} characters here cannot be seen. Marks with their numbers stand in their place.`,
  moreCharacters: (shown: string) => `${shown} more characters`,

  // Questions
  chooseAnswer: "Choose one of the answers first.",

  // Prompts of the study's own
  ownPrompt: "A question of this study",
  ownBroken: "This part of the study does not work in your browser. You can go on without it.",
  ownLate: "If nothing more can be done here, you can go on without an answer.",
  goOnWithout: "Go on without it",

  // Tables
  readingRows: (read: string) => `Reading rows… ${read}`,
  searchIn: (title: string) => `Search in ${title}`,
  search: "Search",
  searching: "Searching…",
  found: (count: number, shown: string) => (count === 1 ? `${shown} row found` : `${shown} rows found`),
  noneFound: "No row contains this text.",
  emptyTable: "This table has no rows.",
  allDeleted: "You deleted all rows of this table.",
  kept: (count: number, kept: string, deleted: string) =>
    `${kept} ${count === 1 ? "row" : "rows"} kept, ${deleted} deleted`,
  selected: (shown: string) => `${shown} selected`,
  deleteSelected: "Delete selected",
  undo: "Undo",
  selectAll: "Select all rows",
  selectFound: "Select all rows found",
  selectRow: (row: string) => `Select row ${row}`,
  showRow: (row: string) => `Show row ${row} in full`,
  rowTitle: (row: string) => `Row ${row}`,
  previousRow: "Previous row",
  nextRow: "Next row",
  showColumn: "Show in full",
  tableKeys: "The arrow keys move from row to row, the space bar selects, Enter shows a row in full.",
  unreadableTable: "This table cannot be shown, so it cannot be donated. Tell the researchers.",
  donateQuestion: "Do you want to donate these data?",
  donateButton: "Yes, donate",
  agreeMeans: "With the first button you agree that these tables are sent, without the rows that you deleted.",
  declineButton: "No, do not donate",
  stillReading: "The tables are still being read.",
  tableNotShown: "A table is not shown here, so it cannot be donated. Tell the researchers.",
  clickOnce: "Those were two clicks, so nothing was agreed to. One click is enough.",
  clickAgain: "The page had just changed, so nothing was agreed to. Click once more if you mean it.",

  // Last pages
  errorTitle: "Something went wrong",
  errorText: "The study's script ran into an error and cannot go on. You did nothing wrong.",
  errorReport: "Report",
  errorReportHelp: "sends the text below to the researchers, so that they can repair it.",
  errorSkip: "Skip",
  errorSkipHelp: "ends the study without sending it.",
  errorContents: "Look whether you agree with its contents before you report it.",
  endTitle: "Thank you",
  endText: "You have reached the end. You can close this page now.",
  endedTitle: "The study has ended",
  endedText: "You can close this page now.",
  pythonOutput: "Output of the script",
};

/** Every word that the page itself needs. */
export type Words = typeof english;
