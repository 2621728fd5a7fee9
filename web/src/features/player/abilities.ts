/** What stands for what, in the words of the server and in those that browsers are asked in. */
const ASKED: Record<string, string> = {
  mp4: 'video/mp4; codecs="avc1.42E01E"',
  webm: 'video/webm; codecs="vp8"',
  ogg: 'audio/ogg; codecs="vorbis"',
  mkv: 'video/x-matroska; codecs="avc1.42E01E"',
  mov: 'video/quicktime; codecs="avc1.42E01E"',
  mp3: "audio/mpeg",
  flac: "audio/flac",
  wav: "audio/wav",
  aac: 'audio/mp4; codecs="mp4a.40.2"',
  h264: 'video/mp4; codecs="avc1.640028"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L93.B0"',
  av1: 'video/mp4; codecs="av01.0.05M.08"',
  vp8: 'video/webm; codecs="vp8"',
  vp9: 'video/webm; codecs="vp09.00.10.08"',
  opus: 'audio/webm; codecs="opus"',
  vorbis: 'audio/webm; codecs="vorbis"',
  ac3: 'audio/mp4; codecs="ac-3"',
  eac3: 'audio/mp4; codecs="ec-3"',
  alac: 'audio/mp4; codecs="alac"',
  pcm: 'audio/wav; codecs="1"',
};

type CanPlay = (type: string) => string;

/** What this browser plays, as words with commas between them; null if it will not say. */
export function abilities(canPlay: CanPlay): string | null {
  const words = Object.keys(ASKED).filter((word) => canPlay(ASKED[word] ?? "") !== "");
  return words.length > 0 ? words.join(",") : null;
}

let asked: string | null | undefined;

/** The same of the browser at hand, asked once. */
export function ownAbilities(): string | null {
  if (asked === undefined) {
    const player = document.createElement("video");
    asked = abilities((type) => player.canPlayType(type));
  }
  return asked;
}
