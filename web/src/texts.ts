/**
 * The page's own words in each language, and how a text of the script becomes one string.
 *
 * A script's texts may come in any language; the page's own words exist in those below. Another language is one
 * more object of the same shape.
 */
import type { Text } from "./protocol/types.gen.js";

const english = {
  // Loading
  gettingReady: "Getting ready",
  stageStudy: "Fetching the study",
  stageDownload: "Downloading Python",
  stageStart: "Starting Python",
  stagePackages: "Loading packages",
  stageReady: "Almost there",
  waitingForHost: "Waiting for the page around this one",
  loadFailed: "This page could not be loaded",
  loadFailedHelp: "Check your internet connection, then try again. Nothing of yours has been sent.",
  cannotStart: "This study cannot start yet",
  cannotStartHelp: "Something is wrong in the study's files. Please tell the researchers; you did nothing wrong.",
  cannotStartAuthor: "Correct it and save: this page then loads again by itself.",
  tryAgain: "Try again",
  details: "Technical details",
  pythonFailed: "Python could not be started in your browser.",
  notReached: (what: string) => `${what} could not be fetched: the server did not answer.`,
  notServed: (what: string, status: number) => `${what} could not be fetched: the server answered with ${status}.`,
  notReadable: (what: string) => `${what} could not be read: the server sent something else than expected.`,
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
  scriptFailed: "The study could not be run",
  scriptFailedHelp:
    "Something is wrong in the study's script. The researchers need to repair it; you did nothing wrong.",
  unknownCommand: (name: string) =>
    `The study asked for something that this page does not know: “${name}”. You can go on without it.`,
  unknownPrompt: (name: string) => `The study wants to show something that this page does not know: “${name}”.`,

  // Donating
  unsent: "Your donation could not be sent",
  unsentHelp: "It is still here, in your browser. Check your internet connection and try again.",
  continueUnsent: "Continue without sending",
  refused: (reason: string) => `Your donation was not accepted. ${reason}`,
  refusedReason: (status: number) => `The server answered with ${status}.`,
  saveDonation: "Save your donation",
  saveDonationHelp:
    "This page sends nothing by itself. Save the file with your donation, and hand it over as the researchers asked you to.",
  saveFile: (name: string) => `Save ${name}`,

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

  // Questions
  chooseAnswer: "Choose one of the answers first.",

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
  selectColumn: "Select",
  showColumn: "Show in full",
  tableKeys: "The arrow keys move from row to row, the space bar selects, Enter shows a row in full.",
  unreadableTable: "This table cannot be shown, so it cannot be donated. Tell the researchers.",
  donateQuestion: "Do you want to donate these data?",
  donateButton: "Yes, donate",
  declineButton: "No, do not donate",
  stillReading: "The tables are still being read.",

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

const dutch: Words = {
  gettingReady: "Even geduld",
  stageStudy: "Het onderzoek wordt opgehaald",
  stageDownload: "Python wordt gedownload",
  stageStart: "Python wordt gestart",
  stagePackages: "Onderdelen worden geladen",
  stageReady: "Bijna klaar",
  waitingForHost: "Wachten op de omringende pagina",
  loadFailed: "Deze pagina kon niet worden geladen",
  loadFailedHelp: "Controleer uw internetverbinding en probeer het opnieuw. Er is niets van u verzonden.",
  cannotStart: "Dit onderzoek kan nog niet beginnen",
  cannotStartHelp:
    "Er is iets mis in de bestanden van het onderzoek. Laat het de onderzoekers weten; u hebt niets fout gedaan.",
  cannotStartAuthor: "Verbeter het en sla het op: deze pagina laadt dan vanzelf opnieuw.",
  tryAgain: "Opnieuw proberen",
  details: "Technische details",
  pythonFailed: "Python kon niet worden gestart in uw browser.",
  notReached: (what) => `${what} kon niet worden opgehaald: de server gaf geen antwoord.`,
  notServed: (what, status) => `${what} kon niet worden opgehaald: de server antwoordde met ${status}.`,
  notReadable: (what) => `${what} kon niet worden gelezen: de server stuurde iets anders dan verwacht.`,
  theConfiguration: "De configuratie van het onderzoek",
  theScript: "Het script van het onderzoek",
  theSession: "Een sessie",

  oneMoment: "Een ogenblik…",
  sending: "Bezig met verzenden…",
  continue: "Doorgaan",
  skip: "Overslaan",
  close: "Sluiten",
  dismiss: "Dit bericht sluiten",
  stopped: "Python is onverwacht gestopt",
  stoppedHelp:
    "Dat kan gebeuren als een bestand meer geheugen vraagt dan uw browser kan geven. Waar u nog niet mee had ingestemd, is niet verzonden. U kunt opnieuw beginnen.",
  startAgain: "Opnieuw beginnen",
  scriptFailed: "Het onderzoek kon niet worden uitgevoerd",
  scriptFailedHelp:
    "Er zit een fout in het script van het onderzoek. De onderzoekers moeten die herstellen; u hebt niets verkeerd gedaan.",
  unknownCommand: (name) =>
    `Het onderzoek vroeg om iets dat deze pagina niet kent: “${name}”. U kunt zonder dit verdergaan.`,
  unknownPrompt: (name) => `Het onderzoek wil iets laten zien dat deze pagina niet kent: “${name}”.`,

  unsent: "Uw donatie kon niet worden verzonden",
  unsentHelp: "Ze is nog hier, in uw browser. Controleer uw internetverbinding en probeer het opnieuw.",
  continueUnsent: "Doorgaan zonder te verzenden",
  refused: (reason) => `Uw donatie is niet aangenomen. ${reason}`,
  refusedReason: (status) => `De server antwoordde met ${status}.`,
  saveDonation: "Bewaar uw donatie",
  saveDonationHelp:
    "Deze pagina verzendt zelf niets. Bewaar het bestand met uw donatie en lever het in zoals de onderzoekers hebben gevraagd.",
  saveFile: (name) => `${name} bewaren`,

  chooseFile: "Kies een bestand",
  chooseFiles: "Kies bestanden",
  chooseOther: "Kies een ander bestand",
  chooseMore: "Kies meer bestanden",
  dropFile: "of sleep het hierheen",
  dropFiles: "of sleep ze hierheen",
  readHere: "Uw bestand wordt hier geopend, in uw eigen browser.",
  accepted: (endings) => `Toegestaan: ${endings}`,
  chosenFiles: "Gekozen bestanden",
  removeFile: (name) => `${name} verwijderen`,
  noFileYet: "Kies eerst een bestand, of sla deze stap over.",
  wrongKind: (name, accepted) =>
    `“${name}” is niet het soort bestand waar om wordt gevraagd. Kies een bestand dat eindigt op ${accepted}.`,
  emptyFile: (name) => `“${name}” is leeg. Kies het bestand opnieuw, of download het nog een keer.`,
  aFolder: (name) => `“${name}” is een map. Kies het bestand zelf, zonder het uit te pakken.`,
  oneFileOnly: "Kies één bestand.",
  unreadableFile: (name) =>
    `“${name}” kan niet worden gelezen. Staat het in de cloud of op een ander apparaat, bewaar dan eerst een kopie op dit apparaat.`,

  chooseAnswer: "Kies eerst een van de antwoorden.",

  readingRows: (read) => `Rijen worden gelezen… ${read}`,
  searchIn: (title) => `Zoeken in ${title}`,
  search: "Zoeken",
  searching: "Bezig met zoeken…",
  found: (count, shown) => (count === 1 ? `${shown} rij gevonden` : `${shown} rijen gevonden`),
  noneFound: "Geen rij bevat deze tekst.",
  emptyTable: "Deze tabel heeft geen rijen.",
  allDeleted: "U hebt alle rijen van deze tabel verwijderd.",
  kept: (count, kept, deleted) => `${kept} ${count === 1 ? "rij" : "rijen"} behouden, ${deleted} verwijderd`,
  selected: (shown) => `${shown} geselecteerd`,
  deleteSelected: "Selectie verwijderen",
  undo: "Ongedaan maken",
  selectAll: "Alle rijen selecteren",
  selectFound: "Alle gevonden rijen selecteren",
  selectRow: (row) => `Rij ${row} selecteren`,
  showRow: (row) => `Rij ${row} volledig tonen`,
  rowTitle: (row) => `Rij ${row}`,
  previousRow: "Vorige rij",
  nextRow: "Volgende rij",
  selectColumn: "Selecteren",
  showColumn: "Volledig tonen",
  tableKeys: "De pijltjestoetsen gaan van rij naar rij, de spatiebalk selecteert, Enter toont een rij volledig.",
  unreadableTable: "Deze tabel kan niet worden getoond en dus niet worden gedoneerd. Laat het de onderzoekers weten.",
  donateQuestion: "Wilt u deze gegevens doneren?",
  donateButton: "Ja, doneer",
  declineButton: "Nee, doneer niet",
  stillReading: "De tabellen worden nog gelezen.",

  errorTitle: "Er ging iets mis",
  errorText:
    "Er trad een fout op in het script van het onderzoek en het kan niet verder. U hebt niets verkeerd gedaan.",
  errorReport: "Melden",
  errorReportHelp: "stuurt de tekst hieronder naar de onderzoekers, zodat zij de fout kunnen herstellen.",
  errorSkip: "Overslaan",
  errorSkipHelp: "beëindigt het onderzoek zonder de tekst te sturen.",
  errorContents: "Kijk of u met de inhoud instemt voordat u de fout meldt.",
  endTitle: "Dank u wel",
  endText: "U bent aan het einde gekomen. U kunt deze pagina nu sluiten.",
  endedTitle: "Het onderzoek is afgelopen",
  endedText: "U kunt deze pagina nu sluiten.",
  pythonOutput: "Uitvoer van het script",
};

/** The page's own words by language. */
export const WORDS: Record<string, Words> = { en: english, nl: dutch };

/** The page's own words in the language of a locale; English where there are none. */
export function words(locale: string): Words {
  return WORDS[languageOf(locale)] ?? english;
}

/** The language whose words the page itself uses for a locale, for the attribute ``lang``. */
export function pageLanguage(locale: string): string {
  const language = languageOf(locale);
  return language in WORDS ? language : "en";
}

/** A text of the script as one string: exact locale, then its language, then English, then the first given. */
export function localize(text: Text | null | undefined, locale: string): string {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  const translations = text.translations ?? {};
  const found = translations[locale] ?? translations[languageOf(locale)] ?? translations.en;
  return found ?? Object.values(translations)[0] ?? "";
}

/** A text in the first of its languages, whatever is shown: what an answer is known by. */
export function firstLanguage(text: Text): string {
  return typeof text === "string" ? text : (Object.values(text.translations)[0] ?? "");
}

/**
 * The locale of the page: what the address asks for, then the study's own, then the first of the browser's languages
 * that the page speaks.
 */
export function chooseLocale(query: string, configured: string | undefined, preferred: readonly string[]): string {
  const asked = new URLSearchParams(query).get("locale") || configured;
  if (asked) return asked;
  return preferred.find((locale) => languageOf(locale) in WORDS) ?? preferred[0] ?? "en";
}

function languageOf(locale: string): string {
  return locale.split(/[-_]/)[0]?.toLowerCase() ?? "";
}

/** A number with the digits grouped as the locale does. */
export function formatCount(count: number, locale: string): string {
  return safely(locale, (known) => new Intl.NumberFormat(known).format(count));
}

/** A file's size as people read it: 3.1 GB. */
export function formatSize(bytes: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const unitDisplay = power === 0 ? "long" : "short";
  const options = { style: "unit", unit: units[power], unitDisplay, maximumFractionDigits: power > 1 ? 1 : 0 } as const;
  return safely(locale, (known) => new Intl.NumberFormat(known, options).format(bytes / 1000 ** power));
}

/** An address may ask for a locale that ``Intl`` does not accept; English digits then serve. */
function safely(locale: string, format: (locale: string) => string): string {
  try {
    return format(locale);
  } catch {
    return format("en");
  }
}
