import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { isGone } from "@/api/errors";
import { fileAddress, itemQuery, type Item, type ItemFile } from "@/api/items";
import { Card } from "@/components/Card";
import { Facts, OutsideLink } from "@/components/Facts";
import { IconDownload, IconLibrary } from "@/components/icons";
import { backLink, Screen, Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { Belonging, MadeOne } from "./Belonging";
import { nameOf, shownOf } from "./files";
import { Gallery } from "./Gallery";
import { ItemActions, Tags } from "./ItemActions";
import styles from "./ItemPage.module.css";
import { AudioPlayer, VideoPlayer } from "./Player";
import { Transcripts } from "./Transcripts";

const route = getRouteApi("/shell/library/$id");

export default function ItemPage() {
  const { say } = useI18n();
  const { id } = route.useParams();
  const { data: item, error, refetch } = useQuery(itemQuery(id));
  const back = <Link to="/library" search={{}} {...backLink(say("item.back"))} />;
  const gone = isGone(error);
  return (
    <Screen
      title={item?.title ?? say("library.title")}
      back={back}
      actions={item && !gone && <ItemActions key={item.id} item={item} />}
    >
      {gone && <Empty icon={<IconLibrary size={24} />} title={say("item.gone")} />}
      {error && !gone && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!item && !error && <LoadingRows count={1} height={360} />}
      {item && !gone && (
        <>
          <Trouble item={item} />
          <Media item={item} />
          <div className={styles["columns"]}>
            <div className={styles["stack"]}>
              {item.description && (
                <Section title={say("item.description")}>
                  <p className={styles["description"]} dir="auto">
                    {item.description}
                  </p>
                </Section>
              )}
              {hasSound(item) && <Transcripts key={item.id} item={item} />}
              <Files item={item} />
            </div>
            <div className={styles["stack"]}>
              <Tags key={item.id} item={item} />
              <Belonging item={item} />
              <About item={item} />
              <Provenance item={item} />
              <MadeOne item={item} />
            </div>
          </div>
        </>
      )}
    </Screen>
  );
}

/** Says that files are no longer there, or no longer what they were. */
function Trouble({ item }: { item: Item }) {
  const { say } = useI18n();
  const missing = item.files.filter(({ missing_since }) => missing_since !== null);
  const damaged = item.files.filter(({ damaged_at }) => damaged_at !== null);
  const named = (files: ItemFile[]) => files.map(({ path }) => nameOf(path)).join(", ");
  return (
    <>
      {missing.length > 0 && <ErrorNote error={say("item.missing", { names: named(missing) })} />}
      {damaged.length > 0 && <ErrorNote error={say("item.damaged", { names: named(damaged) })} />}
    </>
  );
}

function Media({ item }: { item: Item }) {
  const { video, audio, images, subtitles } = shownOf(item);
  if (video) return <VideoPlayer key={item.id} item={item} file={video} subtitles={subtitles} />;
  if (audio) return <AudioPlayer key={item.id} item={item} />;
  if (images.length > 0) return <Gallery key={item.id} item={item} images={images} />;
  return null;
}

const hasSound = (item: Item) => {
  const { video, audio } = shownOf(item);
  return video !== undefined || audio !== undefined;
};

/** The number on the disc; with that of the disc where there are several. */
const trackNumber = ({ track_number, disc_number }: Item) =>
  track_number === null ? null : disc_number ? `${disc_number}-${track_number}` : track_number;

function About({ item }: { item: Item }) {
  const { say, clock, bytes } = useI18n();
  const sized = shownOf(item).video ?? (item.kind === "image" ? shownOf(item).images[0] : undefined);
  return (
    <Section title={say("item.about")}>
      <Card>
        <Facts
          facts={[
            [say("library.kind"), say(`kind.${item.kind}`)],
            [
              say("item.artist"),
              item.artist && (
                <Link to="/library" search={{ artist: item.artist }}>
                  {item.artist}
                </Link>
              ),
            ],
            [
              say("item.albumArtist"),
              item.album_artist !== item.artist && item.album_artist && (
                <Link to="/library" search={{ q: item.album_artist }}>
                  {item.album_artist}
                </Link>
              ),
            ],
            [
              say("item.album"),
              item.album && (
                <Link to="/library" search={{ album: item.album }}>
                  {item.album}
                </Link>
              ),
            ],
            [say("item.track"), trackNumber(item)],
            [say("library.genre"), item.genre],
            [say("item.duration"), item.duration ? clock(item.duration) : null],
            [
              say("item.resolution"),
              sized?.width && sized.height ? `${sized.width} × ${sized.height}` : null,
            ],
            [say("item.size"), item.size ? bytes(item.size) : null],
            [say("item.plays"), item.playback?.plays || null],
          ]}
        />
      </Card>
    </Section>
  );
}

function Provenance({ item }: { item: Item }) {
  const { say, sayIfKnown, day, moment } = useI18n();
  return (
    <Section title={say("item.from")}>
      <Card>
        <Facts
          facts={[
            [say("item.source"), item.source_url && <OutsideLink href={item.source_url} />],
            [say("item.site"), item.site],
            [
              say("item.published"),
              item.published_at && <time dateTime={item.published_at}>{day(item.published_at)}</time>,
            ],
            [say("item.saved"), <time dateTime={item.created_at}>{moment(item.created_at)}</time>],
            [say("item.tool"), sayIfKnown(`item.tool.${item.extractor}`) ?? item.extractor],
          ]}
        />
      </Card>
    </Section>
  );
}

/** More files than this are folded away. */
const FEW = 5;

function Files({ item }: { item: Item }) {
  const { say } = useI18n();
  const list = (
    <ul className={styles["files"]}>
      {item.files.map((file) => (
        <FileLine key={file.id} item={item} file={file} />
      ))}
    </ul>
  );
  return (
    <Section title={say("item.files")}>
      <Card>
        {item.files.length <= FEW ? (
          list
        ) : (
          <details>
            <summary className={styles["more"]}>{say("item.filesAll", { count: item.files.length })}</summary>
            {list}
          </details>
        )}
      </Card>
    </Section>
  );
}

function FileLine({ item, file }: { item: Item; file: ItemFile }) {
  const { say, bytes } = useI18n();
  const name = nameOf(file.path);
  return (
    <li className={styles["file"]}>
      <span className={styles["fileName"]}>
        {name}
        <br />
        <span className={styles["fileAbout"]}>
          {say(`role.${file.role}`)} · {bytes(file.size)}
        </span>
      </span>
      <Button
        component="a"
        href={fileAddress(item, file)}
        download={name}
        size="xs"
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        aria-label={say("item.downloadNamed", { name })}
      >
        {say("item.download")}
      </Button>
    </li>
  );
}
