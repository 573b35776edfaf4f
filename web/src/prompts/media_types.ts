/** Which endings the files of a media type have, as people know them; the first is the usual one. */

/** By media type; a second name of a type stands beside it. */
const ENDINGS: readonly (readonly [types: string, endings: string])[] = [
  ["application/zip application/x-zip application/x-zip-compressed", ".zip"],
  ["application/gzip application/x-gzip application/x-gunzip", ".gz .tgz"],
  ["application/x-tar application/x-gtar", ".tar"],
  ["application/x-bzip2 application/x-bzip", ".bz2"],
  ["application/x-xz", ".xz"],
  ["application/zstd", ".zst"],
  ["application/x-7z-compressed", ".7z"],
  ["application/vnd.rar application/x-rar-compressed application/x-rar", ".rar"],
  ["application/json text/json application/x-json", ".json"],
  ["application/ld+json", ".jsonld .json"],
  ["application/geo+json application/vnd.geo+json", ".geojson .json"],
  ["application/jsonl application/x-ndjson application/ndjson application/x-jsonlines text/jsonl", ".jsonl .ndjson"],
  ["application/xml text/xml", ".xml"],
  ["application/yaml application/x-yaml text/yaml text/x-yaml", ".yaml .yml"],
  ["application/toml", ".toml"],
  ["text/plain", ".txt .text .log"],
  ["text/csv application/csv text/x-csv text/comma-separated-values", ".csv"],
  ["text/tab-separated-values", ".tsv .tab"],
  ["text/html", ".html .htm"],
  ["application/xhtml+xml", ".xhtml .xht"],
  ["text/markdown text/x-markdown", ".md .markdown"],
  ["text/calendar", ".ics"],
  ["text/vcard text/x-vcard", ".vcf .vcard"],
  ["text/css", ".css"],
  ["text/javascript application/javascript application/x-javascript", ".js .mjs"],
  ["text/x-python application/x-python-code", ".py"],
  ["text/vtt", ".vtt"],
  ["application/x-subrip", ".srt"],
  ["application/rtf text/rtf", ".rtf"],
  ["application/pdf application/x-pdf", ".pdf"],
  ["application/epub+zip", ".epub"],
  ["application/msword", ".doc"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"],
  ["application/vnd.ms-excel", ".xls"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"],
  ["application/vnd.ms-powerpoint", ".ppt"],
  ["application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"],
  ["application/vnd.oasis.opendocument.text", ".odt"],
  ["application/vnd.oasis.opendocument.spreadsheet", ".ods"],
  ["application/vnd.oasis.opendocument.presentation", ".odp"],
  ["message/rfc822", ".eml"],
  ["application/mbox", ".mbox"],
  ["application/vnd.sqlite3 application/x-sqlite3 application/x-sqlite", ".sqlite .sqlite3 .db"],
  ["application/vnd.apache.parquet application/x-parquet", ".parquet"],
  ["application/gpx+xml application/gpx", ".gpx"],
  ["application/vnd.google-earth.kml+xml", ".kml"],
  ["application/vnd.google-earth.kmz", ".kmz"],
  ["application/vnd.garmin.tcx+xml", ".tcx"],
  ["image/jpeg image/jpg image/pjpeg", ".jpg .jpeg"],
  ["image/png", ".png"],
  ["image/gif", ".gif"],
  ["image/webp", ".webp"],
  ["image/avif", ".avif"],
  ["image/heic image/heif", ".heic .heif"],
  ["image/svg+xml", ".svg"],
  ["image/tiff", ".tif .tiff"],
  ["image/bmp image/x-ms-bmp", ".bmp"],
  ["audio/mpeg audio/mp3", ".mp3"],
  ["audio/mp4 audio/x-m4a audio/m4a", ".m4a"],
  ["audio/aac", ".aac"],
  ["audio/ogg audio/opus", ".ogg .oga .opus"],
  ["audio/wav audio/x-wav audio/vnd.wave audio/wave", ".wav"],
  ["audio/flac audio/x-flac", ".flac"],
  ["video/mp4 video/x-m4v", ".mp4 .m4v"],
  ["video/quicktime", ".mov"],
  ["video/webm", ".webm"],
  ["video/x-matroska", ".mkv"],
  ["video/3gpp", ".3gp"],
  ["video/x-msvideo video/avi", ".avi"],
];

/** What files are called of which only the outer form is known, as in ``application/vnd.a.list+json``. */
const SUFFIXES = new Map([
  ["json", ".json"],
  ["xml", ".xml"],
  ["zip", ".zip"],
  ["gzip", ".gz"],
  ["yaml", ".yaml"],
]);

const byType = new Map(
  ENDINGS.flatMap(([types, endings]) => {
    const names = types.split(" ");
    return names.map((type) => [type, { names, endings: endings.split(" ") }] as const);
  }),
);

/** The endings of files of a media type, or of a family such as ``image/*``; none where the type is not known. */
export function endingsOf(type: string): readonly string[] {
  if (type.endsWith("/*")) {
    const family = type.slice(0, -1);
    return [...new Set([...byType].flatMap(([name, { endings }]) => (name.startsWith(family) ? endings : [])))];
  }
  const suffix = SUFFIXES.get(type.split("+")[1] ?? "");
  return byType.get(type)?.endings ?? (suffix ? [suffix] : []);
}

/** All names of a media type. */
export function namesOf(type: string): readonly string[] {
  return byType.get(type)?.names ?? [type];
}
