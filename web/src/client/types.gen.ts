// Generated from openapi.json by `npm run client`. Do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

/**
 * Action
 *
 * What is done to each item.
 */
export type Action = 'tag' | 'untag' | 'favourite' | 'unfavourite' | 'add_to_collection' | 'remove_from_collection' | 'trash' | 'restore' | 'delete' | 'pin' | 'unpin';

/**
 * Added
 *
 * How many items were not in the collection before.
 */
export type Added = {
    /**
     * Count
     */
    count: number;
};

/**
 * AliasOut
 *
 * What else an item is known as, since it was made one of several.
 */
export type AliasOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Title
     */
    title: string;
    /**
     * Extractor
     */
    extractor: string;
    /**
     * Source Id
     */
    source_id: string;
    /**
     * Merged At
     */
    merged_at: string;
};

/**
 * AllMissing
 *
 * Of which task; without one, of all of yours.
 */
export type AllMissing = {
    /**
     * Task Id
     */
    task_id?: number | null;
};

/**
 * ApiTokenAnswer
 *
 * An API token, without the token itself.
 */
export type ApiTokenAnswer = {
    /**
     * Id
     */
    id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Scopes
     */
    scopes: Array<Scope>;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Seen At
     */
    last_seen_at: string;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * ArtistIn
 *
 * Names of one artist.
 */
export type ArtistIn = {
    /**
     * Names
     */
    names: Array<string>;
};

/**
 * ArtistOut
 *
 * Names of one artist that you have added.
 */
export type ArtistOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Names
     */
    names: Array<string>;
    /**
     * Created At
     */
    created_at: string;
};

/**
 * AuditOut
 *
 * One action. `user_id` is null when nobody was signed in, and once the account has been deleted.
 */
export type AuditOut = {
    /**
     * Id
     */
    id: number;
    /**
     * At
     */
    at: string;
    /**
     * User Id
     */
    user_id: number | null;
    /**
     * Username
     *
     * as given where nobody was signed in
     */
    username: string | null;
    /**
     * Action
     */
    action: string;
    /**
     * Subject
     *
     * what it was done to, for instance `download:12`
     */
    subject: string | null;
    /**
     * Outcome
     */
    outcome: 'success' | 'failure';
    /**
     * Ip
     */
    ip: string;
    /**
     * User Agent
     */
    user_agent: string;
    /**
     * Details
     */
    details: {
        [key: string]: unknown;
    };
};

/**
 * AuditPage
 *
 * Records, newest first; `next_cursor` leads to older ones.
 */
export type AuditPage = {
    /**
     * Records
     */
    records: Array<AuditOut>;
    /**
     * Next Cursor
     */
    next_cursor: string | null;
};

/**
 * BackupList
 *
 * All backups, newest first.
 */
export type BackupList = {
    /**
     * Backups
     */
    backups: Array<BackupOut>;
};

/**
 * BackupOut
 *
 * A backup; `size` in bytes, `kind`: what it was made for.
 */
export type BackupOut = {
    /**
     * Name
     */
    name: string;
    /**
     * Kind
     */
    kind: 'scheduled' | 'manual' | 'before-import';
    /**
     * Created At
     */
    created_at: string;
    /**
     * Size
     */
    size: number;
};

/**
 * BeingMade
 *
 * Ask again after so many seconds as `Retry-After` says.
 */
export type BeingMade = {
    /**
     * Detail
     */
    detail?: string;
};

/**
 * Body_import_links
 */
export type BodyImportLinks = {
    /**
     * File
     *
     * OPML, YouTube Takeout's subscriptions.csv, a list of addresses, a yt-dlp archive, or another program's JSON or CSV; up to 20 MB
     */
    file: Blob | File;
    /**
     * Dry Run
     *
     * only say what is in the file
     */
    dry_run?: boolean;
    /**
     * Tags
     *
     * for the new links, with commas between
     */
    tags?: string;
    /**
     * Profile
     *
     * for the new links
     */
    profile?: string;
    /**
     * Only
     *
     * a JSON list of `key`s that a dry run answered: of the file's sources only these are followed; left out: all that are new
     */
    only?: string | null;
    /**
     * Is Enabled
     *
     * of the new links
     */
    is_enabled?: boolean;
    /**
     * Download Automatically
     *
     * of the new links
     */
    download_automatically?: boolean;
};

/**
 * Body_upload_task_file
 */
export type BodyUploadTaskFile = {
    /**
     * File
     */
    file: Blob | File;
};

/**
 * Bulk
 *
 * What to do, and to which items. `delete` is for ever; `restore` with a filter looks into the trash.
 */
export type Bulk = {
    /**
     * Ids
     */
    ids?: Array<number> | null;
    /**
     * all items that it finds; an empty one finds your whole library
     */
    filter?: Filter | null;
    action: Action;
    /**
     * Tags
     *
     * for `tag` and `untag`
     */
    tags?: Array<string> | null;
    /**
     * Collection Id
     *
     * for `add_to_collection` and `remove_from_collection`
     */
    collection_id?: number | null;
    /**
     * Everybody
     *
     * of a superuser, for `delete`: also what only others have
     */
    everybody?: boolean;
};

/**
 * BulkAnswer
 *
 * Every address that was given, in its order.
 */
export type BulkAnswer = {
    /**
     * Added
     */
    added: number;
    /**
     * Results
     */
    results: Array<BulkResult>;
};

/**
 * BulkDone
 *
 * How many items it was done to; those that are not yours, or not where the action looks, are left out.
 */
export type BulkDone = {
    /**
     * Count
     */
    count: number;
};

/**
 * BulkResult
 *
 * What became of one address.
 */
export type BulkResult = {
    /**
     * Url
     */
    url: string;
    /**
     * Status
     */
    status: 'added' | 'exists' | 'refused';
    /**
     * Link Id
     */
    link_id?: number | null;
    /**
     * Name
     */
    name?: string | null;
    /**
     * Message
     *
     * why it was refused
     */
    message?: string | null;
};

/**
 * CandidateOut
 *
 * What a search has found.
 */
export type CandidateOut = {
    /**
     * Url
     */
    url: string;
    /**
     * Search
     */
    search: string | null;
    /**
     * Title
     */
    title: string;
    /**
     * Artists
     */
    artists: Array<string>;
    /**
     * Duration
     */
    duration: number | null;
    /**
     * Score
     */
    score: number;
    /**
     * Reasons
     *
     * as the matcher gives them
     */
    reasons: Array<string>;
    /**
     * Tried
     *
     * how it went; null: not tried
     */
    tried: string | null;
    /**
     * what it turned out to be, if it is another song
     */
    heard?: HeardOut | null;
};

/**
 * CheckDetails
 *
 * What a check did, and what it cost.
 */
export type CheckDetails = {
    /**
     * Mode
     */
    mode?: 'check' | 'download' | null;
    /**
     * Tier
     *
     * the tier that answered
     */
    tier?: 'feed' | 'lazy' | 'full' | null;
    /**
     * Tiers
     */
    tiers?: Array<TierReport>;
    /**
     * Site
     */
    site?: string | null;
    /**
     * Extractor
     */
    extractor?: string | null;
    /**
     * Requests
     *
     * requests that the source was asked in all
     */
    requests?: number;
    /**
     * Seconds
     */
    seconds?: number;
    /**
     * Seen
     *
     * entries that the source listed
     */
    seen?: number;
    /**
     * New
     *
     * of them not known before
     */
    new?: number;
    /**
     * Skipped
     *
     * of the new ones left out by a rule
     */
    skipped?: number;
    /**
     * Backfill
     *
     * older entries were still listed, or are to be
     */
    backfill?: boolean;
    /**
     * Reason
     *
     * typed code of a failure
     */
    reason?: string | null;
    /**
     * Error Message
     */
    error_message?: string | null;
    /**
     * Hint
     *
     * what to do about it
     */
    hint?: string | null;
    /**
     * Held
     *
     * downloads that found their medium in the library already
     */
    held?: number;
    /**
     * Failed Downloads
     *
     * the first 50
     */
    failed_downloads?: Array<FailedDownload>;
};

/**
 * CollectionIn
 *
 * A new collection: with a `query` a search, otherwise with these items.
 */
export type CollectionIn = {
    /**
     * Name
     */
    name: string;
    /**
     * Description
     */
    description?: string | null;
    query?: Filter | null;
    /**
     * Ids
     */
    ids?: Array<number>;
};

/**
 * CollectionList
 *
 * Your collections by name.
 */
export type CollectionList = {
    /**
     * Collections
     */
    collections: Array<CollectionOut>;
};

/**
 * CollectionOut
 *
 * A collection. With a `query` it is a search, which keeps itself up to date.
 */
export type CollectionOut = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     */
    user_id: number;
    /**
     * Name
     */
    name: string;
    /**
     * Description
     */
    description: string | null;
    query: Filter | null;
    /**
     * Count
     *
     * how many items are in it; null for a search: its items tell
     */
    count: number | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
};

/**
 * CollectionUpdate
 *
 * What is to be changed; what is left out stays.
 */
export type CollectionUpdate = {
    /**
     * Name
     */
    name?: string | null;
    /**
     * Description
     */
    description?: string | null;
    query?: Filter | null;
};

/**
 * ContinueIn
 *
 * Go on with other providers than before, if wished; superusers only.
 */
export type ContinueIn = {
    /**
     * Llm
     */
    llm?: string | null;
    /**
     * Tts
     */
    tts?: string | null;
    /**
     * Asr
     */
    asr?: string | null;
};

/**
 * CookieAnswer
 *
 * Signed in by cookie. Unsafe requests send `csrf_token` (also in the cookie `magpie_csrf`) as `X-CSRF-Token`.
 *
 * The token itself stays in its HttpOnly cookie, out of the reach of scripts.
 */
export type CookieAnswer = {
    /**
     * Token Type
     */
    token_type?: 'cookie';
    /**
     * Csrf Token
     */
    csrf_token: string;
};

/**
 * CookiesIn
 *
 * Cookies for a site. What is left out stays as it is.
 */
export type CookiesIn = {
    /**
     * Mode
     *
     * when they are sent
     */
    mode?: 'never' | 'when_needed' | 'always' | null;
};

/**
 * CookiesOut
 *
 * Your cookies for a site, without the cookies.
 */
export type CookiesOut = {
    /**
     * Site
     */
    site: string;
    /**
     * Has Cookies
     */
    has_cookies: boolean;
    /**
     * Mode
     */
    mode?: 'never' | 'when_needed' | 'always' | null;
    /**
     * Count
     */
    count?: number;
    /**
     * Health
     */
    health?: 'ok' | 'expires_soon' | 'expired' | 'refused' | null;
    /**
     * Expires At
     *
     * when the first of those expires that matter for being signed in
     */
    expires_at?: string | null;
    /**
     * Last Used At
     */
    last_used_at?: string | null;
    /**
     * Refused At
     *
     * since when the site wants a login although they are sent
     */
    refused_at?: string | null;
    /**
     * Updated At
     */
    updated_at?: string | null;
};

/**
 * Counts
 *
 * A link's entries by verdict.
 */
export type Counts = {
    /**
     * Known
     */
    known?: number;
    /**
     * Downloaded
     */
    downloaded?: number;
    /**
     * Wanted
     *
     * downloading, or waiting for it
     */
    wanted?: number;
    /**
     * Failed
     */
    failed?: number;
    /**
     * Skipped
     */
    skipped?: number;
};

/**
 * Created
 *
 * A podcast that was begun.
 */
export type Created = {
    /**
     * Podcastid
     */
    podcastId: string;
    /**
     * Status
     */
    status: string;
};

/**
 * DatabaseDetails
 *
 * The application's database; `size` in bytes, with SQLite's log.
 */
export type DatabaseDetails = {
    /**
     * Kind
     */
    kind: 'sqlite' | 'postgresql';
    /**
     * Size
     */
    size: number;
    /**
     * Revision
     */
    revision: string | null;
    /**
     * Up To Date
     */
    up_to_date: boolean;
};

/**
 * DecisionIn
 *
 * What you decide about a song: it holds for all of your playlists, on every server.
 */
export type DecisionIn = {
    /**
     * Song Id
     *
     * as the source calls it
     */
    song_id: string;
    /**
     * Choice
     *
     * `track`: this is it; `refuse`: this is not it; `never`: nothing is, and it is not to be fetched; `forget`: let Magpie judge again
     */
    choice: 'track' | 'never' | 'refuse' | 'forget';
    /**
     * Track Id
     */
    track_id?: string | null;
    /**
     * Server Id
     *
     * the server of the track; null: the task's first
     */
    server_id?: number | null;
};

/**
 * DeletedLink
 *
 * The link that was deleted, and how many of its items went with it.
 */
export type DeletedLink = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     */
    user_id: number;
    /**
     * Url
     */
    url: string;
    /**
     * Name
     */
    name: string;
    /**
     * Type
     */
    type: 'auto' | 'youtube_channel' | 'playlist' | 'pixiv_user' | 'generic_video' | 'generic_audio' | 'generic_gallery' | 'live' | 'feed';
    /**
     * Is Enabled
     */
    is_enabled: boolean;
    /**
     * Download Automatically
     */
    download_automatically: boolean;
    /**
     * Tags
     */
    tags: Array<string>;
    /**
     * Cookies
     *
     * always null: cookies are write-only
     */
    cookies?: null;
    /**
     * Has Cookies
     */
    has_cookies: boolean;
    /**
     * Cookie Mode
     */
    cookie_mode: 'never' | 'when_needed' | 'always';
    /**
     * Site
     */
    site: string;
    /**
     * Profile
     */
    profile: string;
    /**
     * Interval Minutes
     */
    interval_minutes: number | null;
    /**
     * Max Interval Minutes
     */
    max_interval_minutes: number | null;
    filters: Filters;
    retention: Retention;
    /**
     * Status
     */
    status: 'idle' | 'checking' | 'downloading' | 'recording' | 'error' | 'cooling_down';
    /**
     * Reason
     *
     * typed code of what went wrong
     */
    reason: string | null;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * Hint
     *
     * what to do about it
     */
    hint: string | null;
    /**
     * Last Checked At
     */
    last_checked_at: string | null;
    /**
     * Next Check At
     */
    next_check_at: string | null;
    /**
     * Last Success At
     */
    last_success_at: string | null;
    /**
     * Died At
     *
     * when the source was found to be gone for good
     */
    died_at: string | null;
    /**
     * Feed Url
     */
    feed_url: string | null;
    /**
     * Picture Url
     */
    picture_url: string | null;
    /**
     * Source Title
     */
    source_title: string | null;
    /**
     * Source Description
     */
    source_description: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
    counts: Counts;
    /**
     * Deleted Items
     */
    deleted_items: number;
};

/**
 * DigestCreate
 *
 * What is new since the last time, as an episode. Looked at: followed links, and feeds that are not followed.
 */
export type DigestCreate = {
    /**
     * Name
     */
    name: string;
    /**
     * Linkids
     */
    linkIds?: Array<number>;
    /**
     * Feedurls
     */
    feedUrls?: Array<string>;
    /**
     * Cronschedule
     *
     * minute, hour, day, month, day of the week
     */
    cronSchedule: string;
    /**
     * Timezone
     *
     * of the schedule, as in Europe/Berlin
     */
    timezone?: string;
    /**
     * Maxentries
     *
     * the newest so many
     */
    maxEntries?: number;
    /**
     * Isenabled
     */
    isEnabled?: boolean;
    /**
     * Transcribe
     *
     * listen to recordings that have no subtitles; otherwise their description counts
     */
    transcribe?: boolean;
    /**
     * as for any episode; its title is the digest's
     */
    wishes?: Wishes;
};

/**
 * DigestOut
 *
 * A digest, and how it is doing.
 */
export type DigestOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Userid
     */
    userId: number;
    /**
     * Name
     */
    name: string;
    /**
     * Linkids
     */
    linkIds: Array<number>;
    /**
     * Feedurls
     */
    feedUrls: Array<string>;
    /**
     * Cronschedule
     */
    cronSchedule: string;
    /**
     * Timezone
     */
    timezone: string;
    /**
     * Maxentries
     */
    maxEntries: number;
    /**
     * Isenabled
     */
    isEnabled: boolean;
    /**
     * Transcribe
     */
    transcribe: boolean;
    /**
     * Wishes
     */
    wishes: {
        [key: string]: unknown;
    };
    /**
     * Nextrunat
     */
    nextRunAt: string | null;
    /**
     * Lastrunat
     */
    lastRunAt: string | null;
    /**
     * Lastnew
     *
     * so much was new at the last run; 0: no episode was made of it
     */
    lastNew: number | null;
    /**
     * Lastleftout
     *
     * titles of what was new then, and too much; at most 50
     */
    lastLeftOut: Array<string>;
    /**
     * Errormessage
     *
     * what went wrong the last time
     */
    errorMessage: string | null;
    /**
     * Lastpodcastid
     */
    lastPodcastId: string | null;
    /**
     * Createdat
     */
    createdAt: string;
};

/**
 * DigestUpdate
 *
 * Changes of a digest. What is left out stays.
 */
export type DigestUpdate = {
    /**
     * Name
     */
    name?: string | null;
    /**
     * Linkids
     */
    linkIds?: Array<number> | null;
    /**
     * Feedurls
     */
    feedUrls?: Array<string> | null;
    /**
     * Cronschedule
     */
    cronSchedule?: string | null;
    /**
     * Timezone
     */
    timezone?: string | null;
    /**
     * Maxentries
     */
    maxEntries?: number | null;
    /**
     * Isenabled
     */
    isEnabled?: boolean | null;
    /**
     * Transcribe
     */
    transcribe?: boolean | null;
    wishes?: Wishes | null;
};

/**
 * Disk
 *
 * A disk with a media folder on it; bytes.
 */
export type Disk = {
    /**
     * Path
     *
     * for superusers only
     */
    path: string | null;
    /**
     * Total
     */
    total: number;
    /**
     * Free
     */
    free: number;
    /**
     * Reserve
     *
     * what downloads leave free
     */
    reserve: number;
    /**
     * Is There
     */
    is_there: boolean;
};

/**
 * DiskDetails
 *
 * The file system of a folder; sizes in bytes. The first `media` folder is the one for new files.
 */
export type DiskDetails = {
    /**
     * Name
     */
    name: 'media' | 'data';
    /**
     * Path
     */
    path: string;
    /**
     * Free
     */
    free: number;
    /**
     * Total
     */
    total: number;
    /**
     * Reserve
     */
    reserve: number;
};

/**
 * Dismissal
 *
 * Two items that are two.
 */
export type Dismissal = {
    /**
     * Ids
     */
    ids: [
        number,
        number
    ];
};

/**
 * Doomed
 *
 * A medium that would go, and by which rule.
 */
export type Doomed = {
    /**
     * Entry Id
     */
    entry_id: number;
    /**
     * Item Id
     */
    item_id: number;
    /**
     * Title
     */
    title: string | null;
    /**
     * Size
     *
     * bytes
     */
    size: number;
    /**
     * Since
     *
     * when it came into the library
     */
    since: string;
    /**
     * Rule
     */
    rule: 'keep_last' | 'keep_days' | 'keep_gb';
    /**
     * Stays For
     *
     * another link of yours has it, so that it stays in your library; or another user, so that only its files stay
     */
    stays_for: 'link' | 'user' | null;
};

/**
 * DownloadCreate
 *
 * What is wanted. Title and artist, if given, win over what the site says.
 */
export type DownloadCreate = {
    /**
     * Url
     */
    url: string;
    /**
     * Profile
     *
     * one that ships with Magpie, or your own
     */
    profile?: string;
    /**
     * Title
     */
    title?: string | null;
    /**
     * Artist
     */
    artist?: string | null;
};

/**
 * DownloadOut
 *
 * One download: its state, its progress, and where it led.
 */
export type DownloadOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Url
     */
    url: string;
    /**
     * Site
     */
    site: string;
    /**
     * Profile
     */
    profile: string;
    /**
     * Title
     */
    title: string | null;
    /**
     * Artist
     */
    artist: string | null;
    /**
     * Status
     */
    status: 'pending' | 'downloading' | 'completed' | 'failed' | 'cancelled' | 'skipped';
    /**
     * Stage
     */
    stage: 'queued' | 'extracting' | 'downloading' | 'recording' | 'processing' | 'placing' | null;
    /**
     * Reason
     *
     * typed code of a failure or skip; a link's rule may skip, too
     */
    reason: string | null;
    /**
     * Error Message
     *
     * what happened, in plain words
     */
    error_message: string | null;
    /**
     * Hint
     *
     * what to do about it
     */
    hint: string | null;
    /**
     * File Path
     *
     * relative to the media folder that the file lies in
     */
    file_path: string | null;
    /**
     * Item Id
     */
    item_id: number | null;
    /**
     * Parent Id
     */
    parent_id: number | null;
    /**
     * Thumbnail Url
     */
    thumbnail_url: string | null;
    /**
     * Downloaded Bytes
     */
    downloaded_bytes: number | null;
    /**
     * Total Bytes
     */
    total_bytes: number | null;
    /**
     * Speed
     *
     * bytes per second
     */
    speed: number | null;
    /**
     * Eta
     *
     * seconds
     */
    eta: number | null;
    /**
     * Attempt
     */
    attempt: number;
    /**
     * Next Attempt At
     */
    next_attempt_at: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Started At
     */
    started_at: string | null;
    /**
     * Completed At
     */
    completed_at: string | null;
};

/**
 * DownloadPage
 *
 * One page of downloads, newest first; `page` counts from 1.
 */
export type DownloadPage = {
    /**
     * Downloads
     */
    downloads: Array<DownloadOut>;
    /**
     * Total
     */
    total: number;
    /**
     * Page
     */
    page: number;
    /**
     * Per Page
     */
    per_page: number;
};

/**
 * DownloadSettings
 *
 * How missing songs are fetched. What is left out stays; null goes back to what ships.
 */
export type DownloadSettings = {
    /**
     * Download Path
     *
     * a folder below the media folder; null: where music goes
     */
    download_path?: string | null;
    /**
     * Api Url
     *
     * an external downloader; null: Magpie searches by itself
     */
    api_url?: string | null;
    /**
     * Api Key
     *
     * never given back; left out keeps what is there
     */
    api_key?: string | null;
    /**
     * Profile
     *
     * how songs are saved; null: `music`
     */
    profile?: string | null;
    /**
     * Searches
     *
     * where to search, best first: names of `known_searches`, or search pages with `{query}`
     */
    searches?: Array<string> | null;
};

/**
 * DownloadSettingsOut
 *
 * How missing songs are fetched.
 */
export type DownloadSettingsOut = {
    /**
     * Download Path
     */
    download_path: string | null;
    /**
     * Api Url
     */
    api_url: string | null;
    /**
     * Api Key
     *
     * never given back
     */
    api_key?: null;
    /**
     * Has Api Key
     */
    has_api_key: boolean;
    /**
     * Profile
     */
    profile: string;
    /**
     * Searches
     */
    searches: Array<string>;
    /**
     * Known Searches
     */
    known_searches: Array<SearchOut>;
};

/**
 * Edit
 *
 * What becomes of one place.
 */
export type Edit = 'keep' | 'add' | 'remove' | 'move';

/**
 * Embed
 *
 * What is put into the file.
 */
export type Embed = {
    /**
     * Metadata
     */
    metadata?: boolean;
    /**
     * Chapters
     */
    chapters?: boolean;
    /**
     * Thumbnail
     */
    thumbnail?: boolean;
};

/**
 * Emptied
 *
 * How many items went for ever.
 */
export type Emptied = {
    /**
     * Count
     */
    count: number;
};

/**
 * EntryOut
 *
 * One medium that was seen at a link, and why it was downloaded or not.
 */
export type EntryOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Link Id
     */
    link_id: number;
    /**
     * Url
     */
    url: string;
    /**
     * Title
     */
    title: string | null;
    /**
     * Kind
     *
     * video, short, live, premiere, audio, gallery, image or file
     */
    kind: string;
    /**
     * Duration
     *
     * seconds
     */
    duration: number | null;
    /**
     * Published At
     */
    published_at: string | null;
    /**
     * Thumbnail Url
     *
     * at the site: not to be loaded by a page
     */
    thumbnail_url: string | null;
    /**
     * First Seen At
     */
    first_seen_at: string;
    /**
     * Last Seen At
     */
    last_seen_at: string;
    /**
     * Gone At
     *
     * since when the source does not list it any more
     */
    gone_at: string | null;
    /**
     * Verdict
     */
    verdict: 'listed' | 'waiting' | 'wanted' | 'downloaded' | 'skipped' | 'failed' | 'removed';
    /**
     * Reason
     *
     * typed code of what was decided, or why a download failed
     */
    reason: string | null;
    /**
     * Why
     *
     * the verdict and its reason in plain words
     */
    why: string;
    /**
     * Not Before
     */
    not_before: string | null;
    /**
     * By Person
     *
     * a person decided; rules do not change it
     */
    by_person: boolean;
    /**
     * Item Id
     */
    item_id: number | null;
    /**
     * Downloaded At
     */
    downloaded_at: string | null;
    /**
     * Upgraded At
     *
     * when a better quality was looked for, once; `why` says what came of it
     */
    upgraded_at: string | null;
};

/**
 * EntryPage
 *
 * A page of a catalogue, newest first.
 */
export type EntryPage = {
    /**
     * Entries
     */
    entries: Array<EntryOut>;
    /**
     * Next Cursor
     */
    next_cursor: string | null;
    /**
     * Total
     */
    total: number;
};

/**
 * EpisodeCreate
 *
 * A podcast of one or several sources.
 */
export type EpisodeCreate = {
    /**
     * Title
     */
    title?: string | null;
    /**
     * Templateid
     */
    templateId?: string | null;
    format?: Format | null;
    /**
     * Minutes
     */
    minutes?: number | null;
    /**
     * Language
     */
    language?: string | null;
    /**
     * Style
     */
    style?: string | null;
    /**
     * Instructions
     */
    instructions?: string | null;
    /**
     * Speakers
     */
    speakers?: Array<SpeakerIn> | null;
    music?: MusicIn | null;
    /**
     * Formats
     *
     * mp3 is always made
     */
    formats?: Array<'mp3' | 'opus' | 'm4a'>;
    /**
     * Approve
     *
     * wait until somebody has approved the script
     */
    approve?: boolean;
    /**
     * Llm
     *
     * who writes; superusers only
     */
    llm?: string | null;
    /**
     * Tts
     *
     * who speaks; superusers only
     */
    tts?: string | null;
    /**
     * Asr
     *
     * who listens; superusers only
     */
    asr?: string | null;
    /**
     * Sources
     */
    sources?: Array<SourceIn>;
};

/**
 * EpisodeFile
 *
 * One finished recording.
 */
export type EpisodeFile = {
    /**
     * Format
     */
    format: string;
    /**
     * Url
     */
    url: string;
    /**
     * Size
     */
    size: number;
};

/**
 * EpisodeOut
 *
 * A podcast: the earlier program's fields, and how it is doing.
 */
export type EpisodeOut = {
    /**
     * Id
     */
    id: string;
    /**
     * Title
     */
    title: string;
    /**
     * Audiourl
     */
    audioUrl: string;
    /**
     * Duration
     *
     * seconds; 0 until it is done
     */
    duration: number;
    /**
     * Generateddate
     *
     * when it was done; until then, when it was begun
     */
    generatedDate: string;
    /**
     * Sourcetext
     *
     * left out of lists
     */
    sourceText?: string | null;
    /**
     * Sourceaudiourl
     */
    sourceAudioUrl: string | null;
    /**
     * Templateused
     */
    templateUsed: string | null;
    /**
     * Userid
     */
    userId: number;
    /**
     * Status
     */
    status: string;
    /**
     * Step
     */
    step: string | null;
    /**
     * Stepsdone
     */
    stepsDone: number;
    /**
     * Stepstotal
     */
    stepsTotal: number;
    /**
     * Errorcode
     */
    errorCode: string | null;
    /**
     * Errormessage
     */
    errorMessage: string | null;
    /**
     * Nextattemptat
     */
    nextAttemptAt: string | null;
    /**
     * Description
     */
    description: string;
    /**
     * Needsapproval
     */
    needsApproval: boolean;
    /**
     * Approvedversion
     */
    approvedVersion: number | null;
    /**
     * Scriptversion
     *
     * of the newest script; null before there is one
     */
    scriptVersion: number | null;
    /**
     * Speakers
     */
    speakers: Array<SpeakerOut>;
    /**
     * Language
     */
    language: string | null;
    /**
     * Minutes
     */
    minutes: number | null;
    /**
     * Providers
     */
    providers: {
        [key: string]: unknown;
    };
    /**
     * Estimate
     */
    estimate: {
        [key: string]: unknown;
    };
    /**
     * Usage
     */
    usage: {
        [key: string]: unknown;
    };
    /**
     * Report
     */
    report: {
        [key: string]: unknown;
    };
    /**
     * Files
     */
    files: Array<EpisodeFile>;
    /**
     * Coverurl
     */
    coverUrl: string | null;
    /**
     * Transcripturl
     */
    transcriptUrl: string | null;
    /**
     * Chaptersurl
     */
    chaptersUrl: string | null;
    /**
     * Liveurl
     *
     * what can be heard of it while it is made
     */
    liveUrl: string | null;
    /**
     * Sources
     */
    sources: Array<SourceOut>;
    /**
     * Digestid
     */
    digestId: number | null;
    /**
     * Createdat
     */
    createdAt: string;
    /**
     * Startedat
     */
    startedAt: string | null;
    /**
     * Completedat
     */
    completedAt: string | null;
    /**
     * Purgedat
     */
    purgedAt: string | null;
};

/**
 * EpisodeStatus
 *
 * How an episode is.
 */
export type EpisodeStatus = 'pending' | 'writing' | 'waiting' | 'voicing' | 'mastering' | 'completed' | 'failed' | 'cancelled';

/**
 * EpisodeUpdate
 *
 * What may be said of an episode later.
 */
export type EpisodeUpdate = {
    /**
     * Title
     */
    title?: string | null;
    /**
     * Description
     */
    description?: string | null;
};

/**
 * ErrorBody
 *
 * The body of an error answer.
 */
export type ErrorBody = {
    /**
     * Detail
     */
    detail: string;
};

/**
 * EstimateOut
 *
 * What an episode would take. Nothing was made.
 */
export type EstimateOut = {
    /**
     * Tokens
     */
    tokens: number;
    /**
     * Prompttokens
     */
    promptTokens: number;
    /**
     * Completiontokens
     */
    completionTokens: number;
    /**
     * Characters
     */
    characters: number;
    /**
     * Minutes
     */
    minutes: number;
    /**
     * Seconds
     *
     * how long the making will take; null: unknown
     */
    seconds: number | null;
    /**
     * Cost
     *
     * null: the settings name no prices
     */
    cost: number | null;
    /**
     * Isextractive
     */
    isExtractive: boolean;
    /**
     * Iswhole
     *
     * false: not all sources are known yet
     */
    isWhole: boolean;
    /**
     * Sources
     */
    sources: Array<EstimatedSource>;
};

/**
 * EstimatedSource
 *
 * How much a source has to tell.
 */
export type EstimatedSource = {
    /**
     * Title
     */
    title: string | null;
    /**
     * Characters
     *
     * null: not known before it is read
     */
    characters: number | null;
    /**
     * Isguessed
     *
     * from how long the recording is
     */
    isGuessed: boolean;
};

/**
 * ExtractorDetails
 *
 * One extractor; `version` is known while the downloads' helper process runs.
 */
export type ExtractorDetails = {
    /**
     * Name
     */
    name: string;
    /**
     * Version
     */
    version: string | null;
};

/**
 * FacetValue
 *
 * A value that items have, and how many of them.
 */
export type FacetValue = {
    /**
     * Value
     */
    value: string;
    /**
     * Count
     */
    count: number;
};

/**
 * FacetsOut
 *
 * What the items have in common, the most frequent first.
 */
export type FacetsOut = {
    /**
     * Counted
     *
     * items that were looked at: the newest ones, 5,000 at most
     */
    counted: number;
    /**
     * Is Exact
     *
     * whether those are all
     */
    is_exact: boolean;
    /**
     * Kind
     */
    kind: Array<FacetValue>;
    /**
     * Site
     */
    site: Array<FacetValue>;
    /**
     * Artist
     */
    artist: Array<FacetValue>;
    /**
     * Album
     */
    album: Array<FacetValue>;
    /**
     * Genre
     */
    genre: Array<FacetValue>;
    /**
     * Tag
     */
    tag: Array<FacetValue>;
    /**
     * Link
     */
    link: Array<LinkFacet>;
};

/**
 * FailedDownload
 *
 * A download of the check that did not end well.
 */
export type FailedDownload = {
    /**
     * Download Id
     */
    download_id: number;
    /**
     * Entry Id
     */
    entry_id?: number | null;
    /**
     * Url
     */
    url: string;
    /**
     * Title
     */
    title?: string | null;
    /**
     * Status
     *
     * failed or cancelled
     */
    status: string;
    /**
     * Reason
     */
    reason?: string | null;
    /**
     * Error Message
     */
    error_message?: string | null;
};

/**
 * FavouriteIn
 *
 * Whether an item is one of your favourites.
 */
export type FavouriteIn = {
    /**
     * Is Favourite
     */
    is_favourite: boolean;
};

/**
 * FeedList
 *
 * All your feeds under one token, whose addresses are secret.
 */
export type FeedList = {
    /**
     * Token Id
     */
    token_id: number;
    /**
     * Opml Url
     *
     * all of them, for apps to import
     */
    opml_url: string;
    /**
     * Search Url
     *
     * append `?q=…` or any other filter of `GET /api/v1/items`
     */
    search_url: string;
    /**
     * Feeds
     */
    feeds: Array<FeedOut>;
};

/**
 * FeedOut
 *
 * One feed. `id` is that of the link or collection.
 */
export type FeedOut = {
    /**
     * Kind
     */
    kind: 'library' | 'podcasts' | 'collection' | 'link';
    /**
     * Id
     */
    id: number | null;
    /**
     * Title
     */
    title: string;
    /**
     * Url
     */
    url: string;
};

/**
 * FeedTokenOut
 *
 * A feed token. `token` is null if it was sealed with a key that this server has not; it counts all the same.
 */
export type FeedTokenOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Name
     */
    name: string;
    /**
     * Token
     */
    token: string | null;
    /**
     * Library Url
     */
    library_url: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string | null;
};

/**
 * FieldFault
 *
 * One faulty field: where it is, what is wrong, and a code.
 */
export type FieldFault = {
    /**
     * Loc
     */
    loc: Array<string | number>;
    /**
     * Msg
     */
    msg: string;
    /**
     * Type
     */
    type: string;
};

/**
 * FileOut
 *
 * One file of an item. `path` is relative to the media folder that it lies in; sizes in bytes, durations in seconds.
 */
export type FileOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Role
     */
    role: 'media' | 'image' | 'thumbnail' | 'subtitle' | 'info' | 'cover' | 'nfo';
    /**
     * Path
     */
    path: string;
    /**
     * Size
     */
    size: number;
    /**
     * Mime
     */
    mime: string;
    /**
     * Width
     */
    width: number | null;
    /**
     * Height
     */
    height: number | null;
    /**
     * Duration
     */
    duration: number | null;
    /**
     * Language
     */
    language: string | null;
    /**
     * Missing Since
     *
     * when it was first looked for in vain
     */
    missing_since: string | null;
    /**
     * Damaged At
     *
     * when its content was seen to differ though nobody had written to it
     */
    damaged_at: string | null;
};

/**
 * Filter
 *
 * Which items: all that is said must hold. With nothing said, the caller's whole library but its trash.
 */
export type Filter = {
    /**
     * Q
     *
     * words that title, artist, album, description or your tags hold
     */
    q?: string | null;
    /**
     * Kind
     */
    kind?: 'video' | 'audio' | 'gallery' | 'image' | 'file' | null;
    /**
     * Link Id
     *
     * what this followed link has brought
     */
    link_id?: number | null;
    /**
     * Collection Id
     *
     * what is in this collection of yours
     */
    collection_id?: number | null;
    /**
     * Tag
     *
     * what you have given this tag
     */
    tag?: string | null;
    /**
     * Site
     */
    site?: string | null;
    /**
     * Artist
     */
    artist?: string | null;
    /**
     * Album
     */
    album?: string | null;
    /**
     * Genre
     */
    genre?: string | null;
    /**
     * Is Favourite
     */
    is_favourite?: boolean | null;
    /**
     * Is Finished
     *
     * whether you have played it to its end
     */
    is_finished?: boolean | null;
    /**
     * Language
     *
     * of one of its files, as in `files`
     */
    language?: string | null;
    /**
     * Min Duration
     *
     * seconds
     */
    min_duration?: number | null;
    /**
     * Max Duration
     *
     * seconds
     */
    max_duration?: number | null;
    /**
     * Published After
     *
     * at or after this moment
     */
    published_after?: string | null;
    /**
     * Published Before
     *
     * before this moment
     */
    published_before?: string | null;
    /**
     * In Trash
     *
     * what is in the trash, instead of what is not
     */
    in_trash?: boolean;
};

/**
 * Filters
 *
 * Which entries of a link are downloaded: those that pass all that is given.
 *
 * What a listing does not tell (a duration, say) passes the rule that asks for it.
 */
export type Filters = {
    /**
     * Title Include
     *
     * RE2; found anywhere in the title, without case
     */
    title_include?: string | null;
    /**
     * Title Exclude
     *
     * as title_include; what it finds is left out
     */
    title_exclude?: string | null;
    /**
     * Min Seconds
     */
    min_seconds?: number | null;
    /**
     * Max Seconds
     */
    max_seconds?: number | null;
    /**
     * Published After
     */
    published_after?: string | null;
    /**
     * Published Before
     */
    published_before?: string | null;
    /**
     * Max Age Days
     */
    max_age_days?: number | null;
    /**
     * Kinds
     */
    kinds?: Array<'video' | 'short' | 'live' | 'premiere' | 'audio' | 'gallery' | 'image'> | null;
    /**
     * Min Mb
     */
    min_mb?: number | null;
    /**
     * Max Mb
     */
    max_mb?: number | null;
    /**
     * Languages
     *
     * language tags as in BCP 47; `en` takes `en-GB`, too
     */
    languages?: Array<string> | null;
};

/**
 * FlagIn
 *
 * Something that the sources do not say.
 */
export type FlagIn = {
    /**
     * Kind
     */
    kind: string;
    /**
     * Text
     */
    text: string;
};

/**
 * FlagOut
 *
 * Something in a turn that the sources do not say.
 */
export type FlagOut = {
    /**
     * Kind
     */
    kind: string;
    /**
     * Text
     */
    text: string;
};

/**
 * Format
 *
 * The kinds of shows.
 */
export type Format = 'narrator' | 'two_hosts' | 'interview' | 'debate' | 'news' | 'lecture' | 'story' | 'bilingual';

/**
 * FoundOut
 *
 * A source that the file names. `new` becomes `added`, `refused` or `left_out` by an import that is not dry.
 */
export type FoundOut = {
    /**
     * Key
     *
     * names the source in `only`; spellings of one address have the same
     */
    key: string;
    /**
     * Url
     */
    url: string;
    /**
     * Name
     */
    name: string;
    /**
     * Type
     */
    type: string;
    /**
     * Line
     */
    line?: number | null;
    /**
     * Exists
     *
     * followed already
     */
    exists: boolean;
    /**
     * Status
     */
    status: 'new' | 'exists' | 'added' | 'refused' | 'left_out';
    /**
     * Link Id
     */
    link_id?: number | null;
    /**
     * Message
     *
     * why it was refused
     */
    message?: string | null;
};

/**
 * FoundTrack
 *
 * A track on the server.
 */
export type FoundTrack = {
    /**
     * Track Id
     */
    track_id: string;
    /**
     * Title
     */
    title: string;
    /**
     * Artists
     */
    artists: Array<string>;
    /**
     * Album
     */
    album: string | null;
    /**
     * Duration
     */
    duration: number | null;
    /**
     * Score
     */
    score?: number | null;
    /**
     * Reasons
     */
    reasons?: Array<string>;
};

/**
 * GenerateText
 *
 * A text to make a podcast of.
 */
export type GenerateText = {
    /**
     * Text
     */
    text: string;
    /**
     * Title
     */
    title?: string | null;
    /**
     * Templateid
     */
    templateId?: string | null;
};

/**
 * GenerateUrl
 *
 * A page, document or recording elsewhere to make a podcast of.
 */
export type GenerateUrl = {
    /**
     * Url
     */
    url: string;
    /**
     * Title
     */
    title?: string | null;
    /**
     * Templateid
     */
    templateId?: string | null;
};

/**
 * HTTPValidationError
 */
export type HttpValidationError = {
    /**
     * Detail
     */
    detail?: Array<ValidationError>;
};

/**
 * Health
 *
 * `ailing` goes with the status 503.
 */
export type Health = {
    /**
     * Status
     */
    status: string;
    /**
     * Version
     */
    version: string;
    /**
     * Parts
     */
    parts: {
        [key: string]: Part;
    };
};

/**
 * HealthDetails
 *
 * Everything that the health page shows.
 */
export type HealthDetails = {
    health: Health;
    /**
     * Version
     */
    version: string;
    database: DatabaseDetails;
    /**
     * Workers
     */
    workers: Array<WorkerDetails>;
    /**
     * Lanes
     */
    lanes: Array<LaneDetails>;
    /**
     * Disks
     */
    disks: Array<DiskDetails>;
    /**
     * Tools
     */
    tools: Array<ToolDetails>;
    /**
     * Extractors
     */
    extractors: Array<ExtractorDetails>;
    /**
     * Plugins
     */
    plugins: Array<PluginDetails>;
    /**
     * Page Built
     */
    page_built: boolean;
};

/**
 * HeardOut
 *
 * A song as its own page, or its file, tells of it.
 */
export type HeardOut = {
    /**
     * Title
     */
    title: string;
    /**
     * Artists
     */
    artists: Array<string>;
    /**
     * Duration
     */
    duration: number | null;
};

/**
 * HistoryOut
 *
 * One check: when, of which link, and what came of it.
 */
export type HistoryOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Link Id
     *
     * the link may be gone by now
     */
    link_id: number;
    /**
     * Link Name
     */
    link_name: string;
    /**
     * Timestamp
     */
    timestamp: string;
    /**
     * Status
     */
    status: 'success' | 'failure';
    /**
     * Message
     */
    message: string;
    /**
     * Downloaded Files
     *
     * relative to the media root
     */
    downloaded_files: Array<string>;
    details: CheckDetails;
    /**
     * Queued
     *
     * downloads that the check began
     */
    queued: number;
    /**
     * Landed
     *
     * of them completed
     */
    landed: number;
    /**
     * Failed
     *
     * of them failed or cancelled
     */
    failed: number;
};

/**
 * ImportOut
 *
 * What a file holds, and what became of it.
 */
export type ImportOut = {
    /**
     * Kind
     */
    kind: 'opml' | 'takeout' | 'csv' | 'json' | 'list' | 'archive';
    /**
     * Dry Run
     */
    dry_run: boolean;
    /**
     * Found
     */
    found: Array<FoundOut>;
    /**
     * Archived
     *
     * media that the file says are held already: they will not be fetched
     */
    archived: number;
    /**
     * Added
     *
     * links that were made
     */
    added: number;
    /**
     * Problems
     *
     * the first 200
     */
    problems: Array<ProblemOut>;
};

/**
 * ImportStarted
 *
 * The import has begun; ask for its state, with the `receipt` even after the session has ended.
 */
export type ImportStarted = {
    /**
     * Message
     */
    message?: string;
    /**
     * Receipt
     */
    receipt: string;
};

/**
 * ImportStateOut
 *
 * How an import is, or was. `progress` from 0 to 1; `rows`: how many were imported.
 */
export type ImportStateOut = {
    /**
     * State
     */
    state: 'idle' | 'running' | 'succeeded' | 'failed';
    /**
     * Stage
     */
    stage: 'checking' | 'saving' | 'replacing' | null;
    /**
     * Progress
     */
    progress: number;
    /**
     * Rows
     */
    rows: number | null;
    /**
     * Message
     */
    message: string;
    /**
     * Finished At
     */
    finished_at: string | null;
};

/**
 * InspectRequest
 *
 * What was pasted into the box.
 */
export type InspectRequest = {
    /**
     * Url
     */
    url: string;
};

/**
 * Inspection
 *
 * What an address is, and what can be done with it.
 */
export type Inspection = {
    /**
     * Url
     */
    url: string;
    /**
     * Site
     */
    site: string;
    /**
     * Kind
     */
    kind: 'file' | 'page' | 'gallery' | 'list' | 'unsupported';
    /**
     * Extractor
     */
    extractor: string | null;
    /**
     * Title
     */
    title: string | null;
    /**
     * Verbs
     */
    verbs: Array<'save' | 'follow'>;
    /**
     * Reason
     *
     * typed code of what stands in the way
     */
    reason: string | null;
    /**
     * Message
     *
     * that reason in plain words
     */
    message: string | null;
};

/**
 * ItemDetails
 *
 * One medium in the library, and what of yours it belongs to.
 */
export type ItemDetails = {
    /**
     * Id
     */
    id: number;
    /**
     * Kind
     */
    kind: 'video' | 'audio' | 'gallery' | 'image' | 'file';
    /**
     * Title
     */
    title: string;
    /**
     * Artist
     */
    artist: string | null;
    /**
     * Album
     */
    album: string | null;
    /**
     * Album Artist
     */
    album_artist: string | null;
    /**
     * Track Number
     */
    track_number: number | null;
    /**
     * Disc Number
     */
    disc_number: number | null;
    /**
     * Genre
     */
    genre: string | null;
    /**
     * Isrc
     */
    isrc: string | null;
    /**
     * Description
     */
    description: string | null;
    /**
     * Duration
     *
     * seconds
     */
    duration: number | null;
    /**
     * Size
     *
     * bytes of all files
     */
    size: number;
    /**
     * Source Url
     */
    source_url: string;
    /**
     * Site
     */
    site: string;
    /**
     * Extractor
     */
    extractor: string;
    /**
     * Quality
     */
    quality: string;
    /**
     * Published At
     */
    published_at: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Thumbnail Url
     */
    thumbnail_url: string | null;
    /**
     * File Url
     */
    file_url: string;
    /**
     * Pinned
     *
     * you keep it whatever the retention of links says
     */
    pinned: boolean;
    /**
     * Is Favourite
     */
    is_favourite: boolean;
    /**
     * Tags
     *
     * your own, by name
     */
    tags: Array<string>;
    /**
     * where you are in it; null if you have never played it
     */
    playback: PlaybackOut | null;
    /**
     * Files
     */
    files: Array<FileOut>;
    /**
     * Links
     *
     * your followed links that have it, by name; 100 at most
     */
    links: Array<Named>;
    /**
     * Collections
     *
     * your collections that you have put it into, by name; 100 at most. Searches are left out
     */
    collections: Array<Named>;
};

/**
 * ItemIds
 *
 * Items.
 */
export type ItemIds = {
    /**
     * Ids
     */
    ids: Array<number>;
};

/**
 * ItemOut
 *
 * One medium in the library.
 */
export type ItemOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Kind
     */
    kind: 'video' | 'audio' | 'gallery' | 'image' | 'file';
    /**
     * Title
     */
    title: string;
    /**
     * Artist
     */
    artist: string | null;
    /**
     * Album
     */
    album: string | null;
    /**
     * Album Artist
     */
    album_artist: string | null;
    /**
     * Track Number
     */
    track_number: number | null;
    /**
     * Disc Number
     */
    disc_number: number | null;
    /**
     * Genre
     */
    genre: string | null;
    /**
     * Isrc
     */
    isrc: string | null;
    /**
     * Description
     */
    description: string | null;
    /**
     * Duration
     *
     * seconds
     */
    duration: number | null;
    /**
     * Size
     *
     * bytes of all files
     */
    size: number;
    /**
     * Source Url
     */
    source_url: string;
    /**
     * Site
     */
    site: string;
    /**
     * Extractor
     */
    extractor: string;
    /**
     * Quality
     */
    quality: string;
    /**
     * Published At
     */
    published_at: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Thumbnail Url
     */
    thumbnail_url: string | null;
    /**
     * File Url
     */
    file_url: string;
    /**
     * Pinned
     *
     * you keep it whatever the retention of links says
     */
    pinned: boolean;
    /**
     * Is Favourite
     */
    is_favourite: boolean;
    /**
     * Tags
     *
     * your own, by name
     */
    tags: Array<string>;
    /**
     * where you are in it; null if you have never played it
     */
    playback: PlaybackOut | null;
    /**
     * Files
     */
    files: Array<FileOut>;
};

/**
 * ItemPage
 *
 * A page of items. `next_cursor` is null on the last page.
 */
export type ItemPage = {
    /**
     * Items
     */
    items: Array<ItemOut>;
    /**
     * Next Cursor
     */
    next_cursor: string | null;
    /**
     * Total
     *
     * items on all pages; so many at least unless `total_is_exact`
     */
    total: number;
    /**
     * Total Is Exact
     */
    total_is_exact: boolean;
};

/**
 * ItemsChoice
 *
 * What becomes of a deleted user's library.
 */
export type ItemsChoice = 'keep' | 'delete';

/**
 * KindOut
 *
 * A kind of media server, and what it can do at best.
 */
export type KindOut = {
    /**
     * Name
     */
    name: string;
    /**
     * Title
     */
    title: string;
    /**
     * Logins
     */
    logins: Array<string>;
    /**
     * Can Move
     */
    can_move: boolean;
    /**
     * Can Replace
     */
    can_replace: boolean;
    /**
     * Can Describe
     */
    can_describe: boolean;
    /**
     * Can Poster
     */
    can_poster: boolean;
    /**
     * Can Scan Path
     */
    can_scan_path: boolean;
    /**
     * Keeps Duplicates
     */
    keeps_duplicates: boolean;
};

/**
 * LaneDetails
 *
 * One of this worker's queues.
 */
export type LaneDetails = {
    /**
     * Name
     */
    name: string;
    /**
     * Running
     */
    running: number;
    /**
     * Slots
     */
    slots: number;
};

/**
 * LibraryOut
 *
 * A music library on a server; `folders` as the server sees them.
 */
export type LibraryOut = {
    /**
     * Id
     */
    id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Folders
     */
    folders: Array<string>;
};

/**
 * LinkCreate
 *
 * A source to follow.
 */
export type LinkCreate = {
    /**
     * Type
     *
     * `auto` or left out: recognised from the address
     */
    type?: 'auto' | 'youtube_channel' | 'playlist' | 'pixiv_user' | 'generic_video' | 'generic_audio' | 'generic_gallery' | 'live' | 'feed' | null;
    /**
     * Is Enabled
     *
     * whether it is checked by itself
     */
    is_enabled?: boolean | null;
    /**
     * Download Automatically
     *
     * false: only list what is new
     */
    download_automatically?: boolean | null;
    /**
     * Tags
     *
     * a list, or a text with commas
     */
    tags?: Array<string> | string | null;
    /**
     * Cookies
     *
     * a JSON object of names and values as text, a browser's JSON export, or a Netscape cookie file; never given back; null clears, left out keeps
     */
    cookies?: string | null;
    /**
     * Cookie Mode
     */
    cookie_mode?: 'never' | 'when_needed' | 'always' | null;
    /**
     * Profile
     */
    profile?: string | null;
    /**
     * Interval Minutes
     *
     * null: the setting's
     */
    interval_minutes?: number | null;
    /**
     * Max Interval Minutes
     *
     * how far a quiet link's interval may grow
     */
    max_interval_minutes?: number | null;
    filters?: Filters | null;
    retention?: Retention | null;
    /**
     * Url
     */
    url: string;
    /**
     * Name
     *
     * taken from the source when left out
     */
    name?: string | null;
    /**
     * Feed Url
     */
    feed_url?: string | null;
};

/**
 * LinkFacet
 *
 * A followed link, and how many of the items it has brought.
 */
export type LinkFacet = {
    /**
     * Id
     */
    id: number;
    /**
     * Name
     */
    name: string;
    /**
     * Count
     */
    count: number;
};

/**
 * LinkOut
 *
 * A followed link and how it is doing.
 */
export type LinkOut = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     */
    user_id: number;
    /**
     * Url
     */
    url: string;
    /**
     * Name
     */
    name: string;
    /**
     * Type
     */
    type: 'auto' | 'youtube_channel' | 'playlist' | 'pixiv_user' | 'generic_video' | 'generic_audio' | 'generic_gallery' | 'live' | 'feed';
    /**
     * Is Enabled
     */
    is_enabled: boolean;
    /**
     * Download Automatically
     */
    download_automatically: boolean;
    /**
     * Tags
     */
    tags: Array<string>;
    /**
     * Cookies
     *
     * always null: cookies are write-only
     */
    cookies?: null;
    /**
     * Has Cookies
     */
    has_cookies: boolean;
    /**
     * Cookie Mode
     */
    cookie_mode: 'never' | 'when_needed' | 'always';
    /**
     * Site
     */
    site: string;
    /**
     * Profile
     */
    profile: string;
    /**
     * Interval Minutes
     */
    interval_minutes: number | null;
    /**
     * Max Interval Minutes
     */
    max_interval_minutes: number | null;
    filters: Filters;
    retention: Retention;
    /**
     * Status
     */
    status: 'idle' | 'checking' | 'downloading' | 'recording' | 'error' | 'cooling_down';
    /**
     * Reason
     *
     * typed code of what went wrong
     */
    reason: string | null;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * Hint
     *
     * what to do about it
     */
    hint: string | null;
    /**
     * Last Checked At
     */
    last_checked_at: string | null;
    /**
     * Next Check At
     */
    next_check_at: string | null;
    /**
     * Last Success At
     */
    last_success_at: string | null;
    /**
     * Died At
     *
     * when the source was found to be gone for good
     */
    died_at: string | null;
    /**
     * Feed Url
     */
    feed_url: string | null;
    /**
     * Picture Url
     */
    picture_url: string | null;
    /**
     * Source Title
     */
    source_title: string | null;
    /**
     * Source Description
     */
    source_description: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
    counts: Counts;
};

/**
 * LinkUpdate
 *
 * Changes of a link. What is left out stays as it is.
 */
export type LinkUpdate = {
    /**
     * Type
     *
     * `auto` or left out: recognised from the address
     */
    type?: 'auto' | 'youtube_channel' | 'playlist' | 'pixiv_user' | 'generic_video' | 'generic_audio' | 'generic_gallery' | 'live' | 'feed' | null;
    /**
     * Is Enabled
     *
     * whether it is checked by itself
     */
    is_enabled?: boolean | null;
    /**
     * Download Automatically
     *
     * false: only list what is new
     */
    download_automatically?: boolean | null;
    /**
     * Tags
     *
     * a list, or a text with commas
     */
    tags?: Array<string> | string | null;
    /**
     * Cookies
     *
     * a JSON object of names and values as text, a browser's JSON export, or a Netscape cookie file; never given back; null clears, left out keeps
     */
    cookies?: string | null;
    /**
     * Cookie Mode
     */
    cookie_mode?: 'never' | 'when_needed' | 'always' | null;
    /**
     * Profile
     */
    profile?: string | null;
    /**
     * Interval Minutes
     *
     * null: the setting's
     */
    interval_minutes?: number | null;
    /**
     * Max Interval Minutes
     *
     * how far a quiet link's interval may grow
     */
    max_interval_minutes?: number | null;
    filters?: Filters | null;
    retention?: Retention | null;
    /**
     * Url
     */
    url?: string | null;
    /**
     * Name
     *
     * null: the source's own name
     */
    name?: string | null;
    /**
     * Feed Url
     */
    feed_url?: string | null;
};

/**
 * LinksCreate
 *
 * Several sources, followed alike.
 */
export type LinksCreate = {
    /**
     * Type
     *
     * `auto` or left out: recognised from the address
     */
    type?: 'auto' | 'youtube_channel' | 'playlist' | 'pixiv_user' | 'generic_video' | 'generic_audio' | 'generic_gallery' | 'live' | 'feed' | null;
    /**
     * Is Enabled
     *
     * whether it is checked by itself
     */
    is_enabled?: boolean | null;
    /**
     * Download Automatically
     *
     * false: only list what is new
     */
    download_automatically?: boolean | null;
    /**
     * Tags
     *
     * a list, or a text with commas
     */
    tags?: Array<string> | string | null;
    /**
     * Cookies
     *
     * a JSON object of names and values as text, a browser's JSON export, or a Netscape cookie file; never given back; null clears, left out keeps
     */
    cookies?: string | null;
    /**
     * Cookie Mode
     */
    cookie_mode?: 'never' | 'when_needed' | 'always' | null;
    /**
     * Profile
     */
    profile?: string | null;
    /**
     * Interval Minutes
     *
     * null: the setting's
     */
    interval_minutes?: number | null;
    /**
     * Max Interval Minutes
     *
     * how far a quiet link's interval may grow
     */
    max_interval_minutes?: number | null;
    filters?: Filters | null;
    retention?: Retention | null;
    /**
     * Urls
     */
    urls: Array<string | NamedAddress>;
};

/**
 * LogOut
 *
 * One line. `fields` holds what else it says: `request_id`, `job`, `exception`, …; secrets are masked.
 */
export type LogOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Timestamp
     */
    timestamp: string;
    /**
     * Level
     */
    level: 'debug' | 'info' | 'warning' | 'error' | 'critical';
    /**
     * Source
     */
    source: string;
    /**
     * Host
     */
    host: string;
    /**
     * Message
     */
    message: string;
    /**
     * Task Id
     */
    task_id: number | null;
    /**
     * Link Id
     */
    link_id: number | null;
    /**
     * Download Id
     */
    download_id: number | null;
    /**
     * Fields
     */
    fields: {
        [key: string]: unknown;
    };
};

/**
 * MatchOut
 *
 * A wanted song, and what the server has for it.
 */
export type MatchOut = {
    song: SongOut;
    /**
     * Verdict
     */
    verdict: 'matched' | 'review' | 'missing' | 'waiting';
    /**
     * Score
     */
    score: number;
    /**
     * Reasons
     */
    reasons: Array<string>;
    /**
     * Is Decided
     */
    is_decided: boolean;
    track: FoundTrack | null;
    /**
     * Candidates
     */
    candidates: Array<FoundTrack>;
};

/**
 * MatchPage
 *
 * Songs with their verdicts, in the playlist's order.
 */
export type MatchPage = {
    /**
     * Matches
     */
    matches: Array<MatchOut>;
    /**
     * Next Cursor
     */
    next_cursor: string | null;
    counts: TaskCounts;
};

/**
 * MeAnswer
 *
 * The signed-in user. `feeds` is null for API tokens without the scope `admin`.
 */
export type MeAnswer = {
    /**
     * Id
     */
    id: number;
    /**
     * Email
     */
    email: string | null;
    /**
     * Username
     */
    username: string;
    /**
     * Display Name
     */
    display_name: string | null;
    /**
     * Language
     *
     * What notifications are written in. null: not known, so English.
     */
    language: 'en' | 'zh-CN' | null;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Superuser
     */
    is_superuser: boolean;
    /**
     * Quota Gb
     *
     * how much they may hold; 0: no limit; null: as the settings say
     */
    quota_gb: number | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Login At
     */
    last_login_at: string | null;
    feeds?: OwnFeeds | null;
};

/**
 * Merge
 *
 * What is one: `ids` become the item that the address names.
 */
export type Merge = {
    /**
     * Ids
     */
    ids: Array<number>;
};

/**
 * Mode
 *
 * What becomes of songs that leave the source.
 */
export type Mode = 'mirror' | 'append';

/**
 * Music
 *
 * What becomes of tracks. It counts where the metadata are embedded.
 */
export type Music = {
    /**
     * Clean Names
     *
     * take artist and title out of what the site calls it
     */
    clean_names?: boolean;
    /**
     * Replaygain
     *
     * note the loudness (ReplayGain 2.0, R128 for Opus)
     */
    replaygain?: boolean;
    /**
     * Lyrics
     *
     * in the tags, and with their times beside the file
     */
    lyrics?: boolean;
    /**
     * Square Cover
     *
     * cut pictures to squares
     */
    square_cover?: boolean;
};

/**
 * MusicIn
 *
 * Pieces from the folder `podcasts/music`; the bed lies under the speech, `bedDb` below it.
 */
export type MusicIn = {
    /**
     * Intro
     */
    intro?: string | null;
    /**
     * Outro
     */
    outro?: string | null;
    /**
     * Bed
     */
    bed?: string | null;
    /**
     * Beddb
     */
    bedDb?: number;
};

/**
 * MusicList
 *
 * Pieces in the folder `podcasts/music` that templates and episodes may name.
 */
export type MusicList = {
    /**
     * Files
     */
    files: Array<string>;
};

/**
 * Named
 *
 * Something of yours that an item belongs to.
 */
export type Named = {
    /**
     * Id
     */
    id: number;
    /**
     * Name
     */
    name: string;
};

/**
 * NamedAddress
 *
 * One of several sources, with a name of its own.
 */
export type NamedAddress = {
    /**
     * Url
     */
    url: string;
    /**
     * Name
     */
    name?: string | null;
};

/**
 * NewAccount
 *
 * A new account. Whoever makes their own without naming a language gets the one that their browser asks for.
 */
export type NewAccount = {
    /**
     * Username
     *
     * 1 to 64 characters, without '@'.
     */
    username: string;
    /**
     * Email
     */
    email: string;
    /**
     * Password
     *
     * At least 8 characters.
     */
    password: string;
    /**
     * Language
     *
     * What notifications are written in. null: not known, so English.
     */
    language?: 'en' | 'zh-CN' | null;
};

/**
 * NewFeedToken
 *
 * A further token, for one app or one person.
 */
export type NewFeedToken = {
    /**
     * Name
     */
    name: string;
};

/**
 * NewToken
 *
 * An API token, for a script.
 */
export type NewToken = {
    /**
     * Name
     */
    name: string;
    /**
     * Scopes
     *
     * `read`: safe methods; `write`: all methods, but neither what only superusers may nor the account itself; `admin`: all that the user may do. A word or several, or a list.
     */
    scopes: Array<Scope>;
    /**
     * Expires In Days
     */
    expires_in_days?: number;
};

/**
 * NewTokenAnswer
 *
 * An API token that has just been made. `token` is shown this once.
 */
export type NewTokenAnswer = {
    /**
     * Id
     */
    id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Scopes
     */
    scopes: Array<Scope>;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Seen At
     */
    last_seen_at: string;
    /**
     * Expires At
     */
    expires_at: string;
    /**
     * Token
     */
    token: string;
};

/**
 * NewUser
 *
 * A new user, as a superuser makes them; for anybody else `display_name` and what follows count for nothing.
 */
export type NewUser = {
    /**
     * Username
     *
     * 1 to 64 characters, without '@'.
     */
    username: string;
    /**
     * Email
     */
    email: string;
    /**
     * Password
     *
     * At least 8 characters.
     */
    password: string;
    /**
     * Language
     *
     * What notifications are written in. null: not known, so English.
     */
    language?: 'en' | 'zh-CN' | null;
    /**
     * Display Name
     */
    display_name?: string | null;
    /**
     * Is Active
     */
    is_active?: boolean;
    /**
     * Is Superuser
     */
    is_superuser?: boolean;
};

/**
 * NextRuns
 *
 * When a schedule comes next.
 */
export type NextRuns = {
    /**
     * Cron Schedule
     */
    cron_schedule: string;
    /**
     * Timezone
     */
    timezone: string;
    /**
     * Next Runs
     */
    next_runs: Array<string>;
};

/**
 * OpOut
 *
 * One line of a diff.
 */
export type OpOut = {
    op: Edit;
    /**
     * Before
     */
    before: number | null;
    /**
     * Position
     */
    position: number | null;
    /**
     * Track Id
     */
    track_id: string;
    song: SongOut | null;
    track: FoundTrack | null;
};

/**
 * OrderOut
 *
 * One song of a session.
 */
export type OrderOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Task Id
     */
    task_id: number | null;
    /**
     * Song Id
     */
    song_id: string;
    /**
     * Title
     */
    title: string;
    /**
     * Artist
     */
    artist: string;
    /**
     * Album
     */
    album: string | null;
    /**
     * Duration
     */
    duration: number | null;
    /**
     * Status
     */
    status: 'pending' | 'searching' | 'downloading' | 'completed' | 'failed' | 'cancelled';
    /**
     * Reason
     *
     * typed code; of a failed download, its own code stands in the candidates
     */
    reason: string | null;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * Url
     */
    url: string | null;
    /**
     * Download Id
     */
    download_id: number | null;
    /**
     * Item Id
     */
    item_id: number | null;
    /**
     * Progress
     *
     * 0 to 1, while it is downloaded
     */
    progress: number | null;
    /**
     * Candidates
     */
    candidates: Array<CandidateOut>;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Ended At
     */
    ended_at: string | null;
};

/**
 * OwnChanges
 *
 * What users may change of their own account. What is left out stays; null takes away what may be missing.
 */
export type OwnChanges = {
    /**
     * Username
     */
    username?: string | null;
    /**
     * Email
     */
    email?: string | null;
    /**
     * Password
     *
     * At least 8 characters.
     */
    password?: string | null;
    /**
     * Display Name
     */
    display_name?: string | null;
    /**
     * Language
     *
     * What notifications are written in. null: not known, so English.
     */
    language?: 'en' | 'zh-CN' | null;
    /**
     * Current Password
     *
     * Needed to change password or address where the page's cookie is signed in.
     */
    current_password?: string | null;
};

/**
 * OwnFeeds
 *
 * Addresses of the user's own feeds, which are secret. Replace `{id}`, and append a question to `search`.
 */
export type OwnFeeds = {
    /**
     * Library
     */
    library: string;
    /**
     * Podcasts
     *
     * Those that you have had made.
     */
    podcasts: string;
    /**
     * Link
     */
    link: string;
    /**
     * Collection
     */
    collection: string;
    /**
     * Search
     */
    search: string;
    /**
     * Opml
     *
     * All of them, for apps to import.
     */
    opml: string;
};

/**
 * Part
 *
 * One part of the program. `message` says what ails it and what to do.
 */
export type Part = {
    /**
     * Ok
     */
    ok: boolean;
    /**
     * Message
     */
    message?: string | null;
};

/**
 * PendingReset
 *
 * A reset link to hand over.
 */
export type PendingReset = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     */
    user_id: number;
    /**
     * Username
     */
    username: string;
    /**
     * Email
     */
    email: string | null;
    /**
     * Link
     *
     * Without a public address only its path.
     */
    link: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * Pin
 *
 * Whether an item is kept whatever the retention of links says.
 */
export type Pin = {
    /**
     * Pinned
     */
    pinned: boolean;
};

/**
 * Place
 *
 * Where an item is put: right before another one of the collection, or at its end.
 */
export type Place = {
    /**
     * Before
     */
    before?: number | null;
};

/**
 * PlanOut
 *
 * What the next sync would do; nothing is written.
 */
export type PlanOut = {
    /**
     * Is Source Complete
     */
    is_source_complete: boolean;
    /**
     * Targets
     */
    targets: Array<TargetPlan>;
};

/**
 * PlaybackIn
 *
 * Where a player is. Without `is_finished` the position tells whether that is the end.
 */
export type PlaybackIn = {
    /**
     * Position
     *
     * seconds
     */
    position: number;
    /**
     * Is Finished
     */
    is_finished?: boolean | null;
};

/**
 * PlaybackOut
 *
 * Where you are in an item; `position` in seconds.
 */
export type PlaybackOut = {
    /**
     * Position
     */
    position: number;
    /**
     * Is Finished
     */
    is_finished: boolean;
    /**
     * Plays
     *
     * how often you have come to its end
     */
    plays: number;
    /**
     * Updated At
     *
     * null if you have never played it
     */
    updated_at: string | null;
};

/**
 * PlaybackPlan
 *
 * How to play a file.
 */
export type PlaybackPlan = {
    /**
     * `none`: it can only be downloaded
     */
    way: Way;
    /**
     * Url
     *
     * what to play; null if there is no way
     */
    url: string | null;
    /**
     * Mime
     *
     * the type of what comes from there
     */
    mime: string | null;
    /**
     * Seeking
     *
     * `range`: as with any file; `start`: ask for `url` anew with `&start=seconds`
     */
    seeking: string | null;
    /**
     * Duration
     *
     * seconds, of the whole, if it is known
     */
    duration: number | null;
    /**
     * Video
     *
     * the file's video codec, as ffmpeg calls it
     */
    video: string | null;
    /**
     * Audio
     *
     * the file's audio codec, as ffmpeg calls it
     */
    audio: string | null;
};

/**
 * PlaylistOut
 *
 * A playlist on a server.
 */
export type PlaylistOut = {
    /**
     * Id
     */
    id: string;
    /**
     * Title
     */
    title: string;
    /**
     * Count
     */
    count: number;
    /**
     * Is Writable
     */
    is_writable: boolean;
    /**
     * Description
     */
    description: string | null;
};

/**
 * PluginDetails
 *
 * A package that adds to Magpie; `error` if it could not be used.
 */
export type PluginDetails = {
    /**
     * Name
     */
    name: string;
    /**
     * Error
     */
    error: string | null;
};

/**
 * Preview
 *
 * The files of one medium as they would be named.
 */
export type Preview = {
    /**
     * Title
     */
    title: string;
    /**
     * Files
     */
    files: Array<PreviewFile>;
};

/**
 * PreviewFile
 *
 * One file: what it is, and where it would lie below the media folder.
 */
export type PreviewFile = {
    /**
     * Role
     */
    role: 'media' | 'image' | 'thumbnail' | 'subtitle' | 'info' | 'cover' | 'nfo' | 'show';
    /**
     * Path
     */
    path: string;
};

/**
 * PreviewRequest
 *
 * Names to try, on what. Of `spec` and `profile` at most one; `template` and `media_server` win over theirs.
 */
export type PreviewRequest = {
    spec?: ProfileSpec | null;
    /**
     * Profile
     */
    profile?: string | null;
    /**
     * Template
     */
    template?: string | null;
    /**
     * Media Server
     */
    media_server?: 'plex' | 'jellyfin' | 'kodi' | 'navidrome' | null;
    sample?: Sample | null;
    /**
     * Entry
     *
     * an entry of one of your links
     */
    entry?: number | null;
    /**
     * Url
     *
     * of an entry or an item of yours
     */
    url?: string | null;
};

/**
 * ProblemOut
 *
 * What could not be read.
 */
export type ProblemOut = {
    reason: Trouble;
    /**
     * Message
     *
     * that reason in plain words
     */
    message: string;
    /**
     * Line
     */
    line: number | null;
    /**
     * Text
     */
    text: string | null;
};

/**
 * ProfileCreate
 *
 * A profile of one's own.
 */
export type ProfileCreate = {
    /**
     * Name
     */
    name: string;
    spec: ProfileSpec;
};

/**
 * ProfileOut
 *
 * A profile. Those that ship with Magpie have no id and cannot be changed.
 */
export type ProfileOut = {
    /**
     * Id
     */
    id: number | null;
    /**
     * Name
     */
    name: string;
    /**
     * Is Shipped
     */
    is_shipped: boolean;
    /**
     * Description
     *
     * what a shipped profile is for
     */
    description?: string | null;
    spec: ProfileSpec;
    /**
     * Quality
     *
     * the quality class: media of one class are stored once
     */
    quality: string;
    /**
     * Links
     *
     * how many of your links use it
     */
    links?: number;
    /**
     * Created At
     */
    created_at?: string | null;
    /**
     * Updated At
     */
    updated_at?: string | null;
};

/**
 * ProfileSpec
 *
 * How to save. What a medium does not have is no obstacle.
 */
export type ProfileSpec = {
    /**
     * Kind
     */
    kind?: 'video' | 'audio' | 'gallery';
    /**
     * Max Height
     *
     * pixels; null: the best there is
     */
    max_height?: 144 | 240 | 360 | 480 | 720 | 1080 | 1440 | 2160 | 4320 | null;
    /**
     * Container
     */
    container?: 'keep' | 'mp4' | 'mkv' | 'webm';
    /**
     * Audio Format
     *
     * sound that is in it already is never encoded again
     */
    audio_format?: 'keep' | 'mp3' | 'opus' | 'm4a' | 'flac';
    /**
     * Audio Quality
     *
     * of what has to be encoded: `v0` and `v2` are MP3's variable rates, the rest kilobits a second; null: v0 for mp3, 160 for opus, 192 for m4a
     */
    audio_quality?: 'v0' | 'v2' | '320' | '256' | '192' | '160' | '128' | '96' | null;
    subtitles?: Subtitles;
    /**
     * Template
     *
     * of the files' names; wins over the media server's
     */
    template?: string | null;
    /**
     * Media Server
     *
     * whose names and side files are used
     */
    media_server?: 'plex' | 'jellyfin' | 'kodi' | 'navidrome' | null;
    side_files?: SideFiles;
    embed?: Embed;
    sponsorblock?: Sponsors;
    music?: Music;
};

/**
 * ProfileUpdate
 *
 * Changes of a profile. What is left out stays; a spec replaces the whole former one.
 */
export type ProfileUpdate = {
    /**
     * Name
     */
    name?: string | null;
    spec?: ProfileSpec | null;
};

/**
 * ProviderError
 *
 * Why a provider cannot be used now. `message` is for superusers: it may name an address.
 */
export type ProviderError = {
    /**
     * Code
     */
    code: string;
    /**
     * Message
     */
    message: string | null;
};

/**
 * ProviderOut
 *
 * Who writes (`llm`), speaks (`tts`) or listens (`asr`), and whether they answer.
 */
export type ProviderOut = {
    /**
     * Role
     */
    role: 'llm' | 'tts' | 'asr';
    /**
     * Name
     *
     * as in the settings: `ollama:llama3.1`, `espeak`
     */
    name: string;
    /**
     * Title
     */
    title: string;
    /**
     * Ischosen
     *
     * the settings name it
     */
    isChosen: boolean;
    /**
     * Isok
     */
    isOk: boolean;
    error: ProviderError | null;
    /**
     * Address
     *
     * of its server; for superusers
     */
    address: string | null;
    /**
     * Models
     *
     * that its server has, as far as it tells
     */
    models: Array<string>;
};

/**
 * Recognised
 *
 * What a pasted text is about; `platform` is null if it names no playlist that Magpie knows.
 */
export type Recognised = {
    /**
     * Platform
     */
    platform?: string | null;
    /**
     * Platform Title
     */
    platform_title?: string | null;
    /**
     * Playlist Id
     *
     * null for a short link: nobody was asked yet
     */
    playlist_id?: string | null;
    /**
     * Url
     */
    url?: string | null;
    /**
     * Is Short
     */
    is_short?: boolean;
    /**
     * Lacks
     *
     * settings without which this platform cannot be asked
     */
    lacks?: Array<string>;
};

/**
 * ResetAnswer
 *
 * What was done.
 */
export type ResetAnswer = {
    /**
     * Msg
     */
    msg: string;
};

/**
 * ResetRequest
 *
 * A new password, by the token of a link.
 */
export type ResetRequest = {
    /**
     * Token
     */
    token: string;
    /**
     * New Password
     *
     * At least 8 characters.
     */
    new_password: string;
};

/**
 * ResetWanted
 *
 * Whose password is to be reset.
 */
export type ResetWanted = {
    /**
     * Email
     */
    email: string;
};

/**
 * Retention
 *
 * What is kept of a link's media, and when a better quality is looked for. What is pinned is always kept.
 */
export type Retention = {
    /**
     * Keep Last
     */
    keep_last?: number | null;
    /**
     * Keep Days
     */
    keep_days?: number | null;
    /**
     * Keep Gb
     */
    keep_gb?: number | null;
    /**
     * Upgrade After Days
     */
    upgrade_after_days?: number | null;
};

/**
 * RetentionTrial
 *
 * What a retention would take away now. Nothing was changed.
 */
export type RetentionTrial = {
    /**
     * Held
     *
     * media that the link has in the library
     */
    held: number;
    /**
     * Count
     *
     * of those, how many would go
     */
    count: number;
    /**
     * Bytes
     *
     * that would leave your library
     */
    bytes: number;
    /**
     * Freed Bytes
     *
     * of those, bytes that nobody else holds: they leave the disk
     */
    freed_bytes: number;
    /**
     * Stays
     *
     * media that no rule takes away: `pinned`, and `person` for what somebody asked for
     */
    stays: {
        [key: string]: number;
    };
    /**
     * Samples
     *
     * the first 20 that would go, the newest first
     */
    samples: Array<Doomed>;
};

/**
 * RunLine
 *
 * A line of a run's log.
 */
export type RunLine = {
    /**
     * At
     */
    at: string;
    /**
     * Level
     */
    level: 'info' | 'warning' | 'error';
    /**
     * Code
     */
    code: string;
    /**
     * Text
     *
     * in English
     */
    text: string;
    /**
     * Values
     *
     * what it is about, for other languages: server, reason, count, total, added, removed, moved; empty for lines that an earlier version wrote
     */
    values?: {
        [key: string]: number | string;
    };
};

/**
 * RunOut
 *
 * One sync and what came of it.
 */
export type RunOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Task Id
     */
    task_id: number | null;
    /**
     * Task Name
     */
    task_name: string;
    /**
     * Trigger
     */
    trigger: string;
    /**
     * Status
     */
    status: string;
    /**
     * Message
     */
    message: string | null;
    /**
     * Counts
     */
    counts: {
        [key: string]: number;
    };
    /**
     * Lines
     */
    lines: Array<RunLine>;
    /**
     * Can Undo
     */
    can_undo: boolean;
    /**
     * Undone At
     */
    undone_at: string | null;
    /**
     * Started At
     */
    started_at: string;
    /**
     * Ended At
     */
    ended_at: string | null;
};

/**
 * RunPage
 *
 * A task's runs, newest first.
 */
export type RunPage = {
    /**
     * Runs
     */
    runs: Array<RunOut>;
    /**
     * Next Cursor
     */
    next_cursor: string | null;
};

/**
 * Sample
 *
 * A made-up medium to try names on. What is left out has a value that shows its place.
 */
export type Sample = {
    /**
     * Kind
     */
    kind?: 'video' | 'audio' | 'gallery' | 'image' | 'file';
    /**
     * Title
     */
    title?: string;
    /**
     * Artist
     */
    artist?: string | null;
    /**
     * Album
     */
    album?: string | null;
    /**
     * Channel
     */
    channel?: string | null;
    /**
     * Series
     */
    series?: string | null;
    /**
     * Season
     */
    season?: number | null;
    /**
     * Episode
     */
    episode?: number | null;
    /**
     * Album Artist
     */
    album_artist?: string | null;
    /**
     * Track
     */
    track?: number | null;
    /**
     * Disc
     */
    disc?: number | null;
    /**
     * Genre
     */
    genre?: string | null;
    /**
     * Playlist
     */
    playlist?: string | null;
    /**
     * Index
     */
    index?: number | null;
    /**
     * Published At
     */
    published_at?: string | null;
    /**
     * Id
     */
    id?: string;
    /**
     * Site
     */
    site?: string;
    /**
     * Height
     */
    height?: number | null;
    /**
     * Extension
     */
    extension?: string;
};

/**
 * SayIn
 *
 * A turn to be heard.
 */
export type SayIn = {
    /**
     * Speaker
     */
    speaker: string;
    /**
     * Text
     */
    text: string;
    /**
     * Style
     */
    style?: string | null;
    /**
     * Speakers
     *
     * left out: those of the episode
     */
    speakers?: Array<SpeakerIn> | null;
};

/**
 * ScanCounts
 *
 * Files, by what became of them.
 */
export type ScanCounts = {
    /**
     * Files
     *
     * seen on the disk so far
     */
    files?: number;
    /**
     * Unchanged
     */
    unchanged?: number;
    /**
     * Changed
     *
     * written to by somebody else; their items say now what they say
     */
    changed?: number;
    /**
     * Moved
     *
     * found under another name
     */
    moved?: number;
    /**
     * Missing
     *
     * no longer there, since this scan
     */
    missing?: number;
    /**
     * Still Missing
     */
    still_missing?: number;
    /**
     * Returned
     *
     * there again
     */
    returned?: number;
    /**
     * Unknown
     *
     * of no item
     */
    unknown?: number;
    /**
     * Adopted
     *
     * items made of them
     */
    adopted?: number;
    /**
     * Problems
     */
    problems?: number;
};

/**
 * ScanOut
 *
 * One look at the media folders.
 */
export type ScanOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Status
     */
    status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
    /**
     * Adopts
     */
    adopts: boolean;
    counts: ScanCounts;
    /**
     * Problems
     *
     * the first hundred
     */
    problems: Array<ScanProblem>;
    /**
     * Message
     */
    message: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Started At
     */
    started_at: string | null;
    /**
     * Ended At
     */
    ended_at: string | null;
};

/**
 * ScanPage
 *
 * Scans, newest first.
 */
export type ScanPage = {
    /**
     * Scans
     */
    scans: Array<ScanOut>;
    /**
     * Next Cursor
     */
    next_cursor: string | null;
};

/**
 * ScanProblem
 *
 * A path that could not be looked at (`folder`, `name`: no valid text), a media folder that is not there
 * (`folder_missing`), or a file that is not what its name says (`not_media`).
 */
export type ScanProblem = {
    /**
     * Path
     */
    path: string;
    /**
     * Reason
     */
    reason: 'folder' | 'name' | 'folder_missing' | 'not_media';
};

/**
 * ScanWanted
 *
 * What a scan is to do.
 */
export type ScanWanted = {
    /**
     * Adopt
     *
     * take media in that no item has, for yourself; else they are only counted
     */
    adopt?: boolean;
};

/**
 * Scope
 *
 * What an API token may do.
 */
export type Scope = 'read' | 'write' | 'admin';

/**
 * ScriptIn
 *
 * A script as somebody has written or changed it; what is left out stays as in the version before.
 */
export type ScriptIn = {
    /**
     * Turns
     */
    turns: Array<TurnIn>;
    /**
     * Title
     */
    title?: string | null;
    /**
     * Description
     */
    description?: string | null;
    /**
     * Language
     */
    language?: string | null;
    /**
     * Segments
     */
    segments?: Array<SegmentIn> | null;
};

/**
 * ScriptOut
 *
 * One version of a script.
 */
export type ScriptOut = {
    /**
     * Version
     */
    version: number;
    /**
     * Origin
     */
    origin: string;
    /**
     * Isapproved
     */
    isApproved: boolean;
    /**
     * Language
     */
    language: string;
    /**
     * Title
     */
    title: string;
    /**
     * Description
     */
    description: string;
    /**
     * Isextractive
     */
    isExtractive: boolean;
    /**
     * Segments
     */
    segments: Array<SegmentOut>;
    /**
     * Turns
     */
    turns: Array<TurnOut>;
    /**
     * Createdat
     */
    createdAt: string;
};

/**
 * ScriptVersion
 *
 * A version of a script, without its words.
 */
export type ScriptVersion = {
    /**
     * Version
     */
    version: number;
    /**
     * Origin
     */
    origin: string;
    /**
     * Isapproved
     */
    isApproved: boolean;
    /**
     * Language
     */
    language: string;
    /**
     * Title
     */
    title: string;
    /**
     * Turns
     */
    turns: number;
    /**
     * Createdat
     */
    createdAt: string;
};

/**
 * SearchOut
 *
 * A search that ships.
 */
export type SearchOut = {
    /**
     * Name
     */
    name: string;
    /**
     * Title
     */
    title: string;
};

/**
 * SegmentIn
 *
 * A chapter.
 */
export type SegmentIn = {
    /**
     * Title
     */
    title: string;
    /**
     * Summary
     */
    summary?: string;
};

/**
 * SegmentOut
 *
 * A chapter.
 */
export type SegmentOut = {
    /**
     * Title
     */
    title: string;
    /**
     * Summary
     */
    summary?: string;
};

/**
 * ServerCreate
 *
 * A media server.
 */
export type ServerCreate = {
    /**
     * Token
     *
     * never given back; left out keeps what is there
     */
    token?: string | null;
    /**
     * Username
     */
    username?: string | null;
    /**
     * Password
     *
     * never given back; left out keeps what is there
     */
    password?: string | null;
    /**
     * Verify Tls
     *
     * false accepts any certificate
     */
    verify_tls?: boolean | null;
    /**
     * Is Shared
     *
     * everybody may keep playlists on it; superusers only
     */
    is_shared?: boolean | null;
    /**
     * Library Id
     *
     * the music library that is searched; null: all of them
     */
    library_id?: string | null;
    /**
     * Media Root
     *
     * where the server sees Magpie's media folder
     */
    media_root?: string | null;
    /**
     * Name
     */
    name: string;
    /**
     * Server Type
     *
     * `plex`, `jellyfin`, `subsonic`, or a plug-in's
     */
    server_type: string;
    /**
     * Url
     */
    url: string;
};

/**
 * ServerOut
 *
 * A media server, without its secrets.
 */
export type ServerOut = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     *
     * whose it is; null: the installation's
     */
    user_id: number | null;
    /**
     * Name
     */
    name: string;
    /**
     * Server Type
     */
    server_type: string;
    /**
     * Url
     */
    url: string;
    /**
     * Username
     */
    username: string | null;
    /**
     * Has Secret
     */
    has_secret: boolean;
    /**
     * Verify Tls
     */
    verify_tls: boolean;
    /**
     * Is Shared
     */
    is_shared: boolean;
    /**
     * Is Locked
     *
     * the environment provides it: it cannot be changed here
     */
    is_locked: boolean;
    /**
     * Library Id
     */
    library_id: string | null;
    /**
     * Media Root
     */
    media_root: string | null;
    /**
     * Version
     */
    version: string | null;
    /**
     * Checked At
     */
    checked_at: string | null;
    /**
     * Reason
     *
     * typed code of what ailed it last
     */
    reason: string | null;
    /**
     * Message
     */
    message: string | null;
    /**
     * Indexed At
     */
    indexed_at: string | null;
    /**
     * Track Count
     */
    track_count: number;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
};

/**
 * ServerUpdate
 *
 * Changes of a server. What is left out stays as it is.
 */
export type ServerUpdate = {
    /**
     * Token
     *
     * never given back; left out keeps what is there
     */
    token?: string | null;
    /**
     * Username
     */
    username?: string | null;
    /**
     * Password
     *
     * never given back; left out keeps what is there
     */
    password?: string | null;
    /**
     * Verify Tls
     *
     * false accepts any certificate
     */
    verify_tls?: boolean | null;
    /**
     * Is Shared
     *
     * everybody may keep playlists on it; superusers only
     */
    is_shared?: boolean | null;
    /**
     * Library Id
     *
     * the music library that is searched; null: all of them
     */
    library_id?: string | null;
    /**
     * Media Root
     *
     * where the server sees Magpie's media folder
     */
    media_root?: string | null;
    /**
     * Name
     */
    name?: string | null;
    /**
     * Server Type
     */
    server_type?: string | null;
    /**
     * Url
     */
    url?: string | null;
};

/**
 * SessionAnswer
 *
 * Where a user is signed in.
 */
export type SessionAnswer = {
    /**
     * Id
     */
    id: string;
    /**
     * Kind
     */
    kind: 'bearer' | 'cookie';
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Seen At
     */
    last_seen_at: string;
    /**
     * Expires At
     */
    expires_at: string;
    /**
     * Ip
     */
    ip: string;
    /**
     * User Agent
     */
    user_agent: string;
    /**
     * Current
     *
     * Whether it is the one that asks.
     */
    current?: boolean;
};

/**
 * SessionOut
 *
 * Songs that were asked for together.
 */
export type SessionOut = {
    /**
     * Session Id
     */
    session_id: number;
    /**
     * Task Id
     */
    task_id: number | null;
    /**
     * Status
     */
    status: 'running' | 'completed' | 'cancelled';
    /**
     * Total
     */
    total: number;
    /**
     * Completed
     */
    completed: number;
    /**
     * Failed
     */
    failed: number;
    /**
     * Cancelled
     */
    cancelled: number;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Ended At
     */
    ended_at: string | null;
    /**
     * Items
     *
     * as many as were asked for
     */
    items: Array<OrderOut>;
};

/**
 * SettingFact
 *
 * One setting, for people to read and change.
 */
export type SettingFact = {
    /**
     * Name
     */
    name: string;
    /**
     * Type
     */
    type: 'string' | 'integer' | 'number' | 'boolean' | 'choice' | 'path';
    /**
     * Meaning
     */
    meaning: string;
    /**
     * Default
     */
    default: boolean | number | number | string | null;
    /**
     * Value
     *
     * Null for a secret; cookies are masked.
     */
    value: boolean | number | number | string | null;
    /**
     * Has Value
     */
    has_value: boolean;
    /**
     * Secret
     */
    secret: boolean;
    /**
     * Source
     */
    source: 'environment' | 'saved' | 'default';
    /**
     * Variables
     *
     * Its names in the environment, the canonical one first.
     */
    variables: Array<string>;
    /**
     * Locked
     *
     * The environment sets it: it cannot be changed here.
     */
    locked: boolean;
    /**
     * Locked By
     *
     * The variable that does.
     */
    locked_by: string | null;
    /**
     * Needs Restart
     *
     * It counts from a start only and cannot be changed here.
     */
    needs_restart: boolean;
    /**
     * Minimum
     */
    minimum: number | null;
    /**
     * Maximum
     */
    maximum: number | null;
    /**
     * Max Length
     */
    max_length: number | null;
    /**
     * Choices
     */
    choices: Array<string> | null;
    /**
     * Changed At
     */
    changed_at: string | null;
    /**
     * Changed By
     *
     * The user who saved it, if that user still exists.
     */
    changed_by: number | null;
};

/**
 * SettingsAnswer
 *
 * The settings that can be changed. Secrets are null beside `has_…`; cookies are masked.
 */
export type SettingsAnswer = {
    /**
     * Llm
     *
     * Who writes scripts: `provider:model`, such as `ollama:llama3.1` or `openai:gpt-4o-mini`; several with commas between them: each is asked where the one before fails. `extractive` takes the sources' own sentences, without a model.
     */
    llm: string;
    /**
     * Tts
     *
     * Who speaks: `espeak` (embedded), `openai:MODEL`, `kyutai`, `pocket-tts`, `elevenlabs:MODEL`.
     */
    tts: string;
    /**
     * Asr
     *
     * Who makes text of recordings: `pocketsphinx` (embedded; drafts, English only), `whisper-asr`, `openai:MODEL`, `faster-whisper:MODEL` where it is installed.
     */
    asr: string;
    /**
     * Ollama Url
     *
     * Address of the Ollama server.
     */
    ollama_url: string;
    /**
     * Openai Url
     *
     * Address of a server that speaks OpenAI's language: chat, speech and transcription. LM Studio, vLLM, LocalAI, llama.cpp, Kokoro-FastAPI and Speaches do, too.
     */
    openai_url: string;
    /**
     * Openai Api Key
     *
     * Key for that server, if it asks for one.
     */
    openai_api_key: null;
    /**
     * Openai Speech Url
     *
     * Address of the server for speech, where it is not the one for chat.
     */
    openai_speech_url: string;
    /**
     * Openai Speech Api Key
     *
     * Key for the server for speech.
     */
    openai_speech_api_key: null;
    /**
     * Openai Transcription Url
     *
     * Address of the server for transcription, where it is not the one for chat.
     */
    openai_transcription_url: string;
    /**
     * Openai Transcription Api Key
     *
     * Key for the server for transcription.
     */
    openai_transcription_api_key: null;
    /**
     * Kyutai Url
     *
     * Address of Kyutai's moshi-server.
     */
    kyutai_url: string;
    /**
     * Kyutai Api Key
     *
     * Key for Kyutai's server.
     */
    kyutai_api_key: null;
    /**
     * Kyutai Transport
     *
     * How Kyutai's server is spoken to; only `websocket` tells when each word is said.
     */
    kyutai_transport: 'websocket' | 'http';
    /**
     * Pocket Tts Url
     *
     * Address of a pocket-tts server. By itself that listens on Magpie's own port: start it with `--port 8001`.
     */
    pocket_tts_url: string;
    /**
     * Elevenlabs Url
     *
     * ElevenLabs, or what stands in for it.
     */
    elevenlabs_url: string;
    /**
     * Elevenlabs Api Key
     *
     * Key for ElevenLabs.
     */
    elevenlabs_api_key: null;
    /**
     * Whisper Asr Url
     *
     * Address of a Whisper ASR webservice.
     */
    whisper_asr_url: string;
    /**
     * Ai Parallel
     *
     * How many texts are spoken at once for one episode.
     */
    ai_parallel: number;
    /**
     * Ai Timeout Seconds
     *
     * How long one answer of a model, voice or recogniser may take, in seconds.
     */
    ai_timeout_seconds: number;
    /**
     * Llm Context Tokens
     *
     * The most that is asked of a local model's context, in tokens: more takes memory there.
     */
    llm_context_tokens: number;
    /**
     * Llm Price
     *
     * What a million tokens cost, for estimates: `IN/OUT`, such as `0.15/0.60`.
     */
    llm_price: string;
    /**
     * Tts Price
     *
     * What a million spoken characters cost, for estimates.
     */
    tts_price: number;
    /**
     * Podcast Max Tokens
     *
     * The most tokens that one episode's script may take; it ends with an error beyond.
     */
    podcast_max_tokens: number;
    /**
     * Podcast Max Characters
     *
     * The most characters that are spoken for one episode.
     */
    podcast_max_characters: number;
    /**
     * Podcast Minutes A Month
     *
     * Minutes of podcasts that each user may make in 30 days; 0 for any.
     */
    podcast_minutes_a_month: number;
    /**
     * Podcast Purge Sources
     *
     * What becomes of an episode's source texts and intermediate files once it is done.
     */
    podcast_purge_sources: 'keep' | 'after_success' | 'after_days';
    /**
     * Podcast Purge Days
     *
     * After how many days they are deleted, with `after_days`.
     */
    podcast_purge_days: number;
    /**
     * Voice Cache Mb
     *
     * Room for spoken turns that are kept, so that nothing is spoken twice, in MB.
     */
    voice_cache_mb: number;
    /**
     * Media Root
     *
     * Folder that new files are kept in; those that are there already stay where they are. Default: `media` in the data folder.
     */
    media_root: string;
    /**
     * Public Url
     *
     * Address under which people reach this server, used in feeds, mails and absolute links.
     */
    public_url: string;
    /**
     * Allowed Hosts
     *
     * Comma-separated host names that the server answers to; `*` for any.
     */
    allowed_hosts: string;
    /**
     * Cors Origins
     *
     * Comma-separated origins whose pages may call the API from a browser.
     */
    cors_origins: string;
    /**
     * Debug
     *
     * Debug logs; under `dev.py serve` also a restart on every change.
     */
    debug: boolean;
    /**
     * Access Token Expire Minutes
     *
     * How long a bearer token lasts, in minutes.
     */
    access_token_expire_minutes: number;
    /**
     * Session Days
     *
     * How long the page stays signed in without use, in days.
     */
    session_days: number;
    /**
     * Allow Registration
     *
     * Whether strangers may make an account after the first user exists.
     */
    allow_registration: boolean;
    /**
     * Mail From
     *
     * Sender of the mails. Default: `magpie@` and the host name of the public address.
     */
    mail_from: string;
    /**
     * Max Concurrent Downloads
     *
     * How many downloads run at once in one worker.
     */
    max_concurrent_downloads: number;
    /**
     * Site Concurrency
     *
     * How many downloads run at once from one site.
     */
    site_concurrency: number;
    /**
     * Site Delay Seconds
     *
     * Pause between the starts of two downloads from one site, in seconds; 0 for none.
     */
    site_delay_seconds: number;
    /**
     * Download Attempts
     *
     * How often a download is tried by itself before it counts as failed.
     */
    download_attempts: number;
    /**
     * Stall Timeout Seconds
     *
     * A download that brings nothing for so long is stopped and tried again, in seconds.
     */
    stall_timeout_seconds: number;
    /**
     * Job Memory Mb
     *
     * Memory that one download with all its helpers may use, in MB.
     */
    job_memory_mb: number;
    /**
     * Max File Gb
     *
     * Largest file that is saved, in GB; 0 for no limit.
     */
    max_file_gb: number;
    /**
     * Free Space Reserve Gb
     *
     * Space that downloads leave free on the media's disk, in GB.
     */
    free_space_reserve_gb: number;
    /**
     * Egress Allow
     *
     * Comma-separated hosts, `host:port`s or networks that downloads may reach besides public addresses.
     */
    egress_allow: string;
    /**
     * Proxy
     *
     * Upstream proxy for everything outgoing: `http://user:password@host:port`.
     */
    proxy: null;
    /**
     * Sponsorblock Url
     *
     * The SponsorBlock server that is asked where a profile marks or cuts parts of videos; empty: none is.
     */
    sponsorblock_url: string;
    /**
     * Conversions
     *
     * How many files are converted at once for browsers that cannot play them as they are; 0 for none.
     */
    conversions: number;
    /**
     * Waveforms Ahead
     *
     * Whether the waveform of new audio is made at once, in the background; otherwise when it is first looked at.
     */
    waveforms_ahead: boolean;
    /**
     * Playing Cache Mb
     *
     * Room for waveforms and what else is made for players, in MB.
     */
    playing_cache_mb: number;
    /**
     * Link Monitor Interval Minutes
     *
     * How often followed links are checked that name no interval of their own, in minutes.
     */
    link_monitor_interval_minutes: number;
    /**
     * Link Monitor Max Interval Minutes
     *
     * How rarely a link that brings nothing new is checked, unless it names an interval of its own, in minutes.
     */
    link_monitor_max_interval_minutes: number;
    /**
     * Site Cookies Json
     *
     * Cookies for sites: a JSON object of site names, each with a file in the folder `cookies` of the data folder, or with the cookies themselves.
     */
    site_cookies_json: string;
    /**
     * Trash Days
     *
     * How long what was deleted can be taken out of the trash again, in days; 0 to delete at once.
     */
    trash_days: number;
    /**
     * Audit Keep Days
     *
     * How long the audit log keeps what was done, in days.
     */
    audit_keep_days: number;
    /**
     * Log Lines Kept
     *
     * How many log lines the page can show; older ones are dropped.
     */
    log_lines_kept: number;
    /**
     * Scan Every Hours
     *
     * The media folders are looked through so often for files that have moved, changed or gone; 0 for never. In hours.
     */
    scan_every_hours: number;
    /**
     * Verify Mb Per Second
     *
     * How fast files are read in the background to notice damage, in MB a second; 0 for not at all.
     */
    verify_mb_per_second: number;
    /**
     * Verify Every Days
     *
     * How long a file is left alone after it was read for that, in days.
     */
    verify_every_days: number;
    /**
     * Compare Sound
     *
     * New songs are listened to in the background, so that the same one under another name is found.
     */
    compare_sound: boolean;
    /**
     * Default Quota Gb
     *
     * How much a user may hold who has no quota of their own, in GB; 0 for no limit. Superusers have none.
     */
    default_quota_gb: number;
    /**
     * Backup Every Hours
     *
     * A backup is made by itself so often, into `backups` in the data folder; 0 for never. In hours.
     */
    backup_every_hours: number;
    /**
     * Backups Kept
     *
     * How many of the backups that were made by themselves are kept, of each sort.
     */
    backups_kept: number;
    /**
     * Import Max Mb
     *
     * Largest file that a database import takes, in MB.
     */
    import_max_mb: number;
    /**
     * Netease Url
     *
     * NetEase Cloud Music's web API, or what stands in for it.
     */
    netease_url: string;
    /**
     * Netease Short Url
     *
     * The host of NetEase's short links, or what stands in for it.
     */
    netease_short_url: string;
    /**
     * Qq Url
     *
     * QQ Music's API (`/cgi-bin/musicu.fcg`), or what stands in for it.
     */
    qq_url: string;
    /**
     * Qq Legacy Url
     *
     * QQ Music's older API (`cdlist`), which is asked when the other one refuses; or what stands in for it.
     */
    qq_legacy_url: string;
    /**
     * Qq Short Url
     *
     * The host of QQ Music's short links, or what stands in for it.
     */
    qq_short_url: string;
    /**
     * Spotify Url
     *
     * Spotify's pages, read without keys; or what stands in for them.
     */
    spotify_url: string;
    /**
     * Spotify Api Url
     *
     * Spotify's Web API, or what stands in for it.
     */
    spotify_api_url: string;
    /**
     * Spotify Accounts Url
     *
     * Where tokens for Spotify's Web API are given out.
     */
    spotify_accounts_url: string;
    /**
     * Spotify Short Url
     *
     * The host of Spotify's short links, or what stands in for it.
     */
    spotify_short_url: string;
    /**
     * Spotify Client Id
     *
     * Client ID of an app at Spotify: with it and its secret the Web API is asked.
     */
    spotify_client_id: string;
    /**
     * Spotify Client Secret
     *
     * Secret of that app.
     */
    spotify_client_secret: null;
    /**
     * Ytmusic Url
     *
     * YouTube Music, or what stands in for it.
     */
    ytmusic_url: string;
    /**
     * Deezer Url
     *
     * Deezer's API, or what stands in for it.
     */
    deezer_url: string;
    /**
     * Deezer Short Url
     *
     * The host of Deezer's short links, or what stands in for it.
     */
    deezer_short_url: string;
    /**
     * Listenbrainz Url
     *
     * ListenBrainz' API, or what stands in for it.
     */
    listenbrainz_url: string;
    /**
     * Listenbrainz Token
     *
     * Token of a user at ListenBrainz, for playlists that are private there.
     */
    listenbrainz_token: null;
    /**
     * Apple Music Url
     *
     * Apple Music's pages, or what stands in for them.
     */
    apple_music_url: string;
    /**
     * Has Openai Api Key
     */
    has_openai_api_key: boolean;
    /**
     * Has Openai Speech Api Key
     */
    has_openai_speech_api_key: boolean;
    /**
     * Has Openai Transcription Api Key
     */
    has_openai_transcription_api_key: boolean;
    /**
     * Has Kyutai Api Key
     */
    has_kyutai_api_key: boolean;
    /**
     * Has Elevenlabs Api Key
     */
    has_elevenlabs_api_key: boolean;
    /**
     * Has Proxy
     */
    has_proxy: boolean;
    /**
     * Has Spotify Client Secret
     */
    has_spotify_client_secret: boolean;
    /**
     * Has Listenbrainz Token
     */
    has_listenbrainz_token: boolean;
    /**
     * Servers
     *
     * Media servers.
     */
    servers: Array<{
        [key: string]: unknown;
    }>;
};

/**
 * SettingsChange
 *
 * Settings to change. What is left out or null stays; an empty string clears.
 */
export type SettingsChange = {
    /**
     * Llm
     *
     * Who writes scripts: `provider:model`, such as `ollama:llama3.1` or `openai:gpt-4o-mini`; several with commas between them: each is asked where the one before fails. `extractive` takes the sources' own sentences, without a model.
     */
    llm?: string | null;
    /**
     * Tts
     *
     * Who speaks: `espeak` (embedded), `openai:MODEL`, `kyutai`, `pocket-tts`, `elevenlabs:MODEL`.
     */
    tts?: string | null;
    /**
     * Asr
     *
     * Who makes text of recordings: `pocketsphinx` (embedded; drafts, English only), `whisper-asr`, `openai:MODEL`, `faster-whisper:MODEL` where it is installed.
     */
    asr?: string | null;
    /**
     * Ollama Url
     *
     * Address of the Ollama server.
     */
    ollama_url?: string | null;
    /**
     * Openai Url
     *
     * Address of a server that speaks OpenAI's language: chat, speech and transcription. LM Studio, vLLM, LocalAI, llama.cpp, Kokoro-FastAPI and Speaches do, too.
     */
    openai_url?: string | null;
    /**
     * Openai Api Key
     *
     * Key for that server, if it asks for one.
     */
    openai_api_key?: string | null;
    /**
     * Openai Speech Url
     *
     * Address of the server for speech, where it is not the one for chat.
     */
    openai_speech_url?: string | null;
    /**
     * Openai Speech Api Key
     *
     * Key for the server for speech.
     */
    openai_speech_api_key?: string | null;
    /**
     * Openai Transcription Url
     *
     * Address of the server for transcription, where it is not the one for chat.
     */
    openai_transcription_url?: string | null;
    /**
     * Openai Transcription Api Key
     *
     * Key for the server for transcription.
     */
    openai_transcription_api_key?: string | null;
    /**
     * Kyutai Url
     *
     * Address of Kyutai's moshi-server.
     */
    kyutai_url?: string | null;
    /**
     * Kyutai Api Key
     *
     * Key for Kyutai's server.
     */
    kyutai_api_key?: string | null;
    /**
     * Kyutai Transport
     *
     * How Kyutai's server is spoken to; only `websocket` tells when each word is said.
     */
    kyutai_transport?: 'websocket' | 'http' | null;
    /**
     * Pocket Tts Url
     *
     * Address of a pocket-tts server. By itself that listens on Magpie's own port: start it with `--port 8001`.
     */
    pocket_tts_url?: string | null;
    /**
     * Elevenlabs Url
     *
     * ElevenLabs, or what stands in for it.
     */
    elevenlabs_url?: string | null;
    /**
     * Elevenlabs Api Key
     *
     * Key for ElevenLabs.
     */
    elevenlabs_api_key?: string | null;
    /**
     * Whisper Asr Url
     *
     * Address of a Whisper ASR webservice.
     */
    whisper_asr_url?: string | null;
    /**
     * Ai Parallel
     *
     * How many texts are spoken at once for one episode.
     */
    ai_parallel?: number | null;
    /**
     * Ai Timeout Seconds
     *
     * How long one answer of a model, voice or recogniser may take, in seconds.
     */
    ai_timeout_seconds?: number | null;
    /**
     * Llm Context Tokens
     *
     * The most that is asked of a local model's context, in tokens: more takes memory there.
     */
    llm_context_tokens?: number | null;
    /**
     * Llm Price
     *
     * What a million tokens cost, for estimates: `IN/OUT`, such as `0.15/0.60`.
     */
    llm_price?: string | null;
    /**
     * Tts Price
     *
     * What a million spoken characters cost, for estimates.
     */
    tts_price?: number | null;
    /**
     * Podcast Max Tokens
     *
     * The most tokens that one episode's script may take; it ends with an error beyond.
     */
    podcast_max_tokens?: number | null;
    /**
     * Podcast Max Characters
     *
     * The most characters that are spoken for one episode.
     */
    podcast_max_characters?: number | null;
    /**
     * Podcast Minutes A Month
     *
     * Minutes of podcasts that each user may make in 30 days; 0 for any.
     */
    podcast_minutes_a_month?: number | null;
    /**
     * Podcast Purge Sources
     *
     * What becomes of an episode's source texts and intermediate files once it is done.
     */
    podcast_purge_sources?: 'keep' | 'after_success' | 'after_days' | null;
    /**
     * Podcast Purge Days
     *
     * After how many days they are deleted, with `after_days`.
     */
    podcast_purge_days?: number | null;
    /**
     * Voice Cache Mb
     *
     * Room for spoken turns that are kept, so that nothing is spoken twice, in MB.
     */
    voice_cache_mb?: number | null;
    /**
     * Media Root
     *
     * Folder that new files are kept in; those that are there already stay where they are. Default: `media` in the data folder.
     */
    media_root?: string | null;
    /**
     * Public Url
     *
     * Address under which people reach this server, used in feeds, mails and absolute links.
     */
    public_url?: string | null;
    /**
     * Allowed Hosts
     *
     * Comma-separated host names that the server answers to; `*` for any.
     */
    allowed_hosts?: string | null;
    /**
     * Cors Origins
     *
     * Comma-separated origins whose pages may call the API from a browser.
     */
    cors_origins?: string | null;
    /**
     * Debug
     *
     * Debug logs; under `dev.py serve` also a restart on every change.
     */
    debug?: boolean | null;
    /**
     * Access Token Expire Minutes
     *
     * How long a bearer token lasts, in minutes.
     */
    access_token_expire_minutes?: number | null;
    /**
     * Session Days
     *
     * How long the page stays signed in without use, in days.
     */
    session_days?: number | null;
    /**
     * Allow Registration
     *
     * Whether strangers may make an account after the first user exists.
     */
    allow_registration?: boolean | null;
    /**
     * Mail From
     *
     * Sender of the mails. Default: `magpie@` and the host name of the public address.
     */
    mail_from?: string | null;
    /**
     * Max Concurrent Downloads
     *
     * How many downloads run at once in one worker.
     */
    max_concurrent_downloads?: number | null;
    /**
     * Site Concurrency
     *
     * How many downloads run at once from one site.
     */
    site_concurrency?: number | null;
    /**
     * Site Delay Seconds
     *
     * Pause between the starts of two downloads from one site, in seconds; 0 for none.
     */
    site_delay_seconds?: number | null;
    /**
     * Download Attempts
     *
     * How often a download is tried by itself before it counts as failed.
     */
    download_attempts?: number | null;
    /**
     * Stall Timeout Seconds
     *
     * A download that brings nothing for so long is stopped and tried again, in seconds.
     */
    stall_timeout_seconds?: number | null;
    /**
     * Job Memory Mb
     *
     * Memory that one download with all its helpers may use, in MB.
     */
    job_memory_mb?: number | null;
    /**
     * Max File Gb
     *
     * Largest file that is saved, in GB; 0 for no limit.
     */
    max_file_gb?: number | null;
    /**
     * Free Space Reserve Gb
     *
     * Space that downloads leave free on the media's disk, in GB.
     */
    free_space_reserve_gb?: number | null;
    /**
     * Egress Allow
     *
     * Comma-separated hosts, `host:port`s or networks that downloads may reach besides public addresses.
     */
    egress_allow?: string | null;
    /**
     * Proxy
     *
     * Upstream proxy for everything outgoing: `http://user:password@host:port`.
     */
    proxy?: string | null;
    /**
     * Sponsorblock Url
     *
     * The SponsorBlock server that is asked where a profile marks or cuts parts of videos; empty: none is.
     */
    sponsorblock_url?: string | null;
    /**
     * Conversions
     *
     * How many files are converted at once for browsers that cannot play them as they are; 0 for none.
     */
    conversions?: number | null;
    /**
     * Waveforms Ahead
     *
     * Whether the waveform of new audio is made at once, in the background; otherwise when it is first looked at.
     */
    waveforms_ahead?: boolean | null;
    /**
     * Playing Cache Mb
     *
     * Room for waveforms and what else is made for players, in MB.
     */
    playing_cache_mb?: number | null;
    /**
     * Link Monitor Interval Minutes
     *
     * How often followed links are checked that name no interval of their own, in minutes.
     */
    link_monitor_interval_minutes?: number | null;
    /**
     * Link Monitor Max Interval Minutes
     *
     * How rarely a link that brings nothing new is checked, unless it names an interval of its own, in minutes.
     */
    link_monitor_max_interval_minutes?: number | null;
    /**
     * Site Cookies Json
     *
     * Cookies for sites: a JSON object of site names, each with a file in the folder `cookies` of the data folder, or with the cookies themselves.
     */
    site_cookies_json?: string | null;
    /**
     * Trash Days
     *
     * How long what was deleted can be taken out of the trash again, in days; 0 to delete at once.
     */
    trash_days?: number | null;
    /**
     * Audit Keep Days
     *
     * How long the audit log keeps what was done, in days.
     */
    audit_keep_days?: number | null;
    /**
     * Log Lines Kept
     *
     * How many log lines the page can show; older ones are dropped.
     */
    log_lines_kept?: number | null;
    /**
     * Scan Every Hours
     *
     * The media folders are looked through so often for files that have moved, changed or gone; 0 for never. In hours.
     */
    scan_every_hours?: number | null;
    /**
     * Verify Mb Per Second
     *
     * How fast files are read in the background to notice damage, in MB a second; 0 for not at all.
     */
    verify_mb_per_second?: number | null;
    /**
     * Verify Every Days
     *
     * How long a file is left alone after it was read for that, in days.
     */
    verify_every_days?: number | null;
    /**
     * Compare Sound
     *
     * New songs are listened to in the background, so that the same one under another name is found.
     */
    compare_sound?: boolean | null;
    /**
     * Default Quota Gb
     *
     * How much a user may hold who has no quota of their own, in GB; 0 for no limit. Superusers have none.
     */
    default_quota_gb?: number | null;
    /**
     * Backup Every Hours
     *
     * A backup is made by itself so often, into `backups` in the data folder; 0 for never. In hours.
     */
    backup_every_hours?: number | null;
    /**
     * Backups Kept
     *
     * How many of the backups that were made by themselves are kept, of each sort.
     */
    backups_kept?: number | null;
    /**
     * Import Max Mb
     *
     * Largest file that a database import takes, in MB.
     */
    import_max_mb?: number | null;
    /**
     * Netease Url
     *
     * NetEase Cloud Music's web API, or what stands in for it.
     */
    netease_url?: string | null;
    /**
     * Netease Short Url
     *
     * The host of NetEase's short links, or what stands in for it.
     */
    netease_short_url?: string | null;
    /**
     * Qq Url
     *
     * QQ Music's API (`/cgi-bin/musicu.fcg`), or what stands in for it.
     */
    qq_url?: string | null;
    /**
     * Qq Legacy Url
     *
     * QQ Music's older API (`cdlist`), which is asked when the other one refuses; or what stands in for it.
     */
    qq_legacy_url?: string | null;
    /**
     * Qq Short Url
     *
     * The host of QQ Music's short links, or what stands in for it.
     */
    qq_short_url?: string | null;
    /**
     * Spotify Url
     *
     * Spotify's pages, read without keys; or what stands in for them.
     */
    spotify_url?: string | null;
    /**
     * Spotify Api Url
     *
     * Spotify's Web API, or what stands in for it.
     */
    spotify_api_url?: string | null;
    /**
     * Spotify Accounts Url
     *
     * Where tokens for Spotify's Web API are given out.
     */
    spotify_accounts_url?: string | null;
    /**
     * Spotify Short Url
     *
     * The host of Spotify's short links, or what stands in for it.
     */
    spotify_short_url?: string | null;
    /**
     * Spotify Client Id
     *
     * Client ID of an app at Spotify: with it and its secret the Web API is asked.
     */
    spotify_client_id?: string | null;
    /**
     * Spotify Client Secret
     *
     * Secret of that app.
     */
    spotify_client_secret?: string | null;
    /**
     * Ytmusic Url
     *
     * YouTube Music, or what stands in for it.
     */
    ytmusic_url?: string | null;
    /**
     * Deezer Url
     *
     * Deezer's API, or what stands in for it.
     */
    deezer_url?: string | null;
    /**
     * Deezer Short Url
     *
     * The host of Deezer's short links, or what stands in for it.
     */
    deezer_short_url?: string | null;
    /**
     * Listenbrainz Url
     *
     * ListenBrainz' API, or what stands in for it.
     */
    listenbrainz_url?: string | null;
    /**
     * Listenbrainz Token
     *
     * Token of a user at ListenBrainz, for playlists that are private there.
     */
    listenbrainz_token?: string | null;
    /**
     * Apple Music Url
     *
     * Apple Music's pages, or what stands in for them.
     */
    apple_music_url?: string | null;
    /**
     * Has Openai Api Key
     */
    has_openai_api_key?: boolean | null;
    /**
     * Has Openai Speech Api Key
     */
    has_openai_speech_api_key?: boolean | null;
    /**
     * Has Openai Transcription Api Key
     */
    has_openai_transcription_api_key?: boolean | null;
    /**
     * Has Kyutai Api Key
     */
    has_kyutai_api_key?: boolean | null;
    /**
     * Has Elevenlabs Api Key
     */
    has_elevenlabs_api_key?: boolean | null;
    /**
     * Has Proxy
     */
    has_proxy?: boolean | null;
    /**
     * Has Spotify Client Secret
     */
    has_spotify_client_secret?: boolean | null;
    /**
     * Has Listenbrainz Token
     */
    has_listenbrainz_token?: boolean | null;
    /**
     * Servers
     *
     * Accepted as it was answered; nothing is changed by it.
     */
    servers?: Array<{
        [key: string]: unknown;
    }> | null;
};

/**
 * SetupState
 *
 * What a page needs to know before anybody is signed in.
 */
export type SetupState = {
    /**
     * Needs First User
     */
    needs_first_user: boolean;
    /**
     * Registration Open
     */
    registration_open: boolean;
    /**
     * Single Password
     *
     * Whether one password without a user name signs in.
     */
    single_password: boolean;
    /**
     * Version
     */
    version: string;
};

/**
 * Share
 *
 * How much somebody or something takes. `name` is a user's, a link's, a kind's or a site's.
 */
export type Share = {
    /**
     * Id
     */
    id?: number | null;
    /**
     * Name
     */
    name: string;
    /**
     * Items
     */
    items: number;
    /**
     * Bytes
     */
    bytes: number;
};

/**
 * ShareText
 *
 * Whatever was pasted.
 */
export type ShareText = {
    /**
     * Text
     */
    text: string;
};

/**
 * SideFiles
 *
 * What is put beside the media. Null: what the media server reads, and nothing without one.
 */
export type SideFiles = {
    /**
     * Nfo
     */
    nfo?: boolean | null;
    /**
     * Thumbnail
     */
    thumbnail?: boolean | null;
    /**
     * Info Json
     */
    info_json?: boolean;
};

/**
 * Single
 *
 * One song of a playlist. Title, artist and album, if they are given, are searched for instead of the playlist's.
 */
export type Single = {
    /**
     * Task Id
     */
    task_id: number;
    /**
     * Song Id
     */
    song_id: string;
    /**
     * Title
     */
    title?: string | null;
    /**
     * Artist
     */
    artist?: string | null;
    /**
     * Album
     */
    album?: string | null;
    /**
     * Url
     *
     * save this one, without a search: a candidate, or any other address
     */
    url?: string | null;
};

/**
 * SiteOut
 *
 * How a site treats this installation, and what you have of it.
 */
export type SiteOut = {
    /**
     * Site
     */
    site: string;
    /**
     * Circuit
     */
    circuit: 'closed' | 'open' | 'probing' | 'ramping';
    /**
     * Rests Until
     *
     * until when it is left alone
     */
    rests_until: string | null;
    /**
     * Is Asked
     *
     * whether the site itself has named that time
     */
    is_asked: boolean;
    /**
     * Reason
     *
     * typed code of why it is, or was, left alone
     */
    reason: string | null;
    /**
     * Message
     *
     * that reason in plain words
     */
    message: string | null;
    /**
     * Allowed
     *
     * how many may be there at once; null for as many as the settings say
     */
    allowed: number | null;
    /**
     * Trips
     *
     * how often in a row it had to be left alone
     */
    trips: number;
    /**
     * Changed At
     */
    changed_at: string | null;
    /**
     * Pending
     *
     * your downloads that wait for it
     */
    pending: number;
    /**
     * Downloading
     *
     * your downloads that run there
     */
    downloading: number;
    cookies: CookiesOut;
};

/**
 * SongOut
 *
 * A wanted song.
 */
export type SongOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Position
     */
    position: number;
    /**
     * Song Id
     */
    song_id: string;
    /**
     * Title
     */
    title: string;
    /**
     * Artists
     */
    artists: Array<string>;
    /**
     * Album
     */
    album: string | null;
    /**
     * Duration
     */
    duration: number | null;
    /**
     * Isrc
     */
    isrc: string | null;
    /**
     * Url
     */
    url: string | null;
    /**
     * Is Available
     *
     * false: the platform has greyed it or taken it away
     */
    is_available: boolean;
};

/**
 * SourceIn
 *
 * One thing that an episode is made of: exactly one of `text`, `url`, `itemId`, `episodeId`.
 */
export type SourceIn = {
    /**
     * Kind
     *
     * follows from what is given
     */
    kind?: 'text' | 'url' | 'item' | 'episode' | null;
    /**
     * Text
     */
    text?: string | null;
    /**
     * Url
     */
    url?: string | null;
    /**
     * Itemid
     */
    itemId?: number | null;
    /**
     * Episodeid
     */
    episodeId?: string | null;
    /**
     * Title
     */
    title?: string | null;
    /**
     * Language
     */
    language?: string | null;
};

/**
 * SourceOut
 *
 * One thing that an episode is made of.
 */
export type SourceOut = {
    /**
     * Position
     */
    position: number;
    /**
     * Kind
     */
    kind: string;
    /**
     * Title
     */
    title: string | null;
    /**
     * Address
     */
    address: string | null;
    /**
     * Name
     *
     * of the uploaded file
     */
    name: string | null;
    /**
     * Itemid
     */
    itemId: number | null;
    /**
     * Episodeid
     */
    episodeId: string | null;
    /**
     * Language
     */
    language: string | null;
    /**
     * Characters
     */
    characters: number | null;
    /**
     * Url
     *
     * as it was given, if it was uploaded; null once it was purged
     */
    url: string | null;
    /**
     * Texturl
     *
     * as it was read; null before it was, and once it was purged
     */
    textUrl: string | null;
};

/**
 * SpanIn
 *
 * Characters of one source, from 0.
 */
export type SpanIn = {
    /**
     * Source
     */
    source: number;
    /**
     * Start
     */
    start: number;
    /**
     * End
     */
    end: number;
};

/**
 * SpanOut
 *
 * Characters of one source, from 0.
 */
export type SpanOut = {
    /**
     * Source
     */
    source: number;
    /**
     * Start
     */
    start: number;
    /**
     * End
     */
    end: number;
};

/**
 * SpeakerIn
 *
 * One voice of a show. Without `provider`: the one that the settings name; without `voiceId`: its default.
 */
export type SpeakerIn = {
    /**
     * Name
     */
    name: string;
    /**
     * Role
     */
    role?: string;
    /**
     * Voiceid
     */
    voiceId?: string | null;
    /**
     * Provider
     */
    provider?: string | null;
    /**
     * Style
     */
    style?: string | null;
    /**
     * Language
     */
    language?: string | null;
};

/**
 * SpeakerOut
 *
 * Who speaks in an episode.
 */
export type SpeakerOut = {
    /**
     * Name
     */
    name: string;
    /**
     * Role
     */
    role: string;
    /**
     * Voiceid
     */
    voiceId: string | null;
    /**
     * Provider
     */
    provider: string | null;
    /**
     * Style
     */
    style: string | null;
    /**
     * Language
     */
    language: string | null;
};

/**
 * Sponsors
 *
 * SponsorBlock: parts of videos that become chapters, and parts that are cut out.
 */
export type Sponsors = {
    /**
     * Mark
     */
    mark?: Array<'sponsor' | 'selfpromo' | 'interaction' | 'intro' | 'outro' | 'preview' | 'hook' | 'music_offtopic' | 'filler' | 'poi_highlight' | 'chapter'>;
    /**
     * Remove
     */
    remove?: Array<'sponsor' | 'selfpromo' | 'interaction' | 'intro' | 'outro' | 'preview' | 'hook' | 'music_offtopic' | 'filler'>;
};

/**
 * StatusOut
 *
 * Sessions, newest first.
 */
export type StatusOut = {
    /**
     * Sessions
     */
    sessions: Array<SessionOut>;
};

/**
 * Storage
 *
 * What takes how much room. What several people hold counts for each of them, and once in `total`.
 */
export type Storage = {
    total: Share;
    /**
     * Quota Bytes
     *
     * how much you may hold; null: no limit
     */
    quota_bytes: number | null;
    /**
     * By User
     *
     * superusers see all users, others themselves
     */
    by_user: Array<Share>;
    /**
     * By Kind
     */
    by_kind: Array<Share>;
    /**
     * By Site
     *
     * the largest hundred
     */
    by_site: Array<Share>;
    trash: Share;
    /**
     * items of which files are missing
     */
    missing: Share;
    /**
     * items of which a file has changed though nobody has written to it
     */
    damaged: Share;
    /**
     * Disks
     */
    disks: Array<Disk>;
};

/**
 * Subtitles
 *
 * Which subtitles are saved, and where.
 */
export type Subtitles = {
    /**
     * Languages
     *
     * tags as in BCP 47, or `all`; `en` takes `en-GB`, too
     */
    languages?: Array<string>;
    /**
     * Automatic
     *
     * also those that the site made by machine
     */
    automatic?: boolean;
    /**
     * Where
     */
    where?: 'beside' | 'embed';
    /**
     * Format
     *
     * null: what the media server reads best, otherwise vtt
     */
    format?: 'vtt' | 'srt' | null;
};

/**
 * TagCount
 *
 * One of your tags, and how many of your items have it.
 */
export type TagCount = {
    /**
     * Name
     */
    name: string;
    /**
     * Count
     */
    count: number;
};

/**
 * TagList
 *
 * Your tags by name.
 */
export type TagList = {
    /**
     * Tags
     */
    tags: Array<TagCount>;
};

/**
 * TagsIn
 *
 * All tags that you want on an item. One that you have in other letter cases is taken as you have it.
 */
export type TagsIn = {
    /**
     * Tags
     */
    tags: Array<string>;
};

/**
 * TargetCreate
 *
 * Where you want to be told.
 */
export type TargetCreate = {
    /**
     * Name
     *
     * default: the service's name
     */
    name?: string | null;
    /**
     * Events
     *
     * what it is told of
     */
    events?: Array<'new_item' | 'failed' | 'needs_attention'>;
    /**
     * Digest
     *
     * how much is gathered into one message
     */
    digest?: 'at_once' | 'hourly' | 'daily';
    /**
     * Is Enabled
     */
    is_enabled?: boolean;
};

/**
 * TargetIn
 *
 * A server that the playlist is kept on.
 */
export type TargetIn = {
    /**
     * Server Id
     */
    server_id: number;
    /**
     * Playlist Id
     *
     * a playlist that is there already; null: Magpie makes one
     */
    playlist_id?: string | null;
};

/**
 * TargetOut
 *
 * A target, without its address.
 */
export type TargetOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Name
     */
    name: string;
    /**
     * Scheme
     *
     * the service; all of the address that is ever shown
     */
    scheme: string;
    /**
     * Events
     */
    events: Array<'new_item' | 'failed' | 'needs_attention'>;
    /**
     * Digest
     */
    digest: 'at_once' | 'hourly' | 'daily';
    /**
     * Is Enabled
     */
    is_enabled: boolean;
    /**
     * Paused At
     *
     * since when nothing is sent, since it kept failing; a test that goes well, or a change, ends that
     */
    paused_at: string | null;
    /**
     * Failures
     *
     * messages that could not be sent, in a row
     */
    failures: number;
    /**
     * Last Sent At
     */
    last_sent_at: string | null;
    /**
     * Last Error
     */
    last_error: string | null;
    /**
     * Waiting
     *
     * how many notices wait to be told
     */
    waiting: number;
    /**
     * Created At
     */
    created_at: string;
};

/**
 * TargetPlan
 *
 * What a sync would do to one playlist.
 */
export type TargetPlan = {
    /**
     * Target Id
     */
    target_id: number;
    /**
     * Server Id
     */
    server_id: number;
    /**
     * Server Name
     */
    server_name: string;
    /**
     * Is New
     *
     * the playlist would be made
     */
    is_new: boolean;
    /**
     * Added
     */
    added: number;
    /**
     * Removed
     */
    removed: number;
    /**
     * Moved
     */
    moved: number;
    /**
     * Needs Approval
     */
    needs_approval: boolean;
    /**
     * Error
     *
     * why nothing can be said
     */
    error?: string | null;
    /**
     * Reason
     */
    reason?: string | null;
    /**
     * Ops
     */
    ops: Array<OpOut>;
};

/**
 * TargetUpdate
 *
 * What is to change; what is left out, or null, stays as it is.
 */
export type TargetUpdate = {
    /**
     * Url
     */
    url?: null;
    /**
     * Name
     */
    name?: string | null;
    /**
     * Events
     */
    events?: Array<'new_item' | 'failed' | 'needs_attention'> | null;
    /**
     * Digest
     */
    digest?: 'at_once' | 'hourly' | 'daily' | null;
    /**
     * Is Enabled
     */
    is_enabled?: boolean | null;
};

/**
 * TaskCounts
 *
 * A task's songs by verdict, on its first server.
 */
export type TaskCounts = {
    /**
     * Total
     */
    total?: number;
    /**
     * Matched
     */
    matched?: number;
    /**
     * Review
     */
    review?: number;
    /**
     * Missing
     */
    missing?: number;
    /**
     * Waiting
     *
     * not judged yet
     */
    waiting?: number;
};

/**
 * TaskCreate
 *
 * A playlist to keep in step.
 */
export type TaskCreate = {
    /**
     * Name
     *
     * null: the source's own title
     */
    name?: string | null;
    /**
     * Server Id
     *
     * short for one target
     */
    server_id?: number | null;
    /**
     * Targets
     *
     * where the playlist is kept; several servers are possible
     */
    targets?: Array<TargetIn> | null;
    /**
     * Cron Schedule
     *
     * minute, hour, day, month, day of the week; null: only when you say so
     */
    cron_schedule?: string | null;
    /**
     * Timezone
     *
     * of the schedule, as in Europe/Berlin
     */
    timezone?: string | null;
    mode?: Mode | null;
    /**
     * Is Enabled
     */
    is_enabled?: boolean | null;
    /**
     * Max Removals
     *
     * more than this asks first; null: a fifth of the playlist, at least ten
     */
    max_removals?: number | null;
    /**
     * Keep Title
     */
    keep_title?: boolean | null;
    /**
     * Keep Description
     */
    keep_description?: boolean | null;
    /**
     * Keep Cover
     */
    keep_cover?: boolean | null;
    /**
     * Fetch Missing
     *
     * look for missing songs after each sync
     */
    fetch_missing?: boolean | null;
    /**
     * Playlist Url
     *
     * a link, or the whole text that an app shares; empty for a file
     */
    playlist_url?: string;
    /**
     * Platform
     *
     * `netease`, `qq`, `spotify`, `ytmusic`, `deezer`, `listenbrainz`, `apple`, `file`, or `auto`
     */
    platform?: string;
};

/**
 * TaskOut
 *
 * A playlist that is kept in step, and how it is doing.
 */
export type TaskOut = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     */
    user_id: number;
    /**
     * Name
     */
    name: string;
    /**
     * Server Id
     */
    server_id: number | null;
    /**
     * Playlist Url
     */
    playlist_url: string;
    /**
     * Platform
     */
    platform: string;
    /**
     * Cron Schedule
     */
    cron_schedule: string | null;
    /**
     * Timezone
     */
    timezone: string;
    mode: Mode;
    /**
     * Is Enabled
     */
    is_enabled: boolean;
    /**
     * Max Removals
     */
    max_removals: number | null;
    /**
     * Keep Title
     */
    keep_title: boolean;
    /**
     * Keep Description
     */
    keep_description: boolean;
    /**
     * Keep Cover
     */
    keep_cover: boolean;
    /**
     * Fetch Missing
     */
    fetch_missing: boolean;
    /**
     * Status
     */
    status: string;
    /**
     * Reason
     *
     * typed code of what went wrong
     */
    reason: string | null;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * Needs Approval
     */
    needs_approval: boolean;
    /**
     * Removals
     *
     * entries that would go if it were approved
     */
    removals: number;
    /**
     * Can Undo
     */
    can_undo: boolean;
    counts: TaskCounts;
    /**
     * Targets
     */
    targets: Array<TaskTarget>;
    /**
     * Source Url
     */
    source_url: string;
    /**
     * Source Title
     */
    source_title: string | null;
    /**
     * Source Description
     */
    source_description: string | null;
    /**
     * Source Owner
     */
    source_owner: string | null;
    /**
     * Source Total
     */
    source_total: number | null;
    /**
     * Is Source Complete
     */
    is_source_complete: boolean;
    /**
     * Source Note
     */
    source_note: string | null;
    /**
     * Cover Url
     *
     * the source's picture, as this server hands it on
     */
    cover_url: string | null;
    /**
     * Read At
     */
    read_at: string | null;
    /**
     * Next Run At
     */
    next_run_at: string | null;
    /**
     * Last Synced At
     */
    last_synced_at: string | null;
    /**
     * Last Success At
     */
    last_success_at: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
};

/**
 * TaskTarget
 *
 * One playlist on one server.
 */
export type TaskTarget = {
    /**
     * Id
     */
    id: number;
    /**
     * Server Id
     */
    server_id: number;
    /**
     * Server Name
     */
    server_name: string;
    /**
     * Server Type
     */
    server_type: string;
    /**
     * Playlist Id
     */
    playlist_id: string | null;
    /**
     * Playlist Title
     */
    playlist_title: string | null;
    /**
     * Count
     *
     * entries after the last sync
     */
    count: number;
    /**
     * Status
     */
    status: string | null;
    /**
     * Reason
     */
    reason: string | null;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * Synced At
     */
    synced_at: string | null;
};

/**
 * TaskUpdate
 *
 * Changes of a task. What is left out stays as it is.
 */
export type TaskUpdate = {
    /**
     * Name
     *
     * null: the source's own title
     */
    name?: string | null;
    /**
     * Server Id
     *
     * short for one target
     */
    server_id?: number | null;
    /**
     * Targets
     *
     * where the playlist is kept; several servers are possible
     */
    targets?: Array<TargetIn> | null;
    /**
     * Cron Schedule
     *
     * minute, hour, day, month, day of the week; null: only when you say so
     */
    cron_schedule?: string | null;
    /**
     * Timezone
     *
     * of the schedule, as in Europe/Berlin
     */
    timezone?: string | null;
    mode?: Mode | null;
    /**
     * Is Enabled
     */
    is_enabled?: boolean | null;
    /**
     * Max Removals
     *
     * more than this asks first; null: a fifth of the playlist, at least ten
     */
    max_removals?: number | null;
    /**
     * Keep Title
     */
    keep_title?: boolean | null;
    /**
     * Keep Description
     */
    keep_description?: boolean | null;
    /**
     * Keep Cover
     */
    keep_cover?: boolean | null;
    /**
     * Fetch Missing
     *
     * look for missing songs after each sync
     */
    fetch_missing?: boolean | null;
    /**
     * Playlist Url
     */
    playlist_url?: string | null;
    /**
     * Platform
     */
    platform?: string | null;
};

/**
 * TemplateCreate
 *
 * A new template. Without `id` one is made of its name.
 */
export type TemplateCreate = {
    /**
     * Name
     */
    name: string;
    /**
     * Description
     */
    description?: string;
    /**
     * Llmpromptinstructions
     *
     * what the model is told besides the sources
     */
    llmPromptInstructions?: string;
    ttsConfig?: TtsConfig | null;
    /**
     * null: one narrator if there is one voice, else two hosts
     */
    format?: Format | null;
    /**
     * Speakers
     *
     * left out: those that the format usually has
     */
    speakers?: Array<SpeakerIn>;
    /**
     * Minutes
     *
     * null: as long as the sources ask for
     */
    minutes?: number | null;
    /**
     * Language
     *
     * null: that of the sources
     */
    language?: string | null;
    /**
     * Style
     */
    style?: string;
    music?: MusicIn | null;
    /**
     * Id
     */
    id?: string | null;
    /**
     * Owner
     *
     * superusers only; others make their own
     */
    owner?: number | null;
};

/**
 * TemplateFileOut
 *
 * The file that holds the templates besides those that ship.
 */
export type TemplateFileOut = {
    /**
     * Path
     */
    path: string;
    /**
     * Exists
     */
    exists: boolean;
    /**
     * Problems
     */
    problems: Array<TemplateProblem>;
};

/**
 * TemplateOut
 *
 * A template, and what you may do with it.
 */
export type TemplateOut = {
    /**
     * Name
     */
    name: string;
    /**
     * Description
     */
    description?: string;
    /**
     * Llmpromptinstructions
     *
     * what the model is told besides the sources
     */
    llmPromptInstructions?: string;
    ttsConfig?: TtsConfig | null;
    /**
     * null: one narrator if there is one voice, else two hosts
     */
    format?: Format | null;
    /**
     * Speakers
     *
     * left out: those that the format usually has
     */
    speakers?: Array<SpeakerIn>;
    /**
     * Minutes
     *
     * null: as long as the sources ask for
     */
    minutes?: number | null;
    /**
     * Language
     *
     * null: that of the sources
     */
    language?: string | null;
    /**
     * Style
     */
    style?: string;
    music?: MusicIn | null;
    /**
     * Id
     */
    id: string;
    /**
     * Owner
     *
     * id of the user whose it is; null: everybody's
     */
    owner?: number | null;
    /**
     * Isshipped
     *
     * it came with Magpie, as it is
     */
    isShipped: boolean;
    /**
     * Canedit
     */
    canEdit: boolean;
};

/**
 * TemplateProblem
 *
 * Something in the file of templates that cannot be used. `line` counts from 1.
 */
export type TemplateProblem = {
    /**
     * Line
     */
    line: number | null;
    /**
     * Field
     */
    field: string | null;
    /**
     * Message
     */
    message: string;
};

/**
 * TemplateUpdate
 *
 * Changes of a template; what is left out stays.
 */
export type TemplateUpdate = {
    /**
     * Name
     */
    name?: string | null;
    /**
     * Description
     */
    description?: string | null;
    /**
     * Llmpromptinstructions
     */
    llmPromptInstructions?: string | null;
    ttsConfig?: TtsConfig | null;
    format?: Format | null;
    /**
     * Speakers
     */
    speakers?: Array<SpeakerIn> | null;
    /**
     * Minutes
     */
    minutes?: number | null;
    /**
     * Language
     */
    language?: string | null;
    /**
     * Style
     */
    style?: string | null;
    music?: MusicIn | null;
};

/**
 * TestAnswer
 *
 * How a connection went.
 */
export type TestAnswer = {
    /**
     * Success
     */
    success: boolean;
    /**
     * Message
     */
    message: string;
    /**
     * Reason
     *
     * typed code of the fault
     */
    reason: string | null;
    /**
     * Name
     */
    name?: string | null;
    /**
     * Version
     */
    version?: string | null;
    /**
     * User
     */
    user?: string | null;
    /**
     * Libraries
     */
    libraries?: Array<LibraryOut>;
};

/**
 * TestOut
 *
 * Whether what is set up works.
 */
export type TestOut = {
    /**
     * Success
     */
    success: boolean;
    /**
     * Message
     */
    message: string;
    /**
     * Reason
     *
     * typed code of the fault
     */
    reason: string | null;
};

/**
 * TestResult
 *
 * How a test message fared.
 */
export type TestResult = {
    /**
     * Success
     */
    success: boolean;
    /**
     * Message
     */
    message: string;
};

/**
 * TierReport
 *
 * One tier of the check ladder that was tried.
 */
export type TierReport = {
    /**
     * Tier
     */
    tier: 'feed' | 'lazy' | 'full';
    /**
     * Requests
     */
    requests?: number;
    /**
     * Seconds
     */
    seconds?: number;
    /**
     * Outcome
     *
     * what came of it, in plain words
     */
    outcome?: string;
    /**
     * Reason
     *
     * typed code of why the next tier was taken
     */
    reason?: string | null;
};

/**
 * TokenAnswer
 *
 * A token for `Authorization: Bearer`.
 */
export type TokenAnswer = {
    /**
     * Access Token
     */
    access_token: string;
    /**
     * Token Type
     */
    token_type?: 'bearer';
};

/**
 * ToolDetails
 *
 * An outside program or package that downloads need. `age_days` where the version is a date.
 */
export type ToolDetails = {
    /**
     * Name
     */
    name: string;
    /**
     * Version
     */
    version: string | null;
    /**
     * Path
     */
    path: string | null;
    /**
     * Age Days
     */
    age_days: number | null;
    /**
     * Is Old
     */
    is_old: boolean;
};

/**
 * TrackOut
 *
 * A track of a server's music.
 */
export type TrackOut = {
    /**
     * Track Id
     */
    track_id: string;
    /**
     * Title
     */
    title: string;
    /**
     * Artists
     */
    artists: Array<string>;
    /**
     * Album
     */
    album: string | null;
    /**
     * Duration
     */
    duration: number | null;
};

/**
 * TranscriptIn
 *
 * What is known of the sound.
 */
export type TranscriptIn = {
    /**
     * Language
     *
     * tag of the language that is spoken (`en`, `pt-BR`); found out if left out
     */
    language?: string | null;
};

/**
 * TranscriptList
 *
 * Your transcripts of an item, newest first. `provider`: who would hear the next one.
 */
export type TranscriptList = {
    /**
     * Transcripts
     */
    transcripts: Array<TranscriptOut>;
    /**
     * Provider
     */
    provider: string;
};

/**
 * TranscriptOut
 *
 * A transcript that somebody asked for.
 */
export type TranscriptOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Item Id
     */
    item_id: number;
    status: TranscriptStatus;
    /**
     * Language
     *
     * as it was asked for, and then as it was heard
     */
    language: string | null;
    /**
     * Provider
     *
     * who hears it, as in the setting `asr`; null before it is begun
     */
    provider: string | null;
    /**
     * Progress
     *
     * 0 to 1
     */
    progress: number;
    /**
     * Error Code
     */
    error_code: string | null;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * File Id
     *
     * the item's file that it became; null once that is gone, too
     */
    file_id: number | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Next Attempt At
     *
     * when it is tried again, where the recogniser was busy or out of reach
     */
    next_attempt_at: string | null;
    /**
     * Completed At
     */
    completed_at: string | null;
};

/**
 * TranscriptStatus
 *
 * How the transcript of an item is.
 */
export type TranscriptStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';

/**
 * TranslateIn
 *
 * An episode in another language, of the same script.
 */
export type TranslateIn = {
    /**
     * Language
     */
    language: string;
    /**
     * Version
     */
    version?: number | null;
    /**
     * Speakers
     */
    speakers?: Array<SpeakerIn> | null;
    /**
     * Title
     */
    title?: string | null;
    /**
     * Approve
     */
    approve?: boolean;
};

/**
 * TrashPage
 *
 * A page of the trash, what was thrown away last first. `next_cursor` is null on the last page.
 */
export type TrashPage = {
    /**
     * Items
     */
    items: Array<TrashedItem>;
    /**
     * Next Cursor
     */
    next_cursor: string | null;
    /**
     * Total
     */
    total: number;
    /**
     * Size
     *
     * bytes of all that lies in the trash
     */
    size: number;
};

/**
 * TrashedItem
 *
 * An item in the trash.
 */
export type TrashedItem = {
    /**
     * Id
     */
    id: number;
    /**
     * Kind
     */
    kind: 'video' | 'audio' | 'gallery' | 'image' | 'file';
    /**
     * Title
     */
    title: string;
    /**
     * Artist
     */
    artist: string | null;
    /**
     * Album
     */
    album: string | null;
    /**
     * Album Artist
     */
    album_artist: string | null;
    /**
     * Track Number
     */
    track_number: number | null;
    /**
     * Disc Number
     */
    disc_number: number | null;
    /**
     * Genre
     */
    genre: string | null;
    /**
     * Isrc
     */
    isrc: string | null;
    /**
     * Description
     */
    description: string | null;
    /**
     * Duration
     *
     * seconds
     */
    duration: number | null;
    /**
     * Size
     *
     * bytes of all files
     */
    size: number;
    /**
     * Source Url
     */
    source_url: string;
    /**
     * Site
     */
    site: string;
    /**
     * Extractor
     */
    extractor: string;
    /**
     * Quality
     */
    quality: string;
    /**
     * Published At
     */
    published_at: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Thumbnail Url
     */
    thumbnail_url: string | null;
    /**
     * File Url
     */
    file_url: string;
    /**
     * Pinned
     *
     * you keep it whatever the retention of links says
     */
    pinned: boolean;
    /**
     * Is Favourite
     */
    is_favourite: boolean;
    /**
     * Tags
     *
     * your own, by name
     */
    tags: Array<string>;
    /**
     * where you are in it; null if you have never played it
     */
    playback: PlaybackOut | null;
    /**
     * Files
     */
    files: Array<FileOut>;
    /**
     * Trashed At
     */
    trashed_at: string;
    /**
     * Goes At
     *
     * from then on it can go for ever; it stays until its turn comes
     */
    goes_at: string;
};

/**
 * Trial
 *
 * What rules would make of all that is known of a link. Nothing was changed.
 */
export type Trial = {
    /**
     * Total
     */
    total: number;
    /**
     * Counts
     */
    counts: Array<VerdictCount>;
    /**
     * Wanted
     *
     * entries that are left out now and would be downloaded
     */
    wanted: number;
    /**
     * Unwanted
     *
     * entries that are not left out now and would be
     */
    unwanted: number;
    /**
     * Held But Ruled Out
     *
     * entries in the library that would not be downloaded today
     */
    held_but_ruled_out: number;
    /**
     * Lacking
     *
     * by rule, the entries whose listing does not tell what the rule asks for: it decides when their download begins
     */
    lacking: {
        [key: string]: number;
    };
    /**
     * Samples
     *
     * the first 20 that would change
     */
    samples: Array<TriedEntry>;
};

/**
 * TriedEntry
 *
 * An entry whose verdict would change.
 */
export type TriedEntry = {
    /**
     * Id
     */
    id: number;
    /**
     * Title
     */
    title: string | null;
    /**
     * Verdict
     */
    verdict: 'listed' | 'waiting' | 'wanted' | 'downloaded' | 'skipped' | 'failed' | 'removed';
    /**
     * Reason
     *
     * typed code of what was decided, or why a download failed
     */
    reason: string | null;
    /**
     * Would Be
     */
    would_be: 'listed' | 'waiting' | 'wanted' | 'downloaded' | 'skipped' | 'failed' | 'removed';
    /**
     * Would Reason
     *
     * typed code of what was decided, or why a download failed
     */
    would_reason: string | null;
    /**
     * Would Detail
     */
    would_detail: string | null;
};

/**
 * Trouble
 *
 * Why something could not be read. Of an address that cannot be used: `address_` and what `downloads.addresses`
 * says is wrong with it.
 */
export type Trouble = 'no_address' | 'not_json' | 'not_archive' | 'rest_not_xml' | 'rest_no_table' | 'too_many' | 'address_empty' | 'address_too_long' | 'address_spaces' | 'address_invalid' | 'address_not_web' | 'address_credentials';

/**
 * TryRetention
 *
 * A retention to be tried; null or left out: the one that the link has.
 */
export type TryRetention = {
    /**
     * as at the link
     */
    retention?: Retention | null;
};

/**
 * TryRules
 *
 * Rules to be tried; null or left out: those that the link has.
 */
export type TryRules = {
    /**
     * as at the link
     */
    filters?: Filters | null;
};

/**
 * TtsConfig
 *
 * The voice of the first speaker, in short.
 */
export type TtsConfig = {
    /**
     * Voiceid
     */
    voiceId?: string | null;
    /**
     * Style
     */
    style?: string | null;
};

/**
 * TurnIn
 *
 * What one speaker says in one go.
 */
export type TurnIn = {
    /**
     * Speaker
     */
    speaker: string;
    /**
     * Text
     */
    text: string;
    /**
     * Style
     */
    style?: string | null;
    /**
     * Segment
     */
    segment?: number;
    sourceSpan?: SpanIn | null;
    /**
     * Flags
     */
    flags?: Array<FlagIn>;
};

/**
 * TurnOut
 *
 * What one speaker says in one go.
 */
export type TurnOut = {
    /**
     * Speaker
     */
    speaker: string;
    /**
     * Text
     */
    text: string;
    /**
     * Style
     */
    style?: string | null;
    /**
     * Segment
     */
    segment?: number;
    sourceSpan?: SpanOut | null;
    /**
     * Flags
     */
    flags?: Array<FlagOut>;
};

/**
 * TwinPage
 *
 * Pairs of songs that may be the same.
 */
export type TwinPage = {
    /**
     * Pairs
     */
    pairs: Array<TwinPair>;
    /**
     * Next Cursor
     */
    next_cursor: string | null;
};

/**
 * TwinPair
 *
 * Two songs that may be the same one: the better one to keep first.
 */
export type TwinPair = {
    /**
     * Items
     */
    items: Array<ItemOut>;
    /**
     * Reason
     */
    reason: 'isrc' | 'tags' | 'sound';
    /**
     * Score
     *
     * how much they sound alike, where that is known: 0.85 to 1
     */
    score: number | null;
};

/**
 * UnmatchedOut
 *
 * A song that a server does not have for sure.
 */
export type UnmatchedOut = {
    /**
     * Song Id
     */
    song_id: string;
    /**
     * Title
     */
    title: string;
    /**
     * Artist
     */
    artist: string;
    /**
     * Artists
     */
    artists: Array<string>;
    /**
     * Album
     */
    album: string | null;
    /**
     * Duration
     */
    duration: number | null;
    /**
     * Verdict
     */
    verdict: 'matched' | 'review' | 'missing' | 'waiting';
    /**
     * Reasons
     */
    reasons: Array<string>;
    /**
     * Is Decided
     */
    is_decided: boolean;
    /**
     * Is Available
     */
    is_available: boolean;
};

/**
 * Unmerged
 *
 * `restored`: what had been merged lay in the trash, and is in the library again.
 */
export type Unmerged = {
    /**
     * Restored
     */
    restored: boolean;
};

/**
 * UserAnswer
 *
 * A user.
 */
export type UserAnswer = {
    /**
     * Id
     */
    id: number;
    /**
     * Email
     */
    email: string | null;
    /**
     * Username
     */
    username: string;
    /**
     * Display Name
     */
    display_name: string | null;
    /**
     * Language
     *
     * What notifications are written in. null: not known, so English.
     */
    language: 'en' | 'zh-CN' | null;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Superuser
     */
    is_superuser: boolean;
    /**
     * Quota Gb
     *
     * how much they may hold; 0: no limit; null: as the settings say
     */
    quota_gb: number | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Login At
     */
    last_login_at: string | null;
};

/**
 * UserChanges
 *
 * What a superuser may change of an account. What is left out stays; null takes away what may be missing.
 */
export type UserChanges = {
    /**
     * Username
     */
    username?: string | null;
    /**
     * Email
     */
    email?: string | null;
    /**
     * Password
     *
     * At least 8 characters.
     */
    password?: string | null;
    /**
     * Display Name
     */
    display_name?: string | null;
    /**
     * Language
     *
     * What notifications are written in. null: not known, so English.
     */
    language?: 'en' | 'zh-CN' | null;
    /**
     * Is Active
     */
    is_active?: boolean | null;
    /**
     * Is Superuser
     */
    is_superuser?: boolean | null;
    /**
     * Quota Gb
     *
     * How much they may hold; 0: no limit; null: as the settings say.
     */
    quota_gb?: number | null;
};

/**
 * ValidationBody
 *
 * The body of an answer to input that breaks a rule.
 */
export type ValidationBody = {
    /**
     * Detail
     */
    detail?: string;
    /**
     * Errors
     */
    errors: Array<FieldFault>;
};

/**
 * ValidationError
 */
export type ValidationError = {
    /**
     * Location
     */
    loc: Array<string | number>;
    /**
     * Message
     */
    msg: string;
    /**
     * Error Type
     */
    type: string;
    /**
     * Input
     */
    input?: unknown;
    /**
     * Context
     */
    ctx?: {
        [key: string]: unknown;
    };
};

/**
 * VerdictCount
 *
 * How many entries would have this verdict for this reason.
 */
export type VerdictCount = {
    /**
     * Verdict
     */
    verdict: 'listed' | 'waiting' | 'wanted' | 'downloaded' | 'skipped' | 'failed' | 'removed';
    /**
     * Reason
     *
     * typed code of what was decided, or why a download failed
     */
    reason: string | null;
    /**
     * Count
     */
    count: number;
};

/**
 * VoiceIn
 *
 * How a script is to be spoken; everything is optional.
 */
export type VoiceIn = {
    /**
     * Version
     *
     * of the script; null: the newest
     */
    version?: number | null;
    /**
     * Speakers
     *
     * with other voices; names as in the script
     */
    speakers?: Array<SpeakerIn> | null;
    /**
     * Tts
     *
     * who speaks; superusers only
     */
    tts?: string | null;
    /**
     * Formats
     */
    formats?: Array<'mp3' | 'opus' | 'm4a'> | null;
    music?: MusicIn | null;
};

/**
 * VoiceList
 *
 * All voices that can be used.
 */
export type VoiceList = {
    /**
     * Providers
     */
    providers: Array<VoiceProvider>;
};

/**
 * VoiceOut
 *
 * One voice.
 */
export type VoiceOut = {
    /**
     * Id
     */
    id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Language
     */
    language: string | null;
    /**
     * Gender
     */
    gender: string | null;
};

/**
 * VoiceProvider
 *
 * A provider with its voices. `name` is what a speaker's `provider` is called.
 */
export type VoiceProvider = {
    /**
     * Name
     */
    name: string;
    /**
     * Title
     */
    title: string;
    /**
     * Isdefault
     */
    isDefault: boolean;
    /**
     * Voices
     */
    voices: Array<VoiceOut>;
    error: ProviderError | null;
};

/**
 * Waveform
 *
 * The loudness over time, in audiowaveform's JSON (version 2).
 */
export type Waveform = {
    /**
     * Version
     */
    version?: number;
    /**
     * Channels
     */
    channels?: number;
    /**
     * Sample Rate
     */
    sample_rate: number;
    /**
     * Samples Per Pixel
     *
     * samples that each pair of numbers stands for
     */
    samples_per_pixel: number;
    /**
     * Bits
     */
    bits?: number;
    /**
     * Length
     *
     * how many pairs there are
     */
    length: number;
    /**
     * Data
     *
     * lowest and highest value in turn, -128 to 127
     */
    data: Array<number>;
};

/**
 * Way
 *
 * `direct`: the file itself, with ranges. `remux`: its streams, in another container. `transcode`: at least one of them
 * is converted. `none`: there is no way.
 */
export type Way = 'direct' | 'remux' | 'transcode' | 'none';

/**
 * Wishes
 *
 * How an episode is to be; what is left out is as the template has it, or as the sources ask for.
 */
export type Wishes = {
    /**
     * Title
     */
    title?: string | null;
    /**
     * Templateid
     */
    templateId?: string | null;
    format?: Format | null;
    /**
     * Minutes
     */
    minutes?: number | null;
    /**
     * Language
     */
    language?: string | null;
    /**
     * Style
     */
    style?: string | null;
    /**
     * Instructions
     */
    instructions?: string | null;
    /**
     * Speakers
     */
    speakers?: Array<SpeakerIn> | null;
    music?: MusicIn | null;
    /**
     * Formats
     *
     * mp3 is always made
     */
    formats?: Array<'mp3' | 'opus' | 'm4a'>;
    /**
     * Approve
     *
     * wait until somebody has approved the script
     */
    approve?: boolean;
    /**
     * Llm
     *
     * who writes; superusers only
     */
    llm?: string | null;
    /**
     * Tts
     *
     * who speaks; superusers only
     */
    tts?: string | null;
    /**
     * Asr
     *
     * who listens; superusers only
     */
    asr?: string | null;
};

/**
 * WorkerDetails
 *
 * One worker that is alive. On SQLite there is this process alone, and no sign of life is kept.
 */
export type WorkerDetails = {
    /**
     * Id
     */
    id: string;
    /**
     * Host
     */
    host: string;
    /**
     * Pid
     */
    pid: number;
    /**
     * Version
     */
    version: string;
    /**
     * Started At
     */
    started_at: string | null;
    /**
     * Heartbeat At
     */
    heartbeat_at: string | null;
    /**
     * Seconds Since Heartbeat
     */
    seconds_since_heartbeat: number | null;
    /**
     * Is This
     *
     * Whether it is the process that answers.
     */
    is_this: boolean;
};

/**
 * ZipIn
 *
 * Which items to put into a zip; at most 2,000 by `ids`.
 */
export type ZipIn = {
    /**
     * Ids
     */
    ids?: Array<number> | null;
    /**
     * all items that it finds; an empty one finds your whole library
     */
    filter?: Filter | null;
    /**
     * Name
     *
     * what the file is to be called
     */
    name?: string | null;
};

/**
 * ZipOut
 *
 * Where the zip can be fetched, without any further sign-in, and begun until `expires_at`.
 */
export type ZipOut = {
    /**
     * Url
     */
    url: string;
    /**
     * Name
     */
    name: string;
    /**
     * Count
     *
     * items
     */
    count: number;
    /**
     * Size
     *
     * bytes of the files in it
     */
    size: number;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * Message
 *
 * What was done.
 */
export type MagpieAccountsSchemasMessage = {
    /**
     * Message
     */
    message: string;
};

/**
 * Message
 *
 * What was done, as a sentence.
 */
export type MagpieLinksSchemasMessage = {
    /**
     * Msg
     */
    msg: string;
};

/**
 * CookiesIn
 *
 * Cookies for a site. What is left out stays as it is.
 */
export type CookiesInWritable = {
    /**
     * Cookies
     *
     * a Netscape cookie file, a JSON object of names and values, a browser's JSON export, or a header's `name=value; …`; never answered
     */
    cookies?: string | {
        [key: string]: unknown;
    } | Array<unknown> | null;
    /**
     * Mode
     *
     * when they are sent
     */
    mode?: 'never' | 'when_needed' | 'always' | null;
};

/**
 * TargetCreate
 *
 * Where you want to be told.
 */
export type TargetCreateWritable = {
    /**
     * Url
     *
     * Apprise's address of the service, such as `ntfy://ntfy.sh/topic` or `discord://…`, or `mail:` for your own mail address; never answered
     */
    url: string;
    /**
     * Name
     *
     * default: the service's name
     */
    name?: string | null;
    /**
     * Events
     *
     * what it is told of
     */
    events?: Array<'new_item' | 'failed' | 'needs_attention'>;
    /**
     * Digest
     *
     * how much is gathered into one message
     */
    digest?: 'at_once' | 'hourly' | 'daily';
    /**
     * Is Enabled
     */
    is_enabled?: boolean;
};

/**
 * TargetUpdate
 *
 * What is to change; what is left out, or null, stays as it is.
 */
export type TargetUpdateWritable = {
    /**
     * Url
     */
    url?: string | null;
    /**
     * Name
     */
    name?: string | null;
    /**
     * Events
     */
    events?: Array<'new_item' | 'failed' | 'needs_attention'> | null;
    /**
     * Digest
     */
    digest?: 'at_once' | 'hourly' | 'daily' | null;
    /**
     * Is Enabled
     */
    is_enabled?: boolean | null;
};

export type GetApiV1SetupStateData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/setup-state';
};

export type GetApiV1SetupStateResponses = {
    /**
     * Successful Response
     */
    200: SetupState;
};

export type GetApiV1SetupStateResponse = GetApiV1SetupStateResponses[keyof GetApiV1SetupStateResponses];

export type PostAuthRegisterData = {
    body: NewAccount;
    path?: never;
    query?: never;
    url: '/auth/register';
};

export type PostAuthRegisterErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostAuthRegisterError = PostAuthRegisterErrors[keyof PostAuthRegisterErrors];

export type PostAuthRegisterResponses = {
    /**
     * Successful Response
     */
    200: UserAnswer;
};

export type PostAuthRegisterResponse = PostAuthRegisterResponses[keyof PostAuthRegisterResponses];

export type PostAuthLoginData = {
    /**
     * LoginJson
     *
     * As the form; the page asks for a cookie instead of a token.
     */
    body: {
        /**
         * Username
         *
         * User name or e-mail address; not needed where one password signs in.
         */
        username: string;
        /**
         * Password
         */
        password: string;
        /**
         * Cookie
         *
         * Sign in by cookie: the answer holds no access token.
         */
        cookie?: boolean;
    };
    path?: never;
    query?: never;
    url: '/auth/login';
};

export type PostAuthLoginErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Credentials that are wrong, expired or revoked (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * A body of a type that this route does not read (415).
     */
    415: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type PostAuthLoginError = PostAuthLoginErrors[keyof PostAuthLoginErrors];

export type PostAuthLoginResponses = {
    /**
     * Response Login
     *
     * Successful Response
     */
    200: TokenAnswer | CookieAnswer;
};

export type PostAuthLoginResponse = PostAuthLoginResponses[keyof PostAuthLoginResponses];

export type PostApiV1LoginAccessTokenData = {
    /**
     * LoginForm
     *
     * A user name or e-mail address, and the password.
     */
    body: {
        /**
         * Username
         *
         * User name or e-mail address; not needed where one password signs in.
         */
        username: string;
        /**
         * Password
         */
        password: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/login/access-token';
};

export type PostApiV1LoginAccessTokenErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Credentials that are wrong, expired or revoked (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * A body of a type that this route does not read (415).
     */
    415: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type PostApiV1LoginAccessTokenError = PostApiV1LoginAccessTokenErrors[keyof PostApiV1LoginAccessTokenErrors];

export type PostApiV1LoginAccessTokenResponses = {
    /**
     * Successful Response
     */
    200: TokenAnswer;
};

export type PostApiV1LoginAccessTokenResponse = PostApiV1LoginAccessTokenResponses[keyof PostApiV1LoginAccessTokenResponses];

export type PostAuthLogoutData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/auth/logout';
};

export type PostAuthLogoutErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type PostAuthLogoutError = PostAuthLogoutErrors[keyof PostAuthLogoutErrors];

export type PostAuthLogoutResponses = {
    /**
     * Successful Response
     */
    200: MagpieAccountsSchemasMessage;
};

export type PostAuthLogoutResponse = PostAuthLogoutResponses[keyof PostAuthLogoutResponses];

export type GetAuthMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/auth/me';
};

export type GetAuthMeErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetAuthMeError = GetAuthMeErrors[keyof GetAuthMeErrors];

export type GetAuthMeResponses = {
    /**
     * Successful Response
     */
    200: UserAnswer;
};

export type GetAuthMeResponse = GetAuthMeResponses[keyof GetAuthMeResponses];

export type GetApiV1UsersMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me';
};

export type GetApiV1UsersMeErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1UsersMeError = GetApiV1UsersMeErrors[keyof GetApiV1UsersMeErrors];

export type GetApiV1UsersMeResponses = {
    /**
     * Successful Response
     */
    200: MeAnswer;
};

export type GetApiV1UsersMeResponse = GetApiV1UsersMeResponses[keyof GetApiV1UsersMeResponses];

export type PutApiV1UsersMeData = {
    body: OwnChanges;
    path?: never;
    query?: never;
    url: '/api/v1/users/me';
};

export type PutApiV1UsersMeErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type PutApiV1UsersMeError = PutApiV1UsersMeErrors[keyof PutApiV1UsersMeErrors];

export type PutApiV1UsersMeResponses = {
    /**
     * Successful Response
     */
    200: UserAnswer;
};

export type PutApiV1UsersMeResponse = PutApiV1UsersMeResponses[keyof PutApiV1UsersMeResponses];

export type PostApiV1LoginTestTokenData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/login/test-token';
};

export type PostApiV1LoginTestTokenErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type PostApiV1LoginTestTokenError = PostApiV1LoginTestTokenErrors[keyof PostApiV1LoginTestTokenErrors];

export type PostApiV1LoginTestTokenResponses = {
    /**
     * Successful Response
     */
    200: UserAnswer;
};

export type PostApiV1LoginTestTokenResponse = PostApiV1LoginTestTokenResponses[keyof PostApiV1LoginTestTokenResponses];

export type DeleteApiV1UsersMeSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/sessions';
};

export type DeleteApiV1UsersMeSessionsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type DeleteApiV1UsersMeSessionsError = DeleteApiV1UsersMeSessionsErrors[keyof DeleteApiV1UsersMeSessionsErrors];

export type DeleteApiV1UsersMeSessionsResponses = {
    /**
     * Successful Response
     */
    200: MagpieAccountsSchemasMessage;
};

export type DeleteApiV1UsersMeSessionsResponse = DeleteApiV1UsersMeSessionsResponses[keyof DeleteApiV1UsersMeSessionsResponses];

export type GetApiV1UsersMeSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/sessions';
};

export type GetApiV1UsersMeSessionsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1UsersMeSessionsError = GetApiV1UsersMeSessionsErrors[keyof GetApiV1UsersMeSessionsErrors];

export type GetApiV1UsersMeSessionsResponses = {
    /**
     * Response List Sessions
     *
     * Successful Response
     */
    200: Array<SessionAnswer>;
};

export type GetApiV1UsersMeSessionsResponse = GetApiV1UsersMeSessionsResponses[keyof GetApiV1UsersMeSessionsResponses];

export type DeleteApiV1UsersMeSessionsBySessionIdData = {
    body?: never;
    path: {
        /**
         * Session Id
         */
        session_id: string;
    };
    query?: never;
    url: '/api/v1/users/me/sessions/{session_id}';
};

export type DeleteApiV1UsersMeSessionsBySessionIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1UsersMeSessionsBySessionIdError = DeleteApiV1UsersMeSessionsBySessionIdErrors[keyof DeleteApiV1UsersMeSessionsBySessionIdErrors];

export type DeleteApiV1UsersMeSessionsBySessionIdResponses = {
    /**
     * Successful Response
     */
    200: MagpieAccountsSchemasMessage;
};

export type DeleteApiV1UsersMeSessionsBySessionIdResponse = DeleteApiV1UsersMeSessionsBySessionIdResponses[keyof DeleteApiV1UsersMeSessionsBySessionIdResponses];

export type GetApiV1UsersMeTokensData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/tokens';
};

export type GetApiV1UsersMeTokensErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1UsersMeTokensError = GetApiV1UsersMeTokensErrors[keyof GetApiV1UsersMeTokensErrors];

export type GetApiV1UsersMeTokensResponses = {
    /**
     * Response List Tokens
     *
     * Successful Response
     */
    200: Array<ApiTokenAnswer>;
};

export type GetApiV1UsersMeTokensResponse = GetApiV1UsersMeTokensResponses[keyof GetApiV1UsersMeTokensResponses];

export type PostApiV1UsersMeTokensData = {
    body: NewToken;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/tokens';
};

export type PostApiV1UsersMeTokensErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1UsersMeTokensError = PostApiV1UsersMeTokensErrors[keyof PostApiV1UsersMeTokensErrors];

export type PostApiV1UsersMeTokensResponses = {
    /**
     * Successful Response
     */
    200: NewTokenAnswer;
};

export type PostApiV1UsersMeTokensResponse = PostApiV1UsersMeTokensResponses[keyof PostApiV1UsersMeTokensResponses];

export type DeleteApiV1UsersMeTokensByTokenIdData = {
    body?: never;
    path: {
        /**
         * Token Id
         */
        token_id: string;
    };
    query?: never;
    url: '/api/v1/users/me/tokens/{token_id}';
};

export type DeleteApiV1UsersMeTokensByTokenIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1UsersMeTokensByTokenIdError = DeleteApiV1UsersMeTokensByTokenIdErrors[keyof DeleteApiV1UsersMeTokensByTokenIdErrors];

export type DeleteApiV1UsersMeTokensByTokenIdResponses = {
    /**
     * Successful Response
     */
    200: MagpieAccountsSchemasMessage;
};

export type DeleteApiV1UsersMeTokensByTokenIdResponse = DeleteApiV1UsersMeTokensByTokenIdResponses[keyof DeleteApiV1UsersMeTokensByTokenIdResponses];

export type GetApiV1UsersData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Skip
         */
        skip?: number;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/users';
};

export type GetApiV1UsersErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1UsersError = GetApiV1UsersErrors[keyof GetApiV1UsersErrors];

export type GetApiV1UsersResponses = {
    /**
     * Response List Users
     *
     * Successful Response
     */
    200: Array<UserAnswer>;
};

export type GetApiV1UsersResponse = GetApiV1UsersResponses[keyof GetApiV1UsersResponses];

export type PostApiV1UsersData = {
    body: NewUser;
    path?: never;
    query?: never;
    url: '/api/v1/users';
};

export type PostApiV1UsersErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1UsersError = PostApiV1UsersErrors[keyof PostApiV1UsersErrors];

export type PostApiV1UsersResponses = {
    /**
     * Successful Response
     */
    200: UserAnswer;
};

export type PostApiV1UsersResponse = PostApiV1UsersResponses[keyof PostApiV1UsersResponses];

export type DeleteApiV1UsersByUserIdData = {
    body?: never;
    path: {
        /**
         * User Id
         */
        user_id: number;
    };
    query?: {
        /**
         * `keep`: the library goes to you; `delete`: what nobody else has goes
         */
        items?: ItemsChoice;
    };
    url: '/api/v1/users/{user_id}';
};

export type DeleteApiV1UsersByUserIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1UsersByUserIdError = DeleteApiV1UsersByUserIdErrors[keyof DeleteApiV1UsersByUserIdErrors];

export type DeleteApiV1UsersByUserIdResponses = {
    /**
     * Successful Response
     */
    200: MagpieAccountsSchemasMessage;
};

export type DeleteApiV1UsersByUserIdResponse = DeleteApiV1UsersByUserIdResponses[keyof DeleteApiV1UsersByUserIdResponses];

export type GetApiV1UsersByUserIdData = {
    body?: never;
    path: {
        /**
         * User Id
         */
        user_id: number;
    };
    query?: never;
    url: '/api/v1/users/{user_id}';
};

export type GetApiV1UsersByUserIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1UsersByUserIdError = GetApiV1UsersByUserIdErrors[keyof GetApiV1UsersByUserIdErrors];

export type GetApiV1UsersByUserIdResponses = {
    /**
     * Successful Response
     */
    200: UserAnswer;
};

export type GetApiV1UsersByUserIdResponse = GetApiV1UsersByUserIdResponses[keyof GetApiV1UsersByUserIdResponses];

export type PutApiV1UsersByUserIdData = {
    body: UserChanges;
    path: {
        /**
         * User Id
         */
        user_id: number;
    };
    query?: never;
    url: '/api/v1/users/{user_id}';
};

export type PutApiV1UsersByUserIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1UsersByUserIdError = PutApiV1UsersByUserIdErrors[keyof PutApiV1UsersByUserIdErrors];

export type PutApiV1UsersByUserIdResponses = {
    /**
     * Successful Response
     */
    200: UserAnswer;
};

export type PutApiV1UsersByUserIdResponse = PutApiV1UsersByUserIdResponses[keyof PutApiV1UsersByUserIdResponses];

export type PostApiV1PasswordResetRequestResetData = {
    body: ResetWanted;
    path?: never;
    query?: never;
    url: '/api/v1/password-reset/request-reset';
};

export type PostApiV1PasswordResetRequestResetErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type PostApiV1PasswordResetRequestResetError = PostApiV1PasswordResetRequestResetErrors[keyof PostApiV1PasswordResetRequestResetErrors];

export type PostApiV1PasswordResetRequestResetResponses = {
    /**
     * Successful Response
     */
    200: ResetAnswer;
};

export type PostApiV1PasswordResetRequestResetResponse = PostApiV1PasswordResetRequestResetResponses[keyof PostApiV1PasswordResetRequestResetResponses];

export type PostApiV1PasswordResetResetData = {
    body: ResetRequest;
    path?: never;
    query?: never;
    url: '/api/v1/password-reset/reset';
};

export type PostApiV1PasswordResetResetErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PasswordResetResetError = PostApiV1PasswordResetResetErrors[keyof PostApiV1PasswordResetResetErrors];

export type PostApiV1PasswordResetResetResponses = {
    /**
     * Successful Response
     */
    200: ResetAnswer;
};

export type PostApiV1PasswordResetResetResponse = PostApiV1PasswordResetResetResponses[keyof PostApiV1PasswordResetResetResponses];

export type PostApiV1PasswordResetPendingData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/password-reset/pending';
};

export type PostApiV1PasswordResetPendingErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type PostApiV1PasswordResetPendingError = PostApiV1PasswordResetPendingErrors[keyof PostApiV1PasswordResetPendingErrors];

export type PostApiV1PasswordResetPendingResponses = {
    /**
     * Response Show Pending Password Resets
     *
     * Successful Response
     */
    200: Array<PendingReset>;
};

export type PostApiV1PasswordResetPendingResponse = PostApiV1PasswordResetPendingResponses[keyof PostApiV1PasswordResetPendingResponses];

export type GetApiV1DownloadsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Page
         */
        page?: number;
        /**
         * Per Page
         */
        per_page?: number;
        /**
         * Status
         *
         * only these states
         */
        status?: Array<'pending' | 'downloading' | 'completed' | 'failed' | 'cancelled' | 'skipped'> | null;
    };
    url: '/api/v1/downloads';
};

export type GetApiV1DownloadsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1DownloadsError = GetApiV1DownloadsErrors[keyof GetApiV1DownloadsErrors];

export type GetApiV1DownloadsResponses = {
    /**
     * Successful Response
     */
    200: DownloadPage;
};

export type GetApiV1DownloadsResponse = GetApiV1DownloadsResponses[keyof GetApiV1DownloadsResponses];

export type PostApiV1DownloadsData = {
    body: DownloadCreate;
    path?: never;
    query?: never;
    url: '/api/v1/downloads';
};

export type PostApiV1DownloadsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadsError = PostApiV1DownloadsErrors[keyof PostApiV1DownloadsErrors];

export type PostApiV1DownloadsResponses = {
    /**
     * Successful Response
     */
    200: DownloadOut;
};

export type PostApiV1DownloadsResponse = PostApiV1DownloadsResponses[keyof PostApiV1DownloadsResponses];

export type GetApiV1DownloadsByDownloadIdData = {
    body?: never;
    path: {
        /**
         * Download Id
         */
        download_id: number;
    };
    query?: never;
    url: '/api/v1/downloads/{download_id}';
};

export type GetApiV1DownloadsByDownloadIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1DownloadsByDownloadIdError = GetApiV1DownloadsByDownloadIdErrors[keyof GetApiV1DownloadsByDownloadIdErrors];

export type GetApiV1DownloadsByDownloadIdResponses = {
    /**
     * Successful Response
     */
    200: DownloadOut;
};

export type GetApiV1DownloadsByDownloadIdResponse = GetApiV1DownloadsByDownloadIdResponses[keyof GetApiV1DownloadsByDownloadIdResponses];

export type PostApiV1DownloadsByDownloadIdCancelData = {
    body?: never;
    path: {
        /**
         * Download Id
         */
        download_id: number;
    };
    query?: never;
    url: '/api/v1/downloads/{download_id}/cancel';
};

export type PostApiV1DownloadsByDownloadIdCancelErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadsByDownloadIdCancelError = PostApiV1DownloadsByDownloadIdCancelErrors[keyof PostApiV1DownloadsByDownloadIdCancelErrors];

export type PostApiV1DownloadsByDownloadIdCancelResponses = {
    /**
     * Successful Response
     */
    200: DownloadOut;
};

export type PostApiV1DownloadsByDownloadIdCancelResponse = PostApiV1DownloadsByDownloadIdCancelResponses[keyof PostApiV1DownloadsByDownloadIdCancelResponses];

export type PostApiV1DownloadsByDownloadIdRetryData = {
    body?: never;
    path: {
        /**
         * Download Id
         */
        download_id: number;
    };
    query?: never;
    url: '/api/v1/downloads/{download_id}/retry';
};

export type PostApiV1DownloadsByDownloadIdRetryErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadsByDownloadIdRetryError = PostApiV1DownloadsByDownloadIdRetryErrors[keyof PostApiV1DownloadsByDownloadIdRetryErrors];

export type PostApiV1DownloadsByDownloadIdRetryResponses = {
    /**
     * Successful Response
     */
    200: DownloadOut;
};

export type PostApiV1DownloadsByDownloadIdRetryResponse = PostApiV1DownloadsByDownloadIdRetryResponses[keyof PostApiV1DownloadsByDownloadIdRetryResponses];

export type PostApiV1InspectData = {
    body: InspectRequest;
    path?: never;
    query?: never;
    url: '/api/v1/inspect';
};

export type PostApiV1InspectErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Not possible at the moment (503).
     */
    503: ErrorBody;
};

export type PostApiV1InspectError = PostApiV1InspectErrors[keyof PostApiV1InspectErrors];

export type PostApiV1InspectResponses = {
    /**
     * Successful Response
     */
    200: Inspection;
};

export type PostApiV1InspectResponse = PostApiV1InspectResponses[keyof PostApiV1InspectResponses];

export type GetApiV1ItemsInProgressData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/items/in-progress';
};

export type GetApiV1ItemsInProgressErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsInProgressError = GetApiV1ItemsInProgressErrors[keyof GetApiV1ItemsInProgressErrors];

export type GetApiV1ItemsInProgressResponses = {
    /**
     * Successful Response
     */
    200: ItemPage;
};

export type GetApiV1ItemsInProgressResponse = GetApiV1ItemsInProgressResponses[keyof GetApiV1ItemsInProgressResponses];

export type GetApiV1TagsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/tags';
};

export type GetApiV1TagsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1TagsError = GetApiV1TagsErrors[keyof GetApiV1TagsErrors];

export type GetApiV1TagsResponses = {
    /**
     * Successful Response
     */
    200: TagList;
};

export type GetApiV1TagsResponse = GetApiV1TagsResponses[keyof GetApiV1TagsResponses];

export type PutApiV1ItemsByItemIdTagsData = {
    body: TagsIn;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/tags';
};

export type PutApiV1ItemsByItemIdTagsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1ItemsByItemIdTagsError = PutApiV1ItemsByItemIdTagsErrors[keyof PutApiV1ItemsByItemIdTagsErrors];

export type PutApiV1ItemsByItemIdTagsResponses = {
    /**
     * Successful Response
     */
    200: ItemOut;
};

export type PutApiV1ItemsByItemIdTagsResponse = PutApiV1ItemsByItemIdTagsResponses[keyof PutApiV1ItemsByItemIdTagsResponses];

export type PutApiV1ItemsByItemIdFavouriteData = {
    body: FavouriteIn;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/favourite';
};

export type PutApiV1ItemsByItemIdFavouriteErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1ItemsByItemIdFavouriteError = PutApiV1ItemsByItemIdFavouriteErrors[keyof PutApiV1ItemsByItemIdFavouriteErrors];

export type PutApiV1ItemsByItemIdFavouriteResponses = {
    /**
     * Successful Response
     */
    200: ItemOut;
};

export type PutApiV1ItemsByItemIdFavouriteResponse = PutApiV1ItemsByItemIdFavouriteResponses[keyof PutApiV1ItemsByItemIdFavouriteResponses];

export type DeleteApiV1ItemsByItemIdPlaybackData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/playback';
};

export type DeleteApiV1ItemsByItemIdPlaybackErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1ItemsByItemIdPlaybackError = DeleteApiV1ItemsByItemIdPlaybackErrors[keyof DeleteApiV1ItemsByItemIdPlaybackErrors];

export type DeleteApiV1ItemsByItemIdPlaybackResponses = {
    /**
     * Successful Response
     */
    200: PlaybackOut;
};

export type DeleteApiV1ItemsByItemIdPlaybackResponse = DeleteApiV1ItemsByItemIdPlaybackResponses[keyof DeleteApiV1ItemsByItemIdPlaybackResponses];

export type GetApiV1ItemsByItemIdPlaybackData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/playback';
};

export type GetApiV1ItemsByItemIdPlaybackErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdPlaybackError = GetApiV1ItemsByItemIdPlaybackErrors[keyof GetApiV1ItemsByItemIdPlaybackErrors];

export type GetApiV1ItemsByItemIdPlaybackResponses = {
    /**
     * Successful Response
     */
    200: PlaybackOut;
};

export type GetApiV1ItemsByItemIdPlaybackResponse = GetApiV1ItemsByItemIdPlaybackResponses[keyof GetApiV1ItemsByItemIdPlaybackResponses];

export type PutApiV1ItemsByItemIdPlaybackData = {
    body: PlaybackIn;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/playback';
};

export type PutApiV1ItemsByItemIdPlaybackErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1ItemsByItemIdPlaybackError = PutApiV1ItemsByItemIdPlaybackErrors[keyof PutApiV1ItemsByItemIdPlaybackErrors];

export type PutApiV1ItemsByItemIdPlaybackResponses = {
    /**
     * Successful Response
     */
    200: PlaybackOut;
};

export type PutApiV1ItemsByItemIdPlaybackResponse = PutApiV1ItemsByItemIdPlaybackResponses[keyof PutApiV1ItemsByItemIdPlaybackResponses];

export type GetApiV1ItemsZipData = {
    body?: never;
    path?: never;
    query: {
        /**
         * Order
         */
        order: string;
    };
    url: '/api/v1/items/zip';
};

export type GetApiV1ItemsZipErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Credentials that are wrong, expired or revoked (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsZipError = GetApiV1ItemsZipErrors[keyof GetApiV1ItemsZipErrors];

export type GetApiV1ItemsZipResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type PostApiV1ItemsZipData = {
    body: ZipIn;
    path?: never;
    query?: never;
    url: '/api/v1/items/zip';
};

export type PostApiV1ItemsZipErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ItemsZipError = PostApiV1ItemsZipErrors[keyof PostApiV1ItemsZipErrors];

export type PostApiV1ItemsZipResponses = {
    /**
     * Successful Response
     */
    200: ZipOut;
};

export type PostApiV1ItemsZipResponse = PostApiV1ItemsZipResponses[keyof PostApiV1ItemsZipResponses];

export type GetApiV1ItemsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Q
         *
         * words that title, artist, album, description or your tags hold
         */
        q?: string | null;
        /**
         * Kind
         */
        kind?: 'video' | 'audio' | 'gallery' | 'image' | 'file' | null;
        /**
         * Link Id
         *
         * what this followed link has brought
         */
        link_id?: number | null;
        /**
         * Collection Id
         *
         * what is in this collection of yours
         */
        collection_id?: number | null;
        /**
         * Tag
         *
         * what you have given this tag
         */
        tag?: string | null;
        /**
         * Site
         */
        site?: string | null;
        /**
         * Artist
         */
        artist?: string | null;
        /**
         * Album
         */
        album?: string | null;
        /**
         * Genre
         */
        genre?: string | null;
        /**
         * Is Favourite
         */
        is_favourite?: boolean | null;
        /**
         * Is Finished
         *
         * whether you have played it to its end
         */
        is_finished?: boolean | null;
        /**
         * Language
         *
         * of one of its files, as in `files`
         */
        language?: string | null;
        /**
         * Min Duration
         *
         * seconds
         */
        min_duration?: number | null;
        /**
         * Max Duration
         *
         * seconds
         */
        max_duration?: number | null;
        /**
         * Published After
         *
         * at or after this moment
         */
        published_after?: string | null;
        /**
         * Published Before
         *
         * before this moment
         */
        published_before?: string | null;
        /**
         * In Trash
         *
         * what is in the trash, instead of what is not
         */
        in_trash?: boolean;
        /**
         * Sort
         *
         * `relevance` is `newest` where there are no words to look for
         */
        sort?: 'newest' | 'oldest' | 'title' | 'artist' | 'published' | 'duration' | 'size' | 'relevance';
        /**
         * Cursor
         *
         * `next_cursor` of the page before
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/items';
};

export type GetApiV1ItemsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsError = GetApiV1ItemsErrors[keyof GetApiV1ItemsErrors];

export type GetApiV1ItemsResponses = {
    /**
     * Successful Response
     */
    200: ItemPage;
};

export type GetApiV1ItemsResponse = GetApiV1ItemsResponses[keyof GetApiV1ItemsResponses];

export type GetApiV1ItemsFacetsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Q
         *
         * words that title, artist, album, description or your tags hold
         */
        q?: string | null;
        /**
         * Kind
         */
        kind?: 'video' | 'audio' | 'gallery' | 'image' | 'file' | null;
        /**
         * Link Id
         *
         * what this followed link has brought
         */
        link_id?: number | null;
        /**
         * Collection Id
         *
         * what is in this collection of yours
         */
        collection_id?: number | null;
        /**
         * Tag
         *
         * what you have given this tag
         */
        tag?: string | null;
        /**
         * Site
         */
        site?: string | null;
        /**
         * Artist
         */
        artist?: string | null;
        /**
         * Album
         */
        album?: string | null;
        /**
         * Genre
         */
        genre?: string | null;
        /**
         * Is Favourite
         */
        is_favourite?: boolean | null;
        /**
         * Is Finished
         *
         * whether you have played it to its end
         */
        is_finished?: boolean | null;
        /**
         * Language
         *
         * of one of its files, as in `files`
         */
        language?: string | null;
        /**
         * Min Duration
         *
         * seconds
         */
        min_duration?: number | null;
        /**
         * Max Duration
         *
         * seconds
         */
        max_duration?: number | null;
        /**
         * Published After
         *
         * at or after this moment
         */
        published_after?: string | null;
        /**
         * Published Before
         *
         * before this moment
         */
        published_before?: string | null;
        /**
         * In Trash
         *
         * what is in the trash, instead of what is not
         */
        in_trash?: boolean;
    };
    url: '/api/v1/items/facets';
};

export type GetApiV1ItemsFacetsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsFacetsError = GetApiV1ItemsFacetsErrors[keyof GetApiV1ItemsFacetsErrors];

export type GetApiV1ItemsFacetsResponses = {
    /**
     * Successful Response
     */
    200: FacetsOut;
};

export type GetApiV1ItemsFacetsResponse = GetApiV1ItemsFacetsResponses[keyof GetApiV1ItemsFacetsResponses];

export type DeleteApiV1ItemsByItemIdData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: {
        /**
         * Forever
         *
         * delete at once, also what lies in the trash
         */
        forever?: boolean;
        /**
         * Everybody
         *
         * of a superuser, for good: also where only others have it
         */
        everybody?: boolean;
    };
    url: '/api/v1/items/{item_id}';
};

export type DeleteApiV1ItemsByItemIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1ItemsByItemIdError = DeleteApiV1ItemsByItemIdErrors[keyof DeleteApiV1ItemsByItemIdErrors];

export type DeleteApiV1ItemsByItemIdResponses = {
    /**
     * Successful Response
     */
    200: ItemOut;
};

export type DeleteApiV1ItemsByItemIdResponse = DeleteApiV1ItemsByItemIdResponses[keyof DeleteApiV1ItemsByItemIdResponses];

export type GetApiV1ItemsByItemIdData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}';
};

export type GetApiV1ItemsByItemIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdError = GetApiV1ItemsByItemIdErrors[keyof GetApiV1ItemsByItemIdErrors];

export type GetApiV1ItemsByItemIdResponses = {
    /**
     * Successful Response
     */
    200: ItemDetails;
};

export type GetApiV1ItemsByItemIdResponse = GetApiV1ItemsByItemIdResponses[keyof GetApiV1ItemsByItemIdResponses];

export type PutApiV1ItemsByItemIdPinData = {
    body: Pin;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/pin';
};

export type PutApiV1ItemsByItemIdPinErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1ItemsByItemIdPinError = PutApiV1ItemsByItemIdPinErrors[keyof PutApiV1ItemsByItemIdPinErrors];

export type PutApiV1ItemsByItemIdPinResponses = {
    /**
     * Successful Response
     */
    200: ItemOut;
};

export type PutApiV1ItemsByItemIdPinResponse = PutApiV1ItemsByItemIdPinResponses[keyof PutApiV1ItemsByItemIdPinResponses];

export type GetApiV1ItemsByItemIdFileData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: {
        /**
         * File
         *
         * id of one of the item's files; the main file if left out
         */
        file?: number | null;
        /**
         * Download
         */
        download?: boolean;
    };
    url: '/api/v1/items/{item_id}/file';
};

export type GetApiV1ItemsByItemIdFileErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdFileError = GetApiV1ItemsByItemIdFileErrors[keyof GetApiV1ItemsByItemIdFileErrors];

export type GetApiV1ItemsByItemIdFileResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1ItemsByItemIdThumbnailData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/thumbnail';
};

export type GetApiV1ItemsByItemIdThumbnailErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdThumbnailError = GetApiV1ItemsByItemIdThumbnailErrors[keyof GetApiV1ItemsByItemIdThumbnailErrors];

export type GetApiV1ItemsByItemIdThumbnailResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1ItemsByItemIdPlaybackPlanData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: {
        /**
         * File
         *
         * id of one of the item's files; the main file if left out
         */
        file?: number | null;
        /**
         * Can
         *
         * what the client plays, as words with commas between them: containers (`mp4`, `webm`, `ogg`, `mkv`, `mov`, …) and codecs (`h264`, `hevc`, `av1`, `vp9`, `aac`, `opus`, `ac3`, …); if left out, what every browser plays
         */
        can?: string | null;
    };
    url: '/api/v1/items/{item_id}/playback-plan';
};

export type GetApiV1ItemsByItemIdPlaybackPlanErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdPlaybackPlanError = GetApiV1ItemsByItemIdPlaybackPlanErrors[keyof GetApiV1ItemsByItemIdPlaybackPlanErrors];

export type GetApiV1ItemsByItemIdPlaybackPlanResponses = {
    /**
     * Successful Response
     */
    200: PlaybackPlan;
};

export type GetApiV1ItemsByItemIdPlaybackPlanResponse = GetApiV1ItemsByItemIdPlaybackPlanResponses[keyof GetApiV1ItemsByItemIdPlaybackPlanResponses];

export type GetApiV1ItemsByItemIdStreamData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: {
        /**
         * File
         *
         * id of one of the item's files; the main file if left out
         */
        file?: number | null;
        /**
         * Can
         *
         * what the client plays, as words with commas between them: containers (`mp4`, `webm`, `ogg`, `mkv`, `mov`, …) and codecs (`h264`, `hevc`, `av1`, `vp9`, `aac`, `opus`, `ac3`, …); if left out, what every browser plays
         */
        can?: string | null;
        /**
         * Start
         *
         * where to begin, in seconds
         */
        start?: number;
    };
    url: '/api/v1/items/{item_id}/stream';
};

export type GetApiV1ItemsByItemIdStreamErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file cannot be turned into what the client plays (406).
     */
    406: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Not possible at the moment (503).
     */
    503: ErrorBody;
};

export type GetApiV1ItemsByItemIdStreamError = GetApiV1ItemsByItemIdStreamErrors[keyof GetApiV1ItemsByItemIdStreamErrors];

export type GetApiV1ItemsByItemIdStreamResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1ItemsByItemIdSubtitlesByFileIdData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
        /**
         * File Id
         */
        file_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/subtitles/{file_id}';
};

export type GetApiV1ItemsByItemIdSubtitlesByFileIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdSubtitlesByFileIdError = GetApiV1ItemsByItemIdSubtitlesByFileIdErrors[keyof GetApiV1ItemsByItemIdSubtitlesByFileIdErrors];

export type GetApiV1ItemsByItemIdSubtitlesByFileIdResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1ItemsByItemIdWaveformData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: {
        /**
         * File
         *
         * id of one of the item's files; the main file if left out
         */
        file?: number | null;
    };
    url: '/api/v1/items/{item_id}/waveform';
};

export type GetApiV1ItemsByItemIdWaveformErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdWaveformError = GetApiV1ItemsByItemIdWaveformErrors[keyof GetApiV1ItemsByItemIdWaveformErrors];

export type GetApiV1ItemsByItemIdWaveformResponses = {
    /**
     * Successful Response
     */
    200: Waveform;
    /**
     * It is being made
     */
    202: BeingMade;
};

export type GetApiV1ItemsByItemIdWaveformResponse = GetApiV1ItemsByItemIdWaveformResponses[keyof GetApiV1ItemsByItemIdWaveformResponses];

export type GetApiV1CollectionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/collections';
};

export type GetApiV1CollectionsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1CollectionsError = GetApiV1CollectionsErrors[keyof GetApiV1CollectionsErrors];

export type GetApiV1CollectionsResponses = {
    /**
     * Successful Response
     */
    200: CollectionList;
};

export type GetApiV1CollectionsResponse = GetApiV1CollectionsResponses[keyof GetApiV1CollectionsResponses];

export type PostApiV1CollectionsData = {
    body: CollectionIn;
    path?: never;
    query?: never;
    url: '/api/v1/collections';
};

export type PostApiV1CollectionsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1CollectionsError = PostApiV1CollectionsErrors[keyof PostApiV1CollectionsErrors];

export type PostApiV1CollectionsResponses = {
    /**
     * Successful Response
     */
    200: CollectionOut;
};

export type PostApiV1CollectionsResponse = PostApiV1CollectionsResponses[keyof PostApiV1CollectionsResponses];

export type DeleteApiV1CollectionsByCollectionIdData = {
    body?: never;
    path: {
        /**
         * Collection Id
         */
        collection_id: number;
    };
    query?: never;
    url: '/api/v1/collections/{collection_id}';
};

export type DeleteApiV1CollectionsByCollectionIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1CollectionsByCollectionIdError = DeleteApiV1CollectionsByCollectionIdErrors[keyof DeleteApiV1CollectionsByCollectionIdErrors];

export type DeleteApiV1CollectionsByCollectionIdResponses = {
    /**
     * Successful Response
     */
    200: CollectionOut;
};

export type DeleteApiV1CollectionsByCollectionIdResponse = DeleteApiV1CollectionsByCollectionIdResponses[keyof DeleteApiV1CollectionsByCollectionIdResponses];

export type GetApiV1CollectionsByCollectionIdData = {
    body?: never;
    path: {
        /**
         * Collection Id
         */
        collection_id: number;
    };
    query?: never;
    url: '/api/v1/collections/{collection_id}';
};

export type GetApiV1CollectionsByCollectionIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1CollectionsByCollectionIdError = GetApiV1CollectionsByCollectionIdErrors[keyof GetApiV1CollectionsByCollectionIdErrors];

export type GetApiV1CollectionsByCollectionIdResponses = {
    /**
     * Successful Response
     */
    200: CollectionOut;
};

export type GetApiV1CollectionsByCollectionIdResponse = GetApiV1CollectionsByCollectionIdResponses[keyof GetApiV1CollectionsByCollectionIdResponses];

export type PutApiV1CollectionsByCollectionIdData = {
    body: CollectionUpdate;
    path: {
        /**
         * Collection Id
         */
        collection_id: number;
    };
    query?: never;
    url: '/api/v1/collections/{collection_id}';
};

export type PutApiV1CollectionsByCollectionIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1CollectionsByCollectionIdError = PutApiV1CollectionsByCollectionIdErrors[keyof PutApiV1CollectionsByCollectionIdErrors];

export type PutApiV1CollectionsByCollectionIdResponses = {
    /**
     * Successful Response
     */
    200: CollectionOut;
};

export type PutApiV1CollectionsByCollectionIdResponse = PutApiV1CollectionsByCollectionIdResponses[keyof PutApiV1CollectionsByCollectionIdResponses];

export type GetApiV1CollectionsByCollectionIdItemsData = {
    body?: never;
    path: {
        /**
         * Collection Id
         */
        collection_id: number;
    };
    query?: {
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/collections/{collection_id}/items';
};

export type GetApiV1CollectionsByCollectionIdItemsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1CollectionsByCollectionIdItemsError = GetApiV1CollectionsByCollectionIdItemsErrors[keyof GetApiV1CollectionsByCollectionIdItemsErrors];

export type GetApiV1CollectionsByCollectionIdItemsResponses = {
    /**
     * Successful Response
     */
    200: ItemPage;
};

export type GetApiV1CollectionsByCollectionIdItemsResponse = GetApiV1CollectionsByCollectionIdItemsResponses[keyof GetApiV1CollectionsByCollectionIdItemsResponses];

export type PostApiV1CollectionsByCollectionIdItemsData = {
    body: ItemIds;
    path: {
        /**
         * Collection Id
         */
        collection_id: number;
    };
    query?: never;
    url: '/api/v1/collections/{collection_id}/items';
};

export type PostApiV1CollectionsByCollectionIdItemsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1CollectionsByCollectionIdItemsError = PostApiV1CollectionsByCollectionIdItemsErrors[keyof PostApiV1CollectionsByCollectionIdItemsErrors];

export type PostApiV1CollectionsByCollectionIdItemsResponses = {
    /**
     * Successful Response
     */
    200: Added;
};

export type PostApiV1CollectionsByCollectionIdItemsResponse = PostApiV1CollectionsByCollectionIdItemsResponses[keyof PostApiV1CollectionsByCollectionIdItemsResponses];

export type DeleteApiV1CollectionsByCollectionIdItemsByItemIdData = {
    body?: never;
    path: {
        /**
         * Collection Id
         */
        collection_id: number;
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/collections/{collection_id}/items/{item_id}';
};

export type DeleteApiV1CollectionsByCollectionIdItemsByItemIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1CollectionsByCollectionIdItemsByItemIdError = DeleteApiV1CollectionsByCollectionIdItemsByItemIdErrors[keyof DeleteApiV1CollectionsByCollectionIdItemsByItemIdErrors];

export type DeleteApiV1CollectionsByCollectionIdItemsByItemIdResponses = {
    /**
     * Successful Response
     */
    200: CollectionOut;
};

export type DeleteApiV1CollectionsByCollectionIdItemsByItemIdResponse = DeleteApiV1CollectionsByCollectionIdItemsByItemIdResponses[keyof DeleteApiV1CollectionsByCollectionIdItemsByItemIdResponses];

export type PutApiV1CollectionsByCollectionIdItemsByItemIdData = {
    body: Place;
    path: {
        /**
         * Collection Id
         */
        collection_id: number;
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/collections/{collection_id}/items/{item_id}';
};

export type PutApiV1CollectionsByCollectionIdItemsByItemIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1CollectionsByCollectionIdItemsByItemIdError = PutApiV1CollectionsByCollectionIdItemsByItemIdErrors[keyof PutApiV1CollectionsByCollectionIdItemsByItemIdErrors];

export type PutApiV1CollectionsByCollectionIdItemsByItemIdResponses = {
    /**
     * Successful Response
     */
    200: CollectionOut;
};

export type PutApiV1CollectionsByCollectionIdItemsByItemIdResponse = PutApiV1CollectionsByCollectionIdItemsByItemIdResponses[keyof PutApiV1CollectionsByCollectionIdItemsByItemIdResponses];

export type PostApiV1ItemsBulkData = {
    body: Bulk;
    path?: never;
    query?: never;
    url: '/api/v1/items/bulk';
};

export type PostApiV1ItemsBulkErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ItemsBulkError = PostApiV1ItemsBulkErrors[keyof PostApiV1ItemsBulkErrors];

export type PostApiV1ItemsBulkResponses = {
    /**
     * Successful Response
     */
    200: BulkDone;
};

export type PostApiV1ItemsBulkResponse = PostApiV1ItemsBulkResponses[keyof PostApiV1ItemsBulkResponses];

export type DeleteApiV1TrashData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Everybody
         *
         * of a superuser: what others have deleted, too
         */
        everybody?: boolean;
    };
    url: '/api/v1/trash';
};

export type DeleteApiV1TrashErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1TrashError = DeleteApiV1TrashErrors[keyof DeleteApiV1TrashErrors];

export type DeleteApiV1TrashResponses = {
    /**
     * Successful Response
     */
    200: Emptied;
};

export type DeleteApiV1TrashResponse = DeleteApiV1TrashResponses[keyof DeleteApiV1TrashResponses];

export type GetApiV1TrashData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/trash';
};

export type GetApiV1TrashErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TrashError = GetApiV1TrashErrors[keyof GetApiV1TrashErrors];

export type GetApiV1TrashResponses = {
    /**
     * Successful Response
     */
    200: TrashPage;
};

export type GetApiV1TrashResponse = GetApiV1TrashResponses[keyof GetApiV1TrashResponses];

export type PostApiV1ItemsByItemIdRestoreData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/restore';
};

export type PostApiV1ItemsByItemIdRestoreErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ItemsByItemIdRestoreError = PostApiV1ItemsByItemIdRestoreErrors[keyof PostApiV1ItemsByItemIdRestoreErrors];

export type PostApiV1ItemsByItemIdRestoreResponses = {
    /**
     * Successful Response
     */
    200: ItemOut;
};

export type PostApiV1ItemsByItemIdRestoreResponse = PostApiV1ItemsByItemIdRestoreResponses[keyof PostApiV1ItemsByItemIdRestoreResponses];

export type GetApiV1LibraryScansData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/library/scans';
};

export type GetApiV1LibraryScansErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1LibraryScansError = GetApiV1LibraryScansErrors[keyof GetApiV1LibraryScansErrors];

export type GetApiV1LibraryScansResponses = {
    /**
     * Successful Response
     */
    200: ScanPage;
};

export type GetApiV1LibraryScansResponse = GetApiV1LibraryScansResponses[keyof GetApiV1LibraryScansResponses];

export type PostApiV1LibraryScansData = {
    body: ScanWanted;
    path?: never;
    query?: never;
    url: '/api/v1/library/scans';
};

export type PostApiV1LibraryScansErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LibraryScansError = PostApiV1LibraryScansErrors[keyof PostApiV1LibraryScansErrors];

export type PostApiV1LibraryScansResponses = {
    /**
     * Successful Response
     */
    200: ScanOut;
};

export type PostApiV1LibraryScansResponse = PostApiV1LibraryScansResponses[keyof PostApiV1LibraryScansResponses];

export type GetApiV1LibraryScansByScanIdData = {
    body?: never;
    path: {
        /**
         * Scan Id
         */
        scan_id: number;
    };
    query?: never;
    url: '/api/v1/library/scans/{scan_id}';
};

export type GetApiV1LibraryScansByScanIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1LibraryScansByScanIdError = GetApiV1LibraryScansByScanIdErrors[keyof GetApiV1LibraryScansByScanIdErrors];

export type GetApiV1LibraryScansByScanIdResponses = {
    /**
     * Successful Response
     */
    200: ScanOut;
};

export type GetApiV1LibraryScansByScanIdResponse = GetApiV1LibraryScansByScanIdResponses[keyof GetApiV1LibraryScansByScanIdResponses];

export type PostApiV1LibraryScansByScanIdCancelData = {
    body?: never;
    path: {
        /**
         * Scan Id
         */
        scan_id: number;
    };
    query?: never;
    url: '/api/v1/library/scans/{scan_id}/cancel';
};

export type PostApiV1LibraryScansByScanIdCancelErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LibraryScansByScanIdCancelError = PostApiV1LibraryScansByScanIdCancelErrors[keyof PostApiV1LibraryScansByScanIdCancelErrors];

export type PostApiV1LibraryScansByScanIdCancelResponses = {
    /**
     * Successful Response
     */
    200: ScanOut;
};

export type PostApiV1LibraryScansByScanIdCancelResponse = PostApiV1LibraryScansByScanIdCancelResponses[keyof PostApiV1LibraryScansByScanIdCancelResponses];

export type GetApiV1LibraryStorageData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/library/storage';
};

export type GetApiV1LibraryStorageErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1LibraryStorageError = GetApiV1LibraryStorageErrors[keyof GetApiV1LibraryStorageErrors];

export type GetApiV1LibraryStorageResponses = {
    /**
     * Successful Response
     */
    200: Storage;
};

export type GetApiV1LibraryStorageResponse = GetApiV1LibraryStorageResponses[keyof GetApiV1LibraryStorageResponses];

export type GetApiV1LibraryTwinsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/library/twins';
};

export type GetApiV1LibraryTwinsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1LibraryTwinsError = GetApiV1LibraryTwinsErrors[keyof GetApiV1LibraryTwinsErrors];

export type GetApiV1LibraryTwinsResponses = {
    /**
     * Successful Response
     */
    200: TwinPage;
};

export type GetApiV1LibraryTwinsResponse = GetApiV1LibraryTwinsResponses[keyof GetApiV1LibraryTwinsResponses];

export type PostApiV1LibraryTwinsDismissData = {
    body: Dismissal;
    path?: never;
    query?: never;
    url: '/api/v1/library/twins/dismiss';
};

export type PostApiV1LibraryTwinsDismissErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LibraryTwinsDismissError = PostApiV1LibraryTwinsDismissErrors[keyof PostApiV1LibraryTwinsDismissErrors];

export type PostApiV1LibraryTwinsDismissResponses = {
    /**
     * Successful Response
     */
    204: void;
};

export type PostApiV1LibraryTwinsDismissResponse = PostApiV1LibraryTwinsDismissResponses[keyof PostApiV1LibraryTwinsDismissResponses];

export type PostApiV1ItemsByItemIdMergeData = {
    body: Merge;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/merge';
};

export type PostApiV1ItemsByItemIdMergeErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ItemsByItemIdMergeError = PostApiV1ItemsByItemIdMergeErrors[keyof PostApiV1ItemsByItemIdMergeErrors];

export type PostApiV1ItemsByItemIdMergeResponses = {
    /**
     * Successful Response
     */
    200: ItemOut;
};

export type PostApiV1ItemsByItemIdMergeResponse = PostApiV1ItemsByItemIdMergeResponses[keyof PostApiV1ItemsByItemIdMergeResponses];

export type GetApiV1ItemsByItemIdAliasesData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/aliases';
};

export type GetApiV1ItemsByItemIdAliasesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdAliasesError = GetApiV1ItemsByItemIdAliasesErrors[keyof GetApiV1ItemsByItemIdAliasesErrors];

export type GetApiV1ItemsByItemIdAliasesResponses = {
    /**
     * Response List Aliases
     *
     * Successful Response
     */
    200: Array<AliasOut>;
};

export type GetApiV1ItemsByItemIdAliasesResponse = GetApiV1ItemsByItemIdAliasesResponses[keyof GetApiV1ItemsByItemIdAliasesResponses];

export type DeleteApiV1ItemsByItemIdAliasesByAliasIdData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
        /**
         * Alias Id
         */
        alias_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/aliases/{alias_id}';
};

export type DeleteApiV1ItemsByItemIdAliasesByAliasIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1ItemsByItemIdAliasesByAliasIdError = DeleteApiV1ItemsByItemIdAliasesByAliasIdErrors[keyof DeleteApiV1ItemsByItemIdAliasesByAliasIdErrors];

export type DeleteApiV1ItemsByItemIdAliasesByAliasIdResponses = {
    /**
     * Successful Response
     */
    200: Unmerged;
};

export type DeleteApiV1ItemsByItemIdAliasesByAliasIdResponse = DeleteApiV1ItemsByItemIdAliasesByAliasIdResponses[keyof DeleteApiV1ItemsByItemIdAliasesByAliasIdResponses];

export type GetApiV1FeedsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Token Id
         *
         * whose addresses; your oldest token if left out
         */
        token_id?: number | null;
    };
    url: '/api/v1/feeds';
};

export type GetApiV1FeedsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1FeedsError = GetApiV1FeedsErrors[keyof GetApiV1FeedsErrors];

export type GetApiV1FeedsResponses = {
    /**
     * Successful Response
     */
    200: FeedList;
};

export type GetApiV1FeedsResponse = GetApiV1FeedsResponses[keyof GetApiV1FeedsResponses];

export type GetApiV1FeedsTokensData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/feeds/tokens';
};

export type GetApiV1FeedsTokensErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type GetApiV1FeedsTokensError = GetApiV1FeedsTokensErrors[keyof GetApiV1FeedsTokensErrors];

export type GetApiV1FeedsTokensResponses = {
    /**
     * Response List Feed Tokens
     *
     * Successful Response
     */
    200: Array<FeedTokenOut>;
};

export type GetApiV1FeedsTokensResponse = GetApiV1FeedsTokensResponses[keyof GetApiV1FeedsTokensResponses];

export type PostApiV1FeedsTokensData = {
    body: NewFeedToken;
    path?: never;
    query?: never;
    url: '/api/v1/feeds/tokens';
};

export type PostApiV1FeedsTokensErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1FeedsTokensError = PostApiV1FeedsTokensErrors[keyof PostApiV1FeedsTokensErrors];

export type PostApiV1FeedsTokensResponses = {
    /**
     * Successful Response
     */
    200: FeedTokenOut;
};

export type PostApiV1FeedsTokensResponse = PostApiV1FeedsTokensResponses[keyof PostApiV1FeedsTokensResponses];

export type DeleteApiV1FeedsTokensByTokenIdData = {
    body?: never;
    path: {
        /**
         * Token Id
         */
        token_id: number;
    };
    query?: never;
    url: '/api/v1/feeds/tokens/{token_id}';
};

export type DeleteApiV1FeedsTokensByTokenIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1FeedsTokensByTokenIdError = DeleteApiV1FeedsTokensByTokenIdErrors[keyof DeleteApiV1FeedsTokensByTokenIdErrors];

export type DeleteApiV1FeedsTokensByTokenIdResponses = {
    /**
     * Successful Response
     */
    200: MagpieAccountsSchemasMessage;
};

export type DeleteApiV1FeedsTokensByTokenIdResponse = DeleteApiV1FeedsTokensByTokenIdResponses[keyof DeleteApiV1FeedsTokensByTokenIdResponses];

export type GetFeedsByTokenLibraryXmlData = {
    body?: never;
    path: {
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: {
        /**
         * Limit
         *
         * how many entries at most
         */
        limit?: number;
        /**
         * Start
         *
         * where the page before has ended: see its `next`
         */
        start?: number | null;
    };
    url: '/feeds/{token}/library.xml';
};

export type GetFeedsByTokenLibraryXmlErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenLibraryXmlError = GetFeedsByTokenLibraryXmlErrors[keyof GetFeedsByTokenLibraryXmlErrors];

export type GetFeedsByTokenLibraryXmlResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetFeedsByTokenLinksByLinkIdXmlData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: {
        /**
         * Limit
         *
         * how many entries at most
         */
        limit?: number;
        /**
         * Start
         *
         * where the page before has ended: see its `next`
         */
        start?: number | null;
    };
    url: '/feeds/{token}/links/{link_id}.xml';
};

export type GetFeedsByTokenLinksByLinkIdXmlErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenLinksByLinkIdXmlError = GetFeedsByTokenLinksByLinkIdXmlErrors[keyof GetFeedsByTokenLinksByLinkIdXmlErrors];

export type GetFeedsByTokenLinksByLinkIdXmlResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetFeedsByTokenCollectionsByCollectionIdXmlData = {
    body?: never;
    path: {
        /**
         * Collection Id
         */
        collection_id: number;
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: {
        /**
         * Limit
         *
         * how many entries at most
         */
        limit?: number;
        /**
         * Start
         *
         * where the page before has ended: see its `next`
         */
        start?: number | null;
    };
    url: '/feeds/{token}/collections/{collection_id}.xml';
};

export type GetFeedsByTokenCollectionsByCollectionIdXmlErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenCollectionsByCollectionIdXmlError = GetFeedsByTokenCollectionsByCollectionIdXmlErrors[keyof GetFeedsByTokenCollectionsByCollectionIdXmlErrors];

export type GetFeedsByTokenCollectionsByCollectionIdXmlResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetFeedsByTokenSearchXmlData = {
    body?: never;
    path: {
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: {
        /**
         * Q
         *
         * words that title, artist, album, description or your tags hold
         */
        q?: string | null;
        /**
         * Kind
         */
        kind?: 'video' | 'audio' | 'gallery' | 'image' | 'file' | null;
        /**
         * Link Id
         *
         * what this followed link has brought
         */
        link_id?: number | null;
        /**
         * Collection Id
         *
         * what is in this collection of yours
         */
        collection_id?: number | null;
        /**
         * Tag
         *
         * what you have given this tag
         */
        tag?: string | null;
        /**
         * Site
         */
        site?: string | null;
        /**
         * Artist
         */
        artist?: string | null;
        /**
         * Album
         */
        album?: string | null;
        /**
         * Genre
         */
        genre?: string | null;
        /**
         * Is Favourite
         */
        is_favourite?: boolean | null;
        /**
         * Is Finished
         *
         * whether you have played it to its end
         */
        is_finished?: boolean | null;
        /**
         * Language
         *
         * of one of its files, as in `files`
         */
        language?: string | null;
        /**
         * Min Duration
         *
         * seconds
         */
        min_duration?: number | null;
        /**
         * Max Duration
         *
         * seconds
         */
        max_duration?: number | null;
        /**
         * Published After
         *
         * at or after this moment
         */
        published_after?: string | null;
        /**
         * Published Before
         *
         * before this moment
         */
        published_before?: string | null;
        /**
         * In Trash
         *
         * what is in the trash, instead of what is not
         */
        in_trash?: boolean;
        /**
         * Limit
         *
         * how many entries at most
         */
        limit?: number;
        /**
         * Start
         *
         * where the page before has ended: see its `next`
         */
        start?: number | null;
    };
    url: '/feeds/{token}/search.xml';
};

export type GetFeedsByTokenSearchXmlErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenSearchXmlError = GetFeedsByTokenSearchXmlErrors[keyof GetFeedsByTokenSearchXmlErrors];

export type GetFeedsByTokenSearchXmlResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetFeedsByTokenOpmlXmlData = {
    body?: never;
    path: {
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: never;
    url: '/feeds/{token}/opml.xml';
};

export type GetFeedsByTokenOpmlXmlErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenOpmlXmlError = GetFeedsByTokenOpmlXmlErrors[keyof GetFeedsByTokenOpmlXmlErrors];

export type GetFeedsByTokenOpmlXmlResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetFeedsByTokenLinksByLinkIdPictureData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: never;
    url: '/feeds/{token}/links/{link_id}/picture';
};

export type GetFeedsByTokenLinksByLinkIdPictureErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenLinksByLinkIdPictureError = GetFeedsByTokenLinksByLinkIdPictureErrors[keyof GetFeedsByTokenLinksByLinkIdPictureErrors];

export type GetFeedsByTokenLinksByLinkIdPictureResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetFeedsByTokenFilesByItemIdByNameData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
        /**
         * Name
         */
        name: string;
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: never;
    url: '/feeds/{token}/files/{item_id}/{name}';
};

export type GetFeedsByTokenFilesByItemIdByNameErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenFilesByItemIdByNameError = GetFeedsByTokenFilesByItemIdByNameErrors[keyof GetFeedsByTokenFilesByItemIdByNameErrors];

export type GetFeedsByTokenFilesByItemIdByNameResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1LibraryStorageLinksData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/library/storage/links';
};

export type GetApiV1LibraryStorageLinksErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1LibraryStorageLinksError = GetApiV1LibraryStorageLinksErrors[keyof GetApiV1LibraryStorageLinksErrors];

export type GetApiV1LibraryStorageLinksResponses = {
    /**
     * Response Get Storage Of Links
     *
     * Successful Response
     */
    200: Array<Share>;
};

export type GetApiV1LibraryStorageLinksResponse = GetApiV1LibraryStorageLinksResponses[keyof GetApiV1LibraryStorageLinksResponses];

export type GetApiV1LinksData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Q
         *
         * words in name, address or tags
         */
        q?: string | null;
        /**
         * Tag
         */
        tag?: string | null;
        /**
         * Type
         */
        type?: 'auto' | 'youtube_channel' | 'playlist' | 'pixiv_user' | 'generic_video' | 'generic_audio' | 'generic_gallery' | 'live' | 'feed' | null;
        /**
         * Status
         */
        status?: 'idle' | 'checking' | 'downloading' | 'recording' | 'error' | 'cooling_down' | null;
        /**
         * Is Enabled
         */
        is_enabled?: boolean | null;
        /**
         * Site
         */
        site?: string | null;
        /**
         * Sort
         */
        sort?: 'newest' | 'oldest' | 'name';
        /**
         * Skip
         */
        skip?: number;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/links';
};

export type GetApiV1LinksErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1LinksError = GetApiV1LinksErrors[keyof GetApiV1LinksErrors];

export type GetApiV1LinksResponses = {
    /**
     * Response List Links
     *
     * Successful Response
     */
    200: Array<LinkOut>;
};

export type GetApiV1LinksResponse = GetApiV1LinksResponses[keyof GetApiV1LinksResponses];

export type PostApiV1LinksData = {
    body: LinkCreate;
    path?: never;
    query?: never;
    url: '/api/v1/links';
};

export type PostApiV1LinksErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksError = PostApiV1LinksErrors[keyof PostApiV1LinksErrors];

export type PostApiV1LinksResponses = {
    /**
     * Successful Response
     */
    200: LinkOut;
};

export type PostApiV1LinksResponse = PostApiV1LinksResponses[keyof PostApiV1LinksResponses];

export type PostApiV1LinksBulkData = {
    body: LinksCreate;
    path?: never;
    query?: never;
    url: '/api/v1/links/bulk';
};

export type PostApiV1LinksBulkErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksBulkError = PostApiV1LinksBulkErrors[keyof PostApiV1LinksBulkErrors];

export type PostApiV1LinksBulkResponses = {
    /**
     * Successful Response
     */
    200: BulkAnswer;
};

export type PostApiV1LinksBulkResponse = PostApiV1LinksBulkResponses[keyof PostApiV1LinksBulkResponses];

export type DeleteApiV1LinksByLinkIdData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: {
        /**
         * Items
         *
         * `delete`: what no other link brought goes from the library, unless it is pinned
         */
        items?: 'keep' | 'delete';
    };
    url: '/api/v1/links/{link_id}';
};

export type DeleteApiV1LinksByLinkIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1LinksByLinkIdError = DeleteApiV1LinksByLinkIdErrors[keyof DeleteApiV1LinksByLinkIdErrors];

export type DeleteApiV1LinksByLinkIdResponses = {
    /**
     * Successful Response
     */
    200: DeletedLink;
};

export type DeleteApiV1LinksByLinkIdResponse = DeleteApiV1LinksByLinkIdResponses[keyof DeleteApiV1LinksByLinkIdResponses];

export type GetApiV1LinksByLinkIdData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}';
};

export type GetApiV1LinksByLinkIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1LinksByLinkIdError = GetApiV1LinksByLinkIdErrors[keyof GetApiV1LinksByLinkIdErrors];

export type GetApiV1LinksByLinkIdResponses = {
    /**
     * Successful Response
     */
    200: LinkOut;
};

export type GetApiV1LinksByLinkIdResponse = GetApiV1LinksByLinkIdResponses[keyof GetApiV1LinksByLinkIdResponses];

export type PutApiV1LinksByLinkIdData = {
    body: LinkUpdate;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}';
};

export type PutApiV1LinksByLinkIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1LinksByLinkIdError = PutApiV1LinksByLinkIdErrors[keyof PutApiV1LinksByLinkIdErrors];

export type PutApiV1LinksByLinkIdResponses = {
    /**
     * Successful Response
     */
    200: LinkOut;
};

export type PutApiV1LinksByLinkIdResponse = PutApiV1LinksByLinkIdResponses[keyof PutApiV1LinksByLinkIdResponses];

export type PostApiV1LinksByLinkIdCheckData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}/check';
};

export type PostApiV1LinksByLinkIdCheckErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksByLinkIdCheckError = PostApiV1LinksByLinkIdCheckErrors[keyof PostApiV1LinksByLinkIdCheckErrors];

export type PostApiV1LinksByLinkIdCheckResponses = {
    /**
     * Successful Response
     */
    200: MagpieLinksSchemasMessage;
};

export type PostApiV1LinksByLinkIdCheckResponse = PostApiV1LinksByLinkIdCheckResponses[keyof PostApiV1LinksByLinkIdCheckResponses];

export type PostApiV1LinksByLinkIdTriggerDownloadData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}/trigger-download';
};

export type PostApiV1LinksByLinkIdTriggerDownloadErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksByLinkIdTriggerDownloadError = PostApiV1LinksByLinkIdTriggerDownloadErrors[keyof PostApiV1LinksByLinkIdTriggerDownloadErrors];

export type PostApiV1LinksByLinkIdTriggerDownloadResponses = {
    /**
     * Successful Response
     */
    200: MagpieLinksSchemasMessage;
};

export type PostApiV1LinksByLinkIdTriggerDownloadResponse = PostApiV1LinksByLinkIdTriggerDownloadResponses[keyof PostApiV1LinksByLinkIdTriggerDownloadResponses];

export type GetApiV1LinksByLinkIdPictureData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}/picture';
};

export type GetApiV1LinksByLinkIdPictureErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1LinksByLinkIdPictureError = GetApiV1LinksByLinkIdPictureErrors[keyof GetApiV1LinksByLinkIdPictureErrors];

export type GetApiV1LinksByLinkIdPictureResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1ProfilesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/profiles';
};

export type GetApiV1ProfilesErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1ProfilesError = GetApiV1ProfilesErrors[keyof GetApiV1ProfilesErrors];

export type GetApiV1ProfilesResponses = {
    /**
     * Response List Profiles
     *
     * Successful Response
     */
    200: Array<ProfileOut>;
};

export type GetApiV1ProfilesResponse = GetApiV1ProfilesResponses[keyof GetApiV1ProfilesResponses];

export type PostApiV1ProfilesData = {
    body: ProfileCreate;
    path?: never;
    query?: never;
    url: '/api/v1/profiles';
};

export type PostApiV1ProfilesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ProfilesError = PostApiV1ProfilesErrors[keyof PostApiV1ProfilesErrors];

export type PostApiV1ProfilesResponses = {
    /**
     * Successful Response
     */
    200: ProfileOut;
};

export type PostApiV1ProfilesResponse = PostApiV1ProfilesResponses[keyof PostApiV1ProfilesResponses];

export type PostApiV1ProfilesPreviewData = {
    body: PreviewRequest;
    path?: never;
    query?: never;
    url: '/api/v1/profiles/preview';
};

export type PostApiV1ProfilesPreviewErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ProfilesPreviewError = PostApiV1ProfilesPreviewErrors[keyof PostApiV1ProfilesPreviewErrors];

export type PostApiV1ProfilesPreviewResponses = {
    /**
     * Successful Response
     */
    200: Preview;
};

export type PostApiV1ProfilesPreviewResponse = PostApiV1ProfilesPreviewResponses[keyof PostApiV1ProfilesPreviewResponses];

export type DeleteApiV1ProfilesByProfileIdData = {
    body?: never;
    path: {
        /**
         * Profile Id
         */
        profile_id: number;
    };
    query?: never;
    url: '/api/v1/profiles/{profile_id}';
};

export type DeleteApiV1ProfilesByProfileIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1ProfilesByProfileIdError = DeleteApiV1ProfilesByProfileIdErrors[keyof DeleteApiV1ProfilesByProfileIdErrors];

export type DeleteApiV1ProfilesByProfileIdResponses = {
    /**
     * Successful Response
     */
    200: ProfileOut;
};

export type DeleteApiV1ProfilesByProfileIdResponse = DeleteApiV1ProfilesByProfileIdResponses[keyof DeleteApiV1ProfilesByProfileIdResponses];

export type GetApiV1ProfilesByProfileIdData = {
    body?: never;
    path: {
        /**
         * Profile Id
         */
        profile_id: number;
    };
    query?: never;
    url: '/api/v1/profiles/{profile_id}';
};

export type GetApiV1ProfilesByProfileIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ProfilesByProfileIdError = GetApiV1ProfilesByProfileIdErrors[keyof GetApiV1ProfilesByProfileIdErrors];

export type GetApiV1ProfilesByProfileIdResponses = {
    /**
     * Successful Response
     */
    200: ProfileOut;
};

export type GetApiV1ProfilesByProfileIdResponse = GetApiV1ProfilesByProfileIdResponses[keyof GetApiV1ProfilesByProfileIdResponses];

export type PutApiV1ProfilesByProfileIdData = {
    body: ProfileUpdate;
    path: {
        /**
         * Profile Id
         */
        profile_id: number;
    };
    query?: never;
    url: '/api/v1/profiles/{profile_id}';
};

export type PutApiV1ProfilesByProfileIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1ProfilesByProfileIdError = PutApiV1ProfilesByProfileIdErrors[keyof PutApiV1ProfilesByProfileIdErrors];

export type PutApiV1ProfilesByProfileIdResponses = {
    /**
     * Successful Response
     */
    200: ProfileOut;
};

export type PutApiV1ProfilesByProfileIdResponse = PutApiV1ProfilesByProfileIdResponses[keyof PutApiV1ProfilesByProfileIdResponses];

export type GetApiV1SitesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/sites';
};

export type GetApiV1SitesErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1SitesError = GetApiV1SitesErrors[keyof GetApiV1SitesErrors];

export type GetApiV1SitesResponses = {
    /**
     * Response List Sites
     *
     * Successful Response
     */
    200: Array<SiteOut>;
};

export type GetApiV1SitesResponse = GetApiV1SitesResponses[keyof GetApiV1SitesResponses];

export type DeleteApiV1SitesBySiteCookiesData = {
    body?: never;
    path: {
        /**
         * Site
         *
         * its name, or a host
         */
        site: string;
    };
    query?: never;
    url: '/api/v1/sites/{site}/cookies';
};

export type DeleteApiV1SitesBySiteCookiesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1SitesBySiteCookiesError = DeleteApiV1SitesBySiteCookiesErrors[keyof DeleteApiV1SitesBySiteCookiesErrors];

export type DeleteApiV1SitesBySiteCookiesResponses = {
    /**
     * Successful Response
     */
    200: CookiesOut;
};

export type DeleteApiV1SitesBySiteCookiesResponse = DeleteApiV1SitesBySiteCookiesResponses[keyof DeleteApiV1SitesBySiteCookiesResponses];

export type GetApiV1SitesBySiteCookiesData = {
    body?: never;
    path: {
        /**
         * Site
         *
         * its name, or a host
         */
        site: string;
    };
    query?: never;
    url: '/api/v1/sites/{site}/cookies';
};

export type GetApiV1SitesBySiteCookiesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1SitesBySiteCookiesError = GetApiV1SitesBySiteCookiesErrors[keyof GetApiV1SitesBySiteCookiesErrors];

export type GetApiV1SitesBySiteCookiesResponses = {
    /**
     * Successful Response
     */
    200: CookiesOut;
};

export type GetApiV1SitesBySiteCookiesResponse = GetApiV1SitesBySiteCookiesResponses[keyof GetApiV1SitesBySiteCookiesResponses];

export type PutApiV1SitesBySiteCookiesData = {
    body: CookiesInWritable;
    path: {
        /**
         * Site
         *
         * its name, or a host
         */
        site: string;
    };
    query?: never;
    url: '/api/v1/sites/{site}/cookies';
};

export type PutApiV1SitesBySiteCookiesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1SitesBySiteCookiesError = PutApiV1SitesBySiteCookiesErrors[keyof PutApiV1SitesBySiteCookiesErrors];

export type PutApiV1SitesBySiteCookiesResponses = {
    /**
     * Successful Response
     */
    200: CookiesOut;
};

export type PutApiV1SitesBySiteCookiesResponse = PutApiV1SitesBySiteCookiesResponses[keyof PutApiV1SitesBySiteCookiesResponses];

export type PostApiV1SitesBySiteResetData = {
    body?: never;
    path: {
        /**
         * Site
         *
         * its name, or a host
         */
        site: string;
    };
    query?: never;
    url: '/api/v1/sites/{site}/reset';
};

export type PostApiV1SitesBySiteResetErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1SitesBySiteResetError = PostApiV1SitesBySiteResetErrors[keyof PostApiV1SitesBySiteResetErrors];

export type PostApiV1SitesBySiteResetResponses = {
    /**
     * Successful Response
     */
    200: SiteOut;
};

export type PostApiV1SitesBySiteResetResponse = PostApiV1SitesBySiteResetResponses[keyof PostApiV1SitesBySiteResetResponses];

export type PostApiV1LinksImportData = {
    body: BodyImportLinks;
    path?: never;
    query?: never;
    url: '/api/v1/links/import';
};

export type PostApiV1LinksImportErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksImportError = PostApiV1LinksImportErrors[keyof PostApiV1LinksImportErrors];

export type PostApiV1LinksImportResponses = {
    /**
     * Successful Response
     */
    200: ImportOut;
};

export type PostApiV1LinksImportResponse = PostApiV1LinksImportResponses[keyof PostApiV1LinksImportResponses];

export type GetApiV1LinksByLinkIdEntriesData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: {
        /**
         * Verdict
         */
        verdict?: 'listed' | 'waiting' | 'wanted' | 'downloaded' | 'skipped' | 'failed' | 'removed' | null;
        /**
         * Reason
         */
        reason?: string | null;
        /**
         * Q
         *
         * words in the title
         */
        q?: string | null;
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/links/{link_id}/entries';
};

export type GetApiV1LinksByLinkIdEntriesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1LinksByLinkIdEntriesError = GetApiV1LinksByLinkIdEntriesErrors[keyof GetApiV1LinksByLinkIdEntriesErrors];

export type GetApiV1LinksByLinkIdEntriesResponses = {
    /**
     * Successful Response
     */
    200: EntryPage;
};

export type GetApiV1LinksByLinkIdEntriesResponse = GetApiV1LinksByLinkIdEntriesResponses[keyof GetApiV1LinksByLinkIdEntriesResponses];

export type PostApiV1LinksByLinkIdEntriesByEntryIdDownloadData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
        /**
         * Entry Id
         */
        entry_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}/entries/{entry_id}/download';
};

export type PostApiV1LinksByLinkIdEntriesByEntryIdDownloadErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksByLinkIdEntriesByEntryIdDownloadError = PostApiV1LinksByLinkIdEntriesByEntryIdDownloadErrors[keyof PostApiV1LinksByLinkIdEntriesByEntryIdDownloadErrors];

export type PostApiV1LinksByLinkIdEntriesByEntryIdDownloadResponses = {
    /**
     * Successful Response
     */
    200: EntryOut;
};

export type PostApiV1LinksByLinkIdEntriesByEntryIdDownloadResponse = PostApiV1LinksByLinkIdEntriesByEntryIdDownloadResponses[keyof PostApiV1LinksByLinkIdEntriesByEntryIdDownloadResponses];

export type PostApiV1LinksByLinkIdEntriesByEntryIdSkipData = {
    body?: never;
    path: {
        /**
         * Link Id
         */
        link_id: number;
        /**
         * Entry Id
         */
        entry_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}/entries/{entry_id}/skip';
};

export type PostApiV1LinksByLinkIdEntriesByEntryIdSkipErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksByLinkIdEntriesByEntryIdSkipError = PostApiV1LinksByLinkIdEntriesByEntryIdSkipErrors[keyof PostApiV1LinksByLinkIdEntriesByEntryIdSkipErrors];

export type PostApiV1LinksByLinkIdEntriesByEntryIdSkipResponses = {
    /**
     * Successful Response
     */
    200: EntryOut;
};

export type PostApiV1LinksByLinkIdEntriesByEntryIdSkipResponse = PostApiV1LinksByLinkIdEntriesByEntryIdSkipResponses[keyof PostApiV1LinksByLinkIdEntriesByEntryIdSkipResponses];

export type PostApiV1LinksByLinkIdTryRulesData = {
    body: TryRules;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}/try-rules';
};

export type PostApiV1LinksByLinkIdTryRulesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksByLinkIdTryRulesError = PostApiV1LinksByLinkIdTryRulesErrors[keyof PostApiV1LinksByLinkIdTryRulesErrors];

export type PostApiV1LinksByLinkIdTryRulesResponses = {
    /**
     * Successful Response
     */
    200: Trial;
};

export type PostApiV1LinksByLinkIdTryRulesResponse = PostApiV1LinksByLinkIdTryRulesResponses[keyof PostApiV1LinksByLinkIdTryRulesResponses];

export type PostApiV1LinksByLinkIdTryRetentionData = {
    body: TryRetention;
    path: {
        /**
         * Link Id
         */
        link_id: number;
    };
    query?: never;
    url: '/api/v1/links/{link_id}/try-retention';
};

export type PostApiV1LinksByLinkIdTryRetentionErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1LinksByLinkIdTryRetentionError = PostApiV1LinksByLinkIdTryRetentionErrors[keyof PostApiV1LinksByLinkIdTryRetentionErrors];

export type PostApiV1LinksByLinkIdTryRetentionResponses = {
    /**
     * Successful Response
     */
    200: RetentionTrial;
};

export type PostApiV1LinksByLinkIdTryRetentionResponse = PostApiV1LinksByLinkIdTryRetentionResponses[keyof PostApiV1LinksByLinkIdTryRetentionResponses];

export type GetApiV1HistoryData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Link Id
         */
        link_id?: number | null;
        /**
         * Status
         */
        status?: 'success' | 'failure' | null;
        /**
         * Before
         *
         * only records with a smaller id: the same cost at any depth
         */
        before?: number | null;
        /**
         * Skip
         */
        skip?: number;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/history';
};

export type GetApiV1HistoryErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1HistoryError = GetApiV1HistoryErrors[keyof GetApiV1HistoryErrors];

export type GetApiV1HistoryResponses = {
    /**
     * Response List History
     *
     * Successful Response
     */
    200: Array<HistoryOut>;
};

export type GetApiV1HistoryResponse = GetApiV1HistoryResponses[keyof GetApiV1HistoryResponses];

export type GetApiV1HistoryByHistoryIdData = {
    body?: never;
    path: {
        /**
         * History Id
         */
        history_id: number;
    };
    query?: never;
    url: '/api/v1/history/{history_id}';
};

export type GetApiV1HistoryByHistoryIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1HistoryByHistoryIdError = GetApiV1HistoryByHistoryIdErrors[keyof GetApiV1HistoryByHistoryIdErrors];

export type GetApiV1HistoryByHistoryIdResponses = {
    /**
     * Successful Response
     */
    200: HistoryOut;
};

export type GetApiV1HistoryByHistoryIdResponse = GetApiV1HistoryByHistoryIdResponses[keyof GetApiV1HistoryByHistoryIdResponses];

export type GetApiV1NotificationsTargetsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/notifications/targets';
};

export type GetApiV1NotificationsTargetsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1NotificationsTargetsError = GetApiV1NotificationsTargetsErrors[keyof GetApiV1NotificationsTargetsErrors];

export type GetApiV1NotificationsTargetsResponses = {
    /**
     * Response List Notification Targets
     *
     * Successful Response
     */
    200: Array<TargetOut>;
};

export type GetApiV1NotificationsTargetsResponse = GetApiV1NotificationsTargetsResponses[keyof GetApiV1NotificationsTargetsResponses];

export type PostApiV1NotificationsTargetsData = {
    body: TargetCreateWritable;
    path?: never;
    query?: never;
    url: '/api/v1/notifications/targets';
};

export type PostApiV1NotificationsTargetsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type PostApiV1NotificationsTargetsError = PostApiV1NotificationsTargetsErrors[keyof PostApiV1NotificationsTargetsErrors];

export type PostApiV1NotificationsTargetsResponses = {
    /**
     * Successful Response
     */
    200: TargetOut;
};

export type PostApiV1NotificationsTargetsResponse = PostApiV1NotificationsTargetsResponses[keyof PostApiV1NotificationsTargetsResponses];

export type DeleteApiV1NotificationsTargetsByTargetIdData = {
    body?: never;
    path: {
        /**
         * Target Id
         */
        target_id: number;
    };
    query?: never;
    url: '/api/v1/notifications/targets/{target_id}';
};

export type DeleteApiV1NotificationsTargetsByTargetIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1NotificationsTargetsByTargetIdError = DeleteApiV1NotificationsTargetsByTargetIdErrors[keyof DeleteApiV1NotificationsTargetsByTargetIdErrors];

export type DeleteApiV1NotificationsTargetsByTargetIdResponses = {
    /**
     * Successful Response
     */
    200: TargetOut;
};

export type DeleteApiV1NotificationsTargetsByTargetIdResponse = DeleteApiV1NotificationsTargetsByTargetIdResponses[keyof DeleteApiV1NotificationsTargetsByTargetIdResponses];

export type GetApiV1NotificationsTargetsByTargetIdData = {
    body?: never;
    path: {
        /**
         * Target Id
         */
        target_id: number;
    };
    query?: never;
    url: '/api/v1/notifications/targets/{target_id}';
};

export type GetApiV1NotificationsTargetsByTargetIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1NotificationsTargetsByTargetIdError = GetApiV1NotificationsTargetsByTargetIdErrors[keyof GetApiV1NotificationsTargetsByTargetIdErrors];

export type GetApiV1NotificationsTargetsByTargetIdResponses = {
    /**
     * Successful Response
     */
    200: TargetOut;
};

export type GetApiV1NotificationsTargetsByTargetIdResponse = GetApiV1NotificationsTargetsByTargetIdResponses[keyof GetApiV1NotificationsTargetsByTargetIdResponses];

export type PutApiV1NotificationsTargetsByTargetIdData = {
    body: TargetUpdateWritable;
    path: {
        /**
         * Target Id
         */
        target_id: number;
    };
    query?: never;
    url: '/api/v1/notifications/targets/{target_id}';
};

export type PutApiV1NotificationsTargetsByTargetIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type PutApiV1NotificationsTargetsByTargetIdError = PutApiV1NotificationsTargetsByTargetIdErrors[keyof PutApiV1NotificationsTargetsByTargetIdErrors];

export type PutApiV1NotificationsTargetsByTargetIdResponses = {
    /**
     * Successful Response
     */
    200: TargetOut;
};

export type PutApiV1NotificationsTargetsByTargetIdResponse = PutApiV1NotificationsTargetsByTargetIdResponses[keyof PutApiV1NotificationsTargetsByTargetIdResponses];

export type PostApiV1NotificationsTargetsByTargetIdTestData = {
    body?: never;
    path: {
        /**
         * Target Id
         */
        target_id: number;
    };
    query?: never;
    url: '/api/v1/notifications/targets/{target_id}/test';
};

export type PostApiV1NotificationsTargetsByTargetIdTestErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
    /**
     * Not possible at the moment (503).
     */
    503: ErrorBody;
};

export type PostApiV1NotificationsTargetsByTargetIdTestError = PostApiV1NotificationsTargetsByTargetIdTestErrors[keyof PostApiV1NotificationsTargetsByTargetIdTestErrors];

export type PostApiV1NotificationsTargetsByTargetIdTestResponses = {
    /**
     * Successful Response
     */
    200: TestResult;
};

export type PostApiV1NotificationsTargetsByTargetIdTestResponse = PostApiV1NotificationsTargetsByTargetIdTestResponses[keyof PostApiV1NotificationsTargetsByTargetIdTestResponses];

export type GetApiV1AuditData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
        /**
         * User Id
         */
        user_id?: number | null;
        /**
         * Username
         */
        username?: string | null;
        /**
         * Action
         *
         * how the action's name begins: `download.`
         */
        action?: string | null;
        /**
         * Outcome
         */
        outcome?: 'success' | 'failure' | null;
        /**
         * Ip
         */
        ip?: string | null;
        /**
         * Since
         *
         * not before; UTC where no offset is given
         */
        since?: string | null;
        /**
         * Until
         *
         * before; UTC where no offset is given
         */
        until?: string | null;
    };
    url: '/api/v1/audit';
};

export type GetApiV1AuditErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1AuditError = GetApiV1AuditErrors[keyof GetApiV1AuditErrors];

export type GetApiV1AuditResponses = {
    /**
     * Successful Response
     */
    200: AuditPage;
};

export type GetApiV1AuditResponse = GetApiV1AuditResponses[keyof GetApiV1AuditResponses];

export type GetApiV1AuditExportData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Format
         */
        format?: 'csv' | 'jsonl';
        /**
         * User Id
         */
        user_id?: number | null;
        /**
         * Username
         */
        username?: string | null;
        /**
         * Action
         *
         * how the action's name begins: `download.`
         */
        action?: string | null;
        /**
         * Outcome
         */
        outcome?: 'success' | 'failure' | null;
        /**
         * Ip
         */
        ip?: string | null;
        /**
         * Since
         *
         * not before; UTC where no offset is given
         */
        since?: string | null;
        /**
         * Until
         *
         * before; UTC where no offset is given
         */
        until?: string | null;
    };
    url: '/api/v1/audit/export';
};

export type GetApiV1AuditExportErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1AuditExportError = GetApiV1AuditExportErrors[keyof GetApiV1AuditExportErrors];

export type GetApiV1AuditExportResponses = {
    /**
     * The records.
     */
    200: unknown;
};

export type GetApiV1LogsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Skip
         */
        skip?: number;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Level
         *
         * this one and graver ones
         */
        level?: 'debug' | 'info' | 'warning' | 'error' | 'critical' | null;
        /**
         * Source
         *
         * how the source begins
         */
        source?: string | null;
        /**
         * Host
         */
        host?: string | null;
        /**
         * Task Id
         */
        task_id?: number | null;
        /**
         * Link Id
         */
        link_id?: number | null;
        /**
         * Download Id
         */
        download_id?: number | null;
        /**
         * Q
         *
         * words that message or fields hold
         */
        q?: string | null;
        /**
         * Before Id
         *
         * older than this line
         */
        before_id?: number | null;
    };
    url: '/api/v1/logs';
};

export type GetApiV1LogsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1LogsError = GetApiV1LogsErrors[keyof GetApiV1LogsErrors];

export type GetApiV1LogsResponses = {
    /**
     * Response List Logs
     *
     * Successful Response
     */
    200: Array<LogOut>;
};

export type GetApiV1LogsResponse = GetApiV1LogsResponses[keyof GetApiV1LogsResponses];

export type GetHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health';
};

export type GetHealthErrors = {
    /**
     * A vital part ails.
     */
    503: Health;
};

export type GetHealthError = GetHealthErrors[keyof GetHealthErrors];

export type GetHealthResponses = {
    /**
     * Successful Response
     */
    200: Health;
};

export type GetHealthResponse = GetHealthResponses[keyof GetHealthResponses];

export type GetApiV1HealthDetailsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/health/details';
};

export type GetApiV1HealthDetailsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type GetApiV1HealthDetailsError = GetApiV1HealthDetailsErrors[keyof GetApiV1HealthDetailsErrors];

export type GetApiV1HealthDetailsResponses = {
    /**
     * Successful Response
     */
    200: HealthDetails;
};

export type GetApiV1HealthDetailsResponse = GetApiV1HealthDetailsResponses[keyof GetApiV1HealthDetailsResponses];

export type GetMetricsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/metrics';
};

export type GetMetricsResponses = {
    /**
     * Successful Response
     */
    200: string;
};

export type GetMetricsResponse = GetMetricsResponses[keyof GetMetricsResponses];

export type GetApiV1SettingsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/settings';
};

export type GetApiV1SettingsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type GetApiV1SettingsError = GetApiV1SettingsErrors[keyof GetApiV1SettingsErrors];

export type GetApiV1SettingsResponses = {
    /**
     * Successful Response
     */
    200: SettingsAnswer;
};

export type GetApiV1SettingsResponse = GetApiV1SettingsResponses[keyof GetApiV1SettingsResponses];

export type PutApiV1SettingsData = {
    body: SettingsChange;
    path?: never;
    query?: never;
    url: '/api/v1/settings';
};

export type PutApiV1SettingsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1SettingsError = PutApiV1SettingsErrors[keyof PutApiV1SettingsErrors];

export type PutApiV1SettingsResponses = {
    /**
     * Successful Response
     */
    200: SettingsAnswer;
};

export type PutApiV1SettingsResponse = PutApiV1SettingsResponses[keyof PutApiV1SettingsResponses];

export type GetApiV1SettingsSchemaData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/settings/schema';
};

export type GetApiV1SettingsSchemaErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type GetApiV1SettingsSchemaError = GetApiV1SettingsSchemaErrors[keyof GetApiV1SettingsSchemaErrors];

export type GetApiV1SettingsSchemaResponses = {
    /**
     * Response List Settings
     *
     * Successful Response
     */
    200: Array<SettingFact>;
};

export type GetApiV1SettingsSchemaResponse = GetApiV1SettingsSchemaResponses[keyof GetApiV1SettingsSchemaResponses];

export type DeleteApiV1SettingsSavedByNameData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/api/v1/settings/saved/{name}';
};

export type DeleteApiV1SettingsSavedByNameErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1SettingsSavedByNameError = DeleteApiV1SettingsSavedByNameErrors[keyof DeleteApiV1SettingsSavedByNameErrors];

export type DeleteApiV1SettingsSavedByNameResponses = {
    /**
     * Successful Response
     */
    200: SettingsAnswer;
};

export type DeleteApiV1SettingsSavedByNameResponse = DeleteApiV1SettingsSavedByNameResponses[keyof DeleteApiV1SettingsSavedByNameResponses];

export type GetApiV1ServersData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Skip
         */
        skip?: number;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/servers';
};

export type GetApiV1ServersErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ServersError = GetApiV1ServersErrors[keyof GetApiV1ServersErrors];

export type GetApiV1ServersResponses = {
    /**
     * Response List Servers
     *
     * Successful Response
     */
    200: Array<ServerOut>;
};

export type GetApiV1ServersResponse = GetApiV1ServersResponses[keyof GetApiV1ServersResponses];

export type PostApiV1ServersData = {
    body: ServerCreate;
    path?: never;
    query?: never;
    url: '/api/v1/servers';
};

export type PostApiV1ServersErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ServersError = PostApiV1ServersErrors[keyof PostApiV1ServersErrors];

export type PostApiV1ServersResponses = {
    /**
     * Successful Response
     */
    200: ServerOut;
};

export type PostApiV1ServersResponse = PostApiV1ServersResponses[keyof PostApiV1ServersResponses];

export type GetApiV1ServersKindsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/servers/kinds';
};

export type GetApiV1ServersKindsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1ServersKindsError = GetApiV1ServersKindsErrors[keyof GetApiV1ServersKindsErrors];

export type GetApiV1ServersKindsResponses = {
    /**
     * Response List Server Kinds
     *
     * Successful Response
     */
    200: Array<KindOut>;
};

export type GetApiV1ServersKindsResponse = GetApiV1ServersKindsResponses[keyof GetApiV1ServersKindsResponses];

export type PostApiV1ServersTestData = {
    body: ServerCreate;
    path?: never;
    query?: never;
    url: '/api/v1/servers/test';
};

export type PostApiV1ServersTestErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type PostApiV1ServersTestError = PostApiV1ServersTestErrors[keyof PostApiV1ServersTestErrors];

export type PostApiV1ServersTestResponses = {
    /**
     * Successful Response
     */
    200: TestAnswer;
};

export type PostApiV1ServersTestResponse = PostApiV1ServersTestResponses[keyof PostApiV1ServersTestResponses];

export type DeleteApiV1ServersByServerIdData = {
    body?: never;
    path: {
        /**
         * Server Id
         */
        server_id: number;
    };
    query?: never;
    url: '/api/v1/servers/{server_id}';
};

export type DeleteApiV1ServersByServerIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1ServersByServerIdError = DeleteApiV1ServersByServerIdErrors[keyof DeleteApiV1ServersByServerIdErrors];

export type DeleteApiV1ServersByServerIdResponses = {
    /**
     * Successful Response
     */
    200: ServerOut;
};

export type DeleteApiV1ServersByServerIdResponse = DeleteApiV1ServersByServerIdResponses[keyof DeleteApiV1ServersByServerIdResponses];

export type GetApiV1ServersByServerIdData = {
    body?: never;
    path: {
        /**
         * Server Id
         */
        server_id: number;
    };
    query?: never;
    url: '/api/v1/servers/{server_id}';
};

export type GetApiV1ServersByServerIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ServersByServerIdError = GetApiV1ServersByServerIdErrors[keyof GetApiV1ServersByServerIdErrors];

export type GetApiV1ServersByServerIdResponses = {
    /**
     * Successful Response
     */
    200: ServerOut;
};

export type GetApiV1ServersByServerIdResponse = GetApiV1ServersByServerIdResponses[keyof GetApiV1ServersByServerIdResponses];

export type PutApiV1ServersByServerIdData = {
    body: ServerUpdate;
    path: {
        /**
         * Server Id
         */
        server_id: number;
    };
    query?: never;
    url: '/api/v1/servers/{server_id}';
};

export type PutApiV1ServersByServerIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1ServersByServerIdError = PutApiV1ServersByServerIdErrors[keyof PutApiV1ServersByServerIdErrors];

export type PutApiV1ServersByServerIdResponses = {
    /**
     * Successful Response
     */
    200: ServerOut;
};

export type PutApiV1ServersByServerIdResponse = PutApiV1ServersByServerIdResponses[keyof PutApiV1ServersByServerIdResponses];

export type PostApiV1ServersByServerIdTestData = {
    body?: never;
    path: {
        /**
         * Server Id
         */
        server_id: number;
    };
    query?: never;
    url: '/api/v1/servers/{server_id}/test';
};

export type PostApiV1ServersByServerIdTestErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type PostApiV1ServersByServerIdTestError = PostApiV1ServersByServerIdTestErrors[keyof PostApiV1ServersByServerIdTestErrors];

export type PostApiV1ServersByServerIdTestResponses = {
    /**
     * Successful Response
     */
    200: TestAnswer;
};

export type PostApiV1ServersByServerIdTestResponse = PostApiV1ServersByServerIdTestResponses[keyof PostApiV1ServersByServerIdTestResponses];

export type GetApiV1ServersByServerIdLibrariesData = {
    body?: never;
    path: {
        /**
         * Server Id
         */
        server_id: number;
    };
    query?: never;
    url: '/api/v1/servers/{server_id}/libraries';
};

export type GetApiV1ServersByServerIdLibrariesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Another server, which this needs, does not answer as it should (424).
     */
    424: ErrorBody;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetApiV1ServersByServerIdLibrariesError = GetApiV1ServersByServerIdLibrariesErrors[keyof GetApiV1ServersByServerIdLibrariesErrors];

export type GetApiV1ServersByServerIdLibrariesResponses = {
    /**
     * Response List Server Libraries
     *
     * Successful Response
     */
    200: Array<LibraryOut>;
};

export type GetApiV1ServersByServerIdLibrariesResponse = GetApiV1ServersByServerIdLibrariesResponses[keyof GetApiV1ServersByServerIdLibrariesResponses];

export type GetApiV1ServersByServerIdPlaylistsData = {
    body?: never;
    path: {
        /**
         * Server Id
         */
        server_id: number;
    };
    query?: never;
    url: '/api/v1/servers/{server_id}/playlists';
};

export type GetApiV1ServersByServerIdPlaylistsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Another server, which this needs, does not answer as it should (424).
     */
    424: ErrorBody;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetApiV1ServersByServerIdPlaylistsError = GetApiV1ServersByServerIdPlaylistsErrors[keyof GetApiV1ServersByServerIdPlaylistsErrors];

export type GetApiV1ServersByServerIdPlaylistsResponses = {
    /**
     * Response List Server Playlists
     *
     * Successful Response
     */
    200: Array<PlaylistOut>;
};

export type GetApiV1ServersByServerIdPlaylistsResponse = GetApiV1ServersByServerIdPlaylistsResponses[keyof GetApiV1ServersByServerIdPlaylistsResponses];

export type GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportData = {
    body?: never;
    path: {
        /**
         * Server Id
         */
        server_id: number;
        /**
         * Playlist Id
         */
        playlist_id: string;
    };
    query?: {
        /**
         * Format
         */
        format?: 'm3u' | 'csv' | 'jspf' | 'xspf';
    };
    url: '/api/v1/servers/{server_id}/playlists/{playlist_id}/export';
};

export type GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Another server, which this needs, does not answer as it should (424).
     */
    424: ErrorBody;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportError = GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportErrors[keyof GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportErrors];

export type GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1ServersByServerIdTracksData = {
    body?: never;
    path: {
        /**
         * Server Id
         */
        server_id: number;
    };
    query: {
        /**
         * Q
         *
         * words of title, artist, album
         */
        q: string;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/servers/{server_id}/tracks';
};

export type GetApiV1ServersByServerIdTracksErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ServersByServerIdTracksError = GetApiV1ServersByServerIdTracksErrors[keyof GetApiV1ServersByServerIdTracksErrors];

export type GetApiV1ServersByServerIdTracksResponses = {
    /**
     * Response Search Server Tracks
     *
     * Successful Response
     */
    200: Array<TrackOut>;
};

export type GetApiV1ServersByServerIdTracksResponse = GetApiV1ServersByServerIdTracksResponses[keyof GetApiV1ServersByServerIdTracksResponses];

export type GetApiV1TasksData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Skip
         */
        skip?: number;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/tasks';
};

export type GetApiV1TasksErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TasksError = GetApiV1TasksErrors[keyof GetApiV1TasksErrors];

export type GetApiV1TasksResponses = {
    /**
     * Response List Tasks
     *
     * Successful Response
     */
    200: Array<TaskOut>;
};

export type GetApiV1TasksResponse = GetApiV1TasksResponses[keyof GetApiV1TasksResponses];

export type PostApiV1TasksData = {
    body: TaskCreate;
    path?: never;
    query?: never;
    url: '/api/v1/tasks';
};

export type PostApiV1TasksErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1TasksError = PostApiV1TasksErrors[keyof PostApiV1TasksErrors];

export type PostApiV1TasksResponses = {
    /**
     * Successful Response
     */
    200: TaskOut;
};

export type PostApiV1TasksResponse = PostApiV1TasksResponses[keyof PostApiV1TasksResponses];

export type GetApiV1TasksNextRunsData = {
    body?: never;
    path?: never;
    query: {
        /**
         * Cron Schedule
         */
        cron_schedule: string;
        /**
         * Timezone
         */
        timezone?: string;
    };
    url: '/api/v1/tasks/next-runs';
};

export type GetApiV1TasksNextRunsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TasksNextRunsError = GetApiV1TasksNextRunsErrors[keyof GetApiV1TasksNextRunsErrors];

export type GetApiV1TasksNextRunsResponses = {
    /**
     * Successful Response
     */
    200: NextRuns;
};

export type GetApiV1TasksNextRunsResponse = GetApiV1TasksNextRunsResponses[keyof GetApiV1TasksNextRunsResponses];

export type PostApiV1TasksRecogniseData = {
    body: ShareText;
    path?: never;
    query?: never;
    url: '/api/v1/tasks/recognise';
};

export type PostApiV1TasksRecogniseErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1TasksRecogniseError = PostApiV1TasksRecogniseErrors[keyof PostApiV1TasksRecogniseErrors];

export type PostApiV1TasksRecogniseResponses = {
    /**
     * Successful Response
     */
    200: Recognised;
};

export type PostApiV1TasksRecogniseResponse = PostApiV1TasksRecogniseResponses[keyof PostApiV1TasksRecogniseResponses];

export type DeleteApiV1TasksByTaskIdData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}';
};

export type DeleteApiV1TasksByTaskIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1TasksByTaskIdError = DeleteApiV1TasksByTaskIdErrors[keyof DeleteApiV1TasksByTaskIdErrors];

export type DeleteApiV1TasksByTaskIdResponses = {
    /**
     * Successful Response
     */
    200: TaskOut;
};

export type DeleteApiV1TasksByTaskIdResponse = DeleteApiV1TasksByTaskIdResponses[keyof DeleteApiV1TasksByTaskIdResponses];

export type GetApiV1TasksByTaskIdData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}';
};

export type GetApiV1TasksByTaskIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TasksByTaskIdError = GetApiV1TasksByTaskIdErrors[keyof GetApiV1TasksByTaskIdErrors];

export type GetApiV1TasksByTaskIdResponses = {
    /**
     * Successful Response
     */
    200: TaskOut;
};

export type GetApiV1TasksByTaskIdResponse = GetApiV1TasksByTaskIdResponses[keyof GetApiV1TasksByTaskIdResponses];

export type PutApiV1TasksByTaskIdData = {
    body: TaskUpdate;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}';
};

export type PutApiV1TasksByTaskIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1TasksByTaskIdError = PutApiV1TasksByTaskIdErrors[keyof PutApiV1TasksByTaskIdErrors];

export type PutApiV1TasksByTaskIdResponses = {
    /**
     * Successful Response
     */
    200: TaskOut;
};

export type PutApiV1TasksByTaskIdResponse = PutApiV1TasksByTaskIdResponses[keyof PutApiV1TasksByTaskIdResponses];

export type GetApiV1TasksByTaskIdCoverData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}/cover';
};

export type GetApiV1TasksByTaskIdCoverErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetApiV1TasksByTaskIdCoverError = GetApiV1TasksByTaskIdCoverErrors[keyof GetApiV1TasksByTaskIdCoverErrors];

export type GetApiV1TasksByTaskIdCoverResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type PostApiV1TasksByTaskIdSyncData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}/sync';
};

export type PostApiV1TasksByTaskIdSyncErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1TasksByTaskIdSyncError = PostApiV1TasksByTaskIdSyncErrors[keyof PostApiV1TasksByTaskIdSyncErrors];

export type PostApiV1TasksByTaskIdSyncResponses = {
    /**
     * Successful Response
     */
    200: TaskOut;
};

export type PostApiV1TasksByTaskIdSyncResponse = PostApiV1TasksByTaskIdSyncResponses[keyof PostApiV1TasksByTaskIdSyncResponses];

export type PostApiV1TasksByTaskIdApproveData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}/approve';
};

export type PostApiV1TasksByTaskIdApproveErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1TasksByTaskIdApproveError = PostApiV1TasksByTaskIdApproveErrors[keyof PostApiV1TasksByTaskIdApproveErrors];

export type PostApiV1TasksByTaskIdApproveResponses = {
    /**
     * Successful Response
     */
    200: TaskOut;
};

export type PostApiV1TasksByTaskIdApproveResponse = PostApiV1TasksByTaskIdApproveResponses[keyof PostApiV1TasksByTaskIdApproveResponses];

export type PostApiV1TasksByTaskIdUndoData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}/undo';
};

export type PostApiV1TasksByTaskIdUndoErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1TasksByTaskIdUndoError = PostApiV1TasksByTaskIdUndoErrors[keyof PostApiV1TasksByTaskIdUndoErrors];

export type PostApiV1TasksByTaskIdUndoResponses = {
    /**
     * Successful Response
     */
    200: TaskOut;
};

export type PostApiV1TasksByTaskIdUndoResponse = PostApiV1TasksByTaskIdUndoResponses[keyof PostApiV1TasksByTaskIdUndoResponses];

export type PostApiV1TasksByTaskIdFileData = {
    body: BodyUploadTaskFile;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}/file';
};

export type PostApiV1TasksByTaskIdFileErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1TasksByTaskIdFileError = PostApiV1TasksByTaskIdFileErrors[keyof PostApiV1TasksByTaskIdFileErrors];

export type PostApiV1TasksByTaskIdFileResponses = {
    /**
     * Successful Response
     */
    200: TaskOut;
};

export type PostApiV1TasksByTaskIdFileResponse = PostApiV1TasksByTaskIdFileResponses[keyof PostApiV1TasksByTaskIdFileResponses];

export type GetApiV1TasksByTaskIdPlanData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: {
        /**
         * Fresh
         *
         * ask the source what it has now
         */
        fresh?: boolean;
    };
    url: '/api/v1/tasks/{task_id}/plan';
};

export type GetApiV1TasksByTaskIdPlanErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Not possible at the moment (503).
     */
    503: ErrorBody;
};

export type GetApiV1TasksByTaskIdPlanError = GetApiV1TasksByTaskIdPlanErrors[keyof GetApiV1TasksByTaskIdPlanErrors];

export type GetApiV1TasksByTaskIdPlanResponses = {
    /**
     * Successful Response
     */
    200: PlanOut;
};

export type GetApiV1TasksByTaskIdPlanResponse = GetApiV1TasksByTaskIdPlanResponses[keyof GetApiV1TasksByTaskIdPlanResponses];

export type GetApiV1TasksByTaskIdRunsData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: {
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/tasks/{task_id}/runs';
};

export type GetApiV1TasksByTaskIdRunsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TasksByTaskIdRunsError = GetApiV1TasksByTaskIdRunsErrors[keyof GetApiV1TasksByTaskIdRunsErrors];

export type GetApiV1TasksByTaskIdRunsResponses = {
    /**
     * Successful Response
     */
    200: RunPage;
};

export type GetApiV1TasksByTaskIdRunsResponse = GetApiV1TasksByTaskIdRunsResponses[keyof GetApiV1TasksByTaskIdRunsResponses];

export type GetApiV1TasksByTaskIdMatchesData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: {
        /**
         * Verdict
         */
        verdict?: Array<'matched' | 'review' | 'missing' | 'waiting'> | null;
        /**
         * Q
         *
         * in title or album
         */
        q?: string | null;
        /**
         * Server Id
         *
         * one of the task's servers; left out: its first
         */
        server_id?: number | null;
        /**
         * Cursor
         */
        cursor?: string | null;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/tasks/{task_id}/matches';
};

export type GetApiV1TasksByTaskIdMatchesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TasksByTaskIdMatchesError = GetApiV1TasksByTaskIdMatchesErrors[keyof GetApiV1TasksByTaskIdMatchesErrors];

export type GetApiV1TasksByTaskIdMatchesResponses = {
    /**
     * Successful Response
     */
    200: MatchPage;
};

export type GetApiV1TasksByTaskIdMatchesResponse = GetApiV1TasksByTaskIdMatchesResponses[keyof GetApiV1TasksByTaskIdMatchesResponses];

export type PutApiV1TasksByTaskIdMatchesData = {
    body: DecisionIn;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: never;
    url: '/api/v1/tasks/{task_id}/matches';
};

export type PutApiV1TasksByTaskIdMatchesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1TasksByTaskIdMatchesError = PutApiV1TasksByTaskIdMatchesErrors[keyof PutApiV1TasksByTaskIdMatchesErrors];

export type PutApiV1TasksByTaskIdMatchesResponses = {
    /**
     * Response Decide Task Match
     *
     * Successful Response
     */
    200: Array<MatchOut>;
};

export type PutApiV1TasksByTaskIdMatchesResponse = PutApiV1TasksByTaskIdMatchesResponses[keyof PutApiV1TasksByTaskIdMatchesResponses];

export type GetApiV1TasksByTaskIdUnmatchedData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: {
        /**
         * Server Id
         *
         * one of the task's servers; left out: its first
         */
        server_id?: number | null;
    };
    url: '/api/v1/tasks/{task_id}/unmatched';
};

export type GetApiV1TasksByTaskIdUnmatchedErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TasksByTaskIdUnmatchedError = GetApiV1TasksByTaskIdUnmatchedErrors[keyof GetApiV1TasksByTaskIdUnmatchedErrors];

export type GetApiV1TasksByTaskIdUnmatchedResponses = {
    /**
     * Response List Unmatched
     *
     * Successful Response
     */
    200: Array<UnmatchedOut>;
};

export type GetApiV1TasksByTaskIdUnmatchedResponse = GetApiV1TasksByTaskIdUnmatchedResponses[keyof GetApiV1TasksByTaskIdUnmatchedResponses];

export type GetApiV1TasksByTaskIdExportData = {
    body?: never;
    path: {
        /**
         * Task Id
         */
        task_id: number;
    };
    query?: {
        /**
         * Format
         */
        format?: 'm3u' | 'csv' | 'jspf' | 'xspf';
        /**
         * Server Id
         *
         * one of the task's servers; left out: its first
         */
        server_id?: number | null;
        /**
         * Verdict
         *
         * left out: all
         */
        verdict?: Array<'matched' | 'review' | 'missing' | 'waiting'> | null;
    };
    url: '/api/v1/tasks/{task_id}/export';
};

export type GetApiV1TasksByTaskIdExportErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TasksByTaskIdExportError = GetApiV1TasksByTaskIdExportErrors[keyof GetApiV1TasksByTaskIdExportErrors];

export type GetApiV1TasksByTaskIdExportResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1DownloadDownloadSettingsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/download/download-settings';
};

export type GetApiV1DownloadDownloadSettingsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1DownloadDownloadSettingsError = GetApiV1DownloadDownloadSettingsErrors[keyof GetApiV1DownloadDownloadSettingsErrors];

export type GetApiV1DownloadDownloadSettingsResponses = {
    /**
     * Successful Response
     */
    200: DownloadSettingsOut;
};

export type GetApiV1DownloadDownloadSettingsResponse = GetApiV1DownloadDownloadSettingsResponses[keyof GetApiV1DownloadDownloadSettingsResponses];

export type PostApiV1DownloadDownloadSettingsData = {
    body: DownloadSettings;
    path?: never;
    query?: never;
    url: '/api/v1/download/download-settings';
};

export type PostApiV1DownloadDownloadSettingsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadDownloadSettingsError = PostApiV1DownloadDownloadSettingsErrors[keyof PostApiV1DownloadDownloadSettingsErrors];

export type PostApiV1DownloadDownloadSettingsResponses = {
    /**
     * Successful Response
     */
    200: DownloadSettingsOut;
};

export type PostApiV1DownloadDownloadSettingsResponse = PostApiV1DownloadDownloadSettingsResponses[keyof PostApiV1DownloadDownloadSettingsResponses];

export type PostApiV1DownloadDownloadSettingsTestData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/download/download-settings/test';
};

export type PostApiV1DownloadDownloadSettingsTestErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type PostApiV1DownloadDownloadSettingsTestError = PostApiV1DownloadDownloadSettingsTestErrors[keyof PostApiV1DownloadDownloadSettingsTestErrors];

export type PostApiV1DownloadDownloadSettingsTestResponses = {
    /**
     * Successful Response
     */
    200: TestOut;
};

export type PostApiV1DownloadDownloadSettingsTestResponse = PostApiV1DownloadDownloadSettingsTestResponses[keyof PostApiV1DownloadDownloadSettingsTestResponses];

export type GetApiV1DownloadStatusData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Session Id
         */
        session_id?: number | null;
        /**
         * Task Id
         */
        task_id?: number | null;
        /**
         * Limit
         *
         * sessions
         */
        limit?: number;
        /**
         * Items
         *
         * songs of each session
         */
        items?: number;
    };
    url: '/api/v1/download/status';
};

export type GetApiV1DownloadStatusErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1DownloadStatusError = GetApiV1DownloadStatusErrors[keyof GetApiV1DownloadStatusErrors];

export type GetApiV1DownloadStatusResponses = {
    /**
     * Successful Response
     */
    200: StatusOut;
};

export type GetApiV1DownloadStatusResponse = GetApiV1DownloadStatusResponses[keyof GetApiV1DownloadStatusResponses];

export type PostApiV1DownloadAllMissingData = {
    /**
     * Body
     */
    body?: AllMissing | null;
    path?: never;
    query?: never;
    url: '/api/v1/download/all-missing';
};

export type PostApiV1DownloadAllMissingErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadAllMissingError = PostApiV1DownloadAllMissingErrors[keyof PostApiV1DownloadAllMissingErrors];

export type PostApiV1DownloadAllMissingResponses = {
    /**
     * Successful Response
     */
    200: SessionOut;
};

export type PostApiV1DownloadAllMissingResponse = PostApiV1DownloadAllMissingResponses[keyof PostApiV1DownloadAllMissingResponses];

export type PostApiV1DownloadSingleData = {
    body: Single;
    path?: never;
    query?: never;
    url: '/api/v1/download/single';
};

export type PostApiV1DownloadSingleErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadSingleError = PostApiV1DownloadSingleErrors[keyof PostApiV1DownloadSingleErrors];

export type PostApiV1DownloadSingleResponses = {
    /**
     * Successful Response
     */
    200: SessionOut;
};

export type PostApiV1DownloadSingleResponse = PostApiV1DownloadSingleResponses[keyof PostApiV1DownloadSingleResponses];

export type PostApiV1DownloadCancelSessionBySessionIdData = {
    body?: never;
    path: {
        /**
         * Session Id
         */
        session_id: number;
    };
    query?: never;
    url: '/api/v1/download/cancel-session/{session_id}';
};

export type PostApiV1DownloadCancelSessionBySessionIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadCancelSessionBySessionIdError = PostApiV1DownloadCancelSessionBySessionIdErrors[keyof PostApiV1DownloadCancelSessionBySessionIdErrors];

export type PostApiV1DownloadCancelSessionBySessionIdResponses = {
    /**
     * Successful Response
     */
    200: SessionOut;
};

export type PostApiV1DownloadCancelSessionBySessionIdResponse = PostApiV1DownloadCancelSessionBySessionIdResponses[keyof PostApiV1DownloadCancelSessionBySessionIdResponses];

export type GetApiV1ArtistsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/artists';
};

export type GetApiV1ArtistsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1ArtistsError = GetApiV1ArtistsErrors[keyof GetApiV1ArtistsErrors];

export type GetApiV1ArtistsResponses = {
    /**
     * Response List Artist Names
     *
     * Successful Response
     */
    200: Array<ArtistOut>;
};

export type GetApiV1ArtistsResponse = GetApiV1ArtistsResponses[keyof GetApiV1ArtistsResponses];

export type PostApiV1ArtistsData = {
    body: ArtistIn;
    path?: never;
    query?: never;
    url: '/api/v1/artists';
};

export type PostApiV1ArtistsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ArtistsError = PostApiV1ArtistsErrors[keyof PostApiV1ArtistsErrors];

export type PostApiV1ArtistsResponses = {
    /**
     * Successful Response
     */
    200: ArtistOut;
};

export type PostApiV1ArtistsResponse = PostApiV1ArtistsResponses[keyof PostApiV1ArtistsResponses];

export type DeleteApiV1ArtistsByArtistIdData = {
    body?: never;
    path: {
        /**
         * Artist Id
         */
        artist_id: number;
    };
    query?: never;
    url: '/api/v1/artists/{artist_id}';
};

export type DeleteApiV1ArtistsByArtistIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1ArtistsByArtistIdError = DeleteApiV1ArtistsByArtistIdErrors[keyof DeleteApiV1ArtistsByArtistIdErrors];

export type DeleteApiV1ArtistsByArtistIdResponses = {
    /**
     * Successful Response
     */
    200: ArtistOut;
};

export type DeleteApiV1ArtistsByArtistIdResponse = DeleteApiV1ArtistsByArtistIdResponses[keyof DeleteApiV1ArtistsByArtistIdResponses];

export type PutApiV1ArtistsByArtistIdData = {
    body: ArtistIn;
    path: {
        /**
         * Artist Id
         */
        artist_id: number;
    };
    query?: never;
    url: '/api/v1/artists/{artist_id}';
};

export type PutApiV1ArtistsByArtistIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1ArtistsByArtistIdError = PutApiV1ArtistsByArtistIdErrors[keyof PutApiV1ArtistsByArtistIdErrors];

export type PutApiV1ArtistsByArtistIdResponses = {
    /**
     * Successful Response
     */
    200: ArtistOut;
};

export type PutApiV1ArtistsByArtistIdResponse = PutApiV1ArtistsByArtistIdResponses[keyof PutApiV1ArtistsByArtistIdResponses];

export type GetApiV1VoicesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Provider
         *
         * left out: all
         */
        provider?: string | null;
        /**
         * Language
         *
         * only voices that speak it
         */
        language?: string | null;
    };
    url: '/api/v1/voices';
};

export type GetApiV1VoicesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1VoicesError = GetApiV1VoicesErrors[keyof GetApiV1VoicesErrors];

export type GetApiV1VoicesResponses = {
    /**
     * Successful Response
     */
    200: VoiceList;
};

export type GetApiV1VoicesResponse = GetApiV1VoicesResponses[keyof GetApiV1VoicesResponses];

export type GetApiV1VoicesPreviewData = {
    body?: never;
    path?: never;
    query: {
        /**
         * Voiceid
         */
        voiceId: string;
        /**
         * Provider
         *
         * left out: the one that the settings name
         */
        provider?: string | null;
        /**
         * Language
         *
         * of the sentence that it says
         */
        language?: string | null;
    };
    url: '/api/v1/voices/preview';
};

export type GetApiV1VoicesPreviewErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Another server, which this needs, does not answer as it should (424).
     */
    424: ErrorBody;
};

export type GetApiV1VoicesPreviewError = GetApiV1VoicesPreviewErrors[keyof GetApiV1VoicesPreviewErrors];

export type GetApiV1VoicesPreviewResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1ProvidersData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/providers';
};

export type GetApiV1ProvidersErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1ProvidersError = GetApiV1ProvidersErrors[keyof GetApiV1ProvidersErrors];

export type GetApiV1ProvidersResponses = {
    /**
     * Response List Providers
     *
     * Successful Response
     */
    200: Array<ProviderOut>;
};

export type GetApiV1ProvidersResponse = GetApiV1ProvidersResponses[keyof GetApiV1ProvidersResponses];

export type GetApiV1MusicData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/music';
};

export type GetApiV1MusicErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1MusicError = GetApiV1MusicErrors[keyof GetApiV1MusicErrors];

export type GetApiV1MusicResponses = {
    /**
     * Successful Response
     */
    200: MusicList;
};

export type GetApiV1MusicResponse = GetApiV1MusicResponses[keyof GetApiV1MusicResponses];

export type PostApiV1PodcastsEstimateData = {
    body: EpisodeCreate;
    path?: never;
    query?: never;
    url: '/api/v1/podcasts/estimate';
};

export type PostApiV1PodcastsEstimateErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsEstimateError = PostApiV1PodcastsEstimateErrors[keyof PostApiV1PodcastsEstimateErrors];

export type PostApiV1PodcastsEstimateResponses = {
    /**
     * Successful Response
     */
    200: EstimateOut;
};

export type PostApiV1PodcastsEstimateResponse = PostApiV1PodcastsEstimateResponses[keyof PostApiV1PodcastsEstimateResponses];

export type PostApiV1PodcastsByPodcastIdSayData = {
    body: SayIn;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/say';
};

export type PostApiV1PodcastsByPodcastIdSayErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Another server, which this needs, does not answer as it should (424).
     */
    424: ErrorBody;
};

export type PostApiV1PodcastsByPodcastIdSayError = PostApiV1PodcastsByPodcastIdSayErrors[keyof PostApiV1PodcastsByPodcastIdSayErrors];

export type PostApiV1PodcastsByPodcastIdSayResponses = {
    /**
     * Successful Response
     */
    200: Blob | File;
};

export type PostApiV1PodcastsByPodcastIdSayResponse = PostApiV1PodcastsByPodcastIdSayResponses[keyof PostApiV1PodcastsByPodcastIdSayResponses];

export type PostApiV1PodcastsGenerateTextData = {
    body: GenerateText;
    path?: never;
    query?: never;
    url: '/api/v1/podcasts/generate/text';
};

export type PostApiV1PodcastsGenerateTextErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsGenerateTextError = PostApiV1PodcastsGenerateTextErrors[keyof PostApiV1PodcastsGenerateTextErrors];

export type PostApiV1PodcastsGenerateTextResponses = {
    /**
     * Successful Response
     */
    200: Created;
};

export type PostApiV1PodcastsGenerateTextResponse = PostApiV1PodcastsGenerateTextResponses[keyof PostApiV1PodcastsGenerateTextResponses];

export type PostApiV1PodcastsGenerateUrlData = {
    body: GenerateUrl;
    path?: never;
    query?: never;
    url: '/api/v1/podcasts/generate/url';
};

export type PostApiV1PodcastsGenerateUrlErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsGenerateUrlError = PostApiV1PodcastsGenerateUrlErrors[keyof PostApiV1PodcastsGenerateUrlErrors];

export type PostApiV1PodcastsGenerateUrlResponses = {
    /**
     * Successful Response
     */
    200: Created;
};

export type PostApiV1PodcastsGenerateUrlResponse = PostApiV1PodcastsGenerateUrlResponses[keyof PostApiV1PodcastsGenerateUrlResponses];

export type PostApiV1PodcastsGenerateAudioData = {
    body: {
        audioFile?: Blob | File;
        templateId?: string;
        title?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/podcasts/generate/audio';
};

export type PostApiV1PodcastsGenerateAudioErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsGenerateAudioError = PostApiV1PodcastsGenerateAudioErrors[keyof PostApiV1PodcastsGenerateAudioErrors];

export type PostApiV1PodcastsGenerateAudioResponses = {
    /**
     * Successful Response
     */
    200: Created;
};

export type PostApiV1PodcastsGenerateAudioResponse = PostApiV1PodcastsGenerateAudioResponses[keyof PostApiV1PodcastsGenerateAudioResponses];

export type GetApiV1PodcastsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Status
         */
        status?: EpisodeStatus | null;
        /**
         * Skip
         */
        skip?: number;
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/api/v1/podcasts';
};

export type GetApiV1PodcastsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsError = GetApiV1PodcastsErrors[keyof GetApiV1PodcastsErrors];

export type GetApiV1PodcastsResponses = {
    /**
     * Response List Podcasts
     *
     * Successful Response
     */
    200: Array<EpisodeOut>;
};

export type GetApiV1PodcastsResponse = GetApiV1PodcastsResponses[keyof GetApiV1PodcastsResponses];

export type PostApiV1PodcastsData = {
    body: EpisodeCreate;
    path?: never;
    query?: never;
    url: '/api/v1/podcasts';
};

export type PostApiV1PodcastsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsError = PostApiV1PodcastsErrors[keyof PostApiV1PodcastsErrors];

export type PostApiV1PodcastsResponses = {
    /**
     * Successful Response
     */
    200: Created;
};

export type PostApiV1PodcastsResponse = PostApiV1PodcastsResponses[keyof PostApiV1PodcastsResponses];

export type PostApiV1PodcastsFilesData = {
    body: {
        files?: Array<Blob | File>;
        /**
         * the JSON of `POST /podcasts`; its sources come first
         */
        podcast?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/podcasts/files';
};

export type PostApiV1PodcastsFilesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsFilesError = PostApiV1PodcastsFilesErrors[keyof PostApiV1PodcastsFilesErrors];

export type PostApiV1PodcastsFilesResponses = {
    /**
     * Successful Response
     */
    200: Created;
};

export type PostApiV1PodcastsFilesResponse = PostApiV1PodcastsFilesResponses[keyof PostApiV1PodcastsFilesResponses];

export type DeleteApiV1PodcastsByPodcastIdData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}';
};

export type DeleteApiV1PodcastsByPodcastIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1PodcastsByPodcastIdError = DeleteApiV1PodcastsByPodcastIdErrors[keyof DeleteApiV1PodcastsByPodcastIdErrors];

export type DeleteApiV1PodcastsByPodcastIdResponses = {
    /**
     * Successful Response
     */
    200: EpisodeOut;
};

export type DeleteApiV1PodcastsByPodcastIdResponse = DeleteApiV1PodcastsByPodcastIdResponses[keyof DeleteApiV1PodcastsByPodcastIdResponses];

export type GetApiV1PodcastsByPodcastIdData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}';
};

export type GetApiV1PodcastsByPodcastIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdError = GetApiV1PodcastsByPodcastIdErrors[keyof GetApiV1PodcastsByPodcastIdErrors];

export type GetApiV1PodcastsByPodcastIdResponses = {
    /**
     * Successful Response
     */
    200: EpisodeOut;
};

export type GetApiV1PodcastsByPodcastIdResponse = GetApiV1PodcastsByPodcastIdResponses[keyof GetApiV1PodcastsByPodcastIdResponses];

export type PutApiV1PodcastsByPodcastIdData = {
    body: EpisodeUpdate;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}';
};

export type PutApiV1PodcastsByPodcastIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1PodcastsByPodcastIdError = PutApiV1PodcastsByPodcastIdErrors[keyof PutApiV1PodcastsByPodcastIdErrors];

export type PutApiV1PodcastsByPodcastIdResponses = {
    /**
     * Successful Response
     */
    200: EpisodeOut;
};

export type PutApiV1PodcastsByPodcastIdResponse = PutApiV1PodcastsByPodcastIdResponses[keyof PutApiV1PodcastsByPodcastIdResponses];

export type PostApiV1PodcastsByPodcastIdCancelData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/cancel';
};

export type PostApiV1PodcastsByPodcastIdCancelErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsByPodcastIdCancelError = PostApiV1PodcastsByPodcastIdCancelErrors[keyof PostApiV1PodcastsByPodcastIdCancelErrors];

export type PostApiV1PodcastsByPodcastIdCancelResponses = {
    /**
     * Successful Response
     */
    200: EpisodeOut;
};

export type PostApiV1PodcastsByPodcastIdCancelResponse = PostApiV1PodcastsByPodcastIdCancelResponses[keyof PostApiV1PodcastsByPodcastIdCancelResponses];

export type PostApiV1PodcastsByPodcastIdContinueData = {
    /**
     * Body
     */
    body?: ContinueIn | null;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/continue';
};

export type PostApiV1PodcastsByPodcastIdContinueErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsByPodcastIdContinueError = PostApiV1PodcastsByPodcastIdContinueErrors[keyof PostApiV1PodcastsByPodcastIdContinueErrors];

export type PostApiV1PodcastsByPodcastIdContinueResponses = {
    /**
     * Successful Response
     */
    200: EpisodeOut;
};

export type PostApiV1PodcastsByPodcastIdContinueResponse = PostApiV1PodcastsByPodcastIdContinueResponses[keyof PostApiV1PodcastsByPodcastIdContinueResponses];

export type PostApiV1PodcastsByPodcastIdApproveData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: {
        /**
         * Version
         *
         * left out: the newest
         */
        version?: number | null;
    };
    url: '/api/v1/podcasts/{podcast_id}/approve';
};

export type PostApiV1PodcastsByPodcastIdApproveErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsByPodcastIdApproveError = PostApiV1PodcastsByPodcastIdApproveErrors[keyof PostApiV1PodcastsByPodcastIdApproveErrors];

export type PostApiV1PodcastsByPodcastIdApproveResponses = {
    /**
     * Successful Response
     */
    200: EpisodeOut;
};

export type PostApiV1PodcastsByPodcastIdApproveResponse = PostApiV1PodcastsByPodcastIdApproveResponses[keyof PostApiV1PodcastsByPodcastIdApproveResponses];

export type PostApiV1PodcastsByPodcastIdVoiceData = {
    /**
     * Body
     */
    body?: VoiceIn | null;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/voice';
};

export type PostApiV1PodcastsByPodcastIdVoiceErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsByPodcastIdVoiceError = PostApiV1PodcastsByPodcastIdVoiceErrors[keyof PostApiV1PodcastsByPodcastIdVoiceErrors];

export type PostApiV1PodcastsByPodcastIdVoiceResponses = {
    /**
     * Successful Response
     */
    200: EpisodeOut;
};

export type PostApiV1PodcastsByPodcastIdVoiceResponse = PostApiV1PodcastsByPodcastIdVoiceResponses[keyof PostApiV1PodcastsByPodcastIdVoiceResponses];

export type PostApiV1PodcastsByPodcastIdTranslateData = {
    body: TranslateIn;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/translate';
};

export type PostApiV1PodcastsByPodcastIdTranslateErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1PodcastsByPodcastIdTranslateError = PostApiV1PodcastsByPodcastIdTranslateErrors[keyof PostApiV1PodcastsByPodcastIdTranslateErrors];

export type PostApiV1PodcastsByPodcastIdTranslateResponses = {
    /**
     * Successful Response
     */
    200: Created;
};

export type PostApiV1PodcastsByPodcastIdTranslateResponse = PostApiV1PodcastsByPodcastIdTranslateResponses[keyof PostApiV1PodcastsByPodcastIdTranslateResponses];

export type GetApiV1PodcastsByPodcastIdScriptData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: {
        /**
         * Version
         *
         * left out: the newest
         */
        version?: number | null;
    };
    url: '/api/v1/podcasts/{podcast_id}/script';
};

export type GetApiV1PodcastsByPodcastIdScriptErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdScriptError = GetApiV1PodcastsByPodcastIdScriptErrors[keyof GetApiV1PodcastsByPodcastIdScriptErrors];

export type GetApiV1PodcastsByPodcastIdScriptResponses = {
    /**
     * Successful Response
     */
    200: ScriptOut;
};

export type GetApiV1PodcastsByPodcastIdScriptResponse = GetApiV1PodcastsByPodcastIdScriptResponses[keyof GetApiV1PodcastsByPodcastIdScriptResponses];

export type PutApiV1PodcastsByPodcastIdScriptData = {
    body: ScriptIn;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/script';
};

export type PutApiV1PodcastsByPodcastIdScriptErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1PodcastsByPodcastIdScriptError = PutApiV1PodcastsByPodcastIdScriptErrors[keyof PutApiV1PodcastsByPodcastIdScriptErrors];

export type PutApiV1PodcastsByPodcastIdScriptResponses = {
    /**
     * Successful Response
     */
    200: ScriptOut;
};

export type PutApiV1PodcastsByPodcastIdScriptResponse = PutApiV1PodcastsByPodcastIdScriptResponses[keyof PutApiV1PodcastsByPodcastIdScriptResponses];

export type GetApiV1PodcastsByPodcastIdScriptsData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/scripts';
};

export type GetApiV1PodcastsByPodcastIdScriptsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdScriptsError = GetApiV1PodcastsByPodcastIdScriptsErrors[keyof GetApiV1PodcastsByPodcastIdScriptsErrors];

export type GetApiV1PodcastsByPodcastIdScriptsResponses = {
    /**
     * Response List Scripts
     *
     * Successful Response
     */
    200: Array<ScriptVersion>;
};

export type GetApiV1PodcastsByPodcastIdScriptsResponse = GetApiV1PodcastsByPodcastIdScriptsResponses[keyof GetApiV1PodcastsByPodcastIdScriptsResponses];

export type GetApiV1PodcastsByPodcastIdAudioData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: {
        /**
         * Format
         *
         * one of those that were made
         */
        format?: 'mp3' | 'opus' | 'm4a';
    };
    url: '/api/v1/podcasts/{podcast_id}/audio';
};

export type GetApiV1PodcastsByPodcastIdAudioErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdAudioError = GetApiV1PodcastsByPodcastIdAudioErrors[keyof GetApiV1PodcastsByPodcastIdAudioErrors];

export type GetApiV1PodcastsByPodcastIdAudioResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1PodcastsByPodcastIdDownloadData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: {
        /**
         * Format
         *
         * one of those that were made
         */
        format?: 'mp3' | 'opus' | 'm4a';
    };
    url: '/api/v1/podcasts/{podcast_id}/download';
};

export type GetApiV1PodcastsByPodcastIdDownloadErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdDownloadError = GetApiV1PodcastsByPodcastIdDownloadErrors[keyof GetApiV1PodcastsByPodcastIdDownloadErrors];

export type GetApiV1PodcastsByPodcastIdDownloadResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1PodcastsByPodcastIdLiveData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/live';
};

export type GetApiV1PodcastsByPodcastIdLiveErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetApiV1PodcastsByPodcastIdLiveError = GetApiV1PodcastsByPodcastIdLiveErrors[keyof GetApiV1PodcastsByPodcastIdLiveErrors];

export type GetApiV1PodcastsByPodcastIdLiveResponses = {
    /**
     * Successful Response
     */
    200: Blob | File;
};

export type GetApiV1PodcastsByPodcastIdLiveResponse = GetApiV1PodcastsByPodcastIdLiveResponses[keyof GetApiV1PodcastsByPodcastIdLiveResponses];

export type GetApiV1PodcastsByPodcastIdTranscriptVttData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/transcript.vtt';
};

export type GetApiV1PodcastsByPodcastIdTranscriptVttErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdTranscriptVttError = GetApiV1PodcastsByPodcastIdTranscriptVttErrors[keyof GetApiV1PodcastsByPodcastIdTranscriptVttErrors];

export type GetApiV1PodcastsByPodcastIdTranscriptVttResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1PodcastsByPodcastIdChaptersJsonData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/chapters.json';
};

export type GetApiV1PodcastsByPodcastIdChaptersJsonErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdChaptersJsonError = GetApiV1PodcastsByPodcastIdChaptersJsonErrors[keyof GetApiV1PodcastsByPodcastIdChaptersJsonErrors];

export type GetApiV1PodcastsByPodcastIdChaptersJsonResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1PodcastsByPodcastIdCoverData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/cover';
};

export type GetApiV1PodcastsByPodcastIdCoverErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdCoverError = GetApiV1PodcastsByPodcastIdCoverErrors[keyof GetApiV1PodcastsByPodcastIdCoverErrors];

export type GetApiV1PodcastsByPodcastIdCoverResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1PodcastsByPodcastIdSourcesByPositionData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
        /**
         * Position
         */
        position: number;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/sources/{position}';
};

export type GetApiV1PodcastsByPodcastIdSourcesByPositionErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdSourcesByPositionError = GetApiV1PodcastsByPodcastIdSourcesByPositionErrors[keyof GetApiV1PodcastsByPodcastIdSourcesByPositionErrors];

export type GetApiV1PodcastsByPodcastIdSourcesByPositionResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1PodcastsByPodcastIdSourcesByPositionTextData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         *
         * as the making of the podcast answered
         */
        podcast_id: string;
        /**
         * Position
         */
        position: number;
    };
    query?: never;
    url: '/api/v1/podcasts/{podcast_id}/sources/{position}/text';
};

export type GetApiV1PodcastsByPodcastIdSourcesByPositionTextErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1PodcastsByPodcastIdSourcesByPositionTextError = GetApiV1PodcastsByPodcastIdSourcesByPositionTextErrors[keyof GetApiV1PodcastsByPodcastIdSourcesByPositionTextErrors];

export type GetApiV1PodcastsByPodcastIdSourcesByPositionTextResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1TemplatesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/templates';
};

export type GetApiV1TemplatesErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1TemplatesError = GetApiV1TemplatesErrors[keyof GetApiV1TemplatesErrors];

export type GetApiV1TemplatesResponses = {
    /**
     * Response List Templates
     *
     * Successful Response
     */
    200: Array<TemplateOut>;
};

export type GetApiV1TemplatesResponse = GetApiV1TemplatesResponses[keyof GetApiV1TemplatesResponses];

export type PostApiV1TemplatesData = {
    body: TemplateCreate;
    path?: never;
    query?: never;
    url: '/api/v1/templates';
};

export type PostApiV1TemplatesErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1TemplatesError = PostApiV1TemplatesErrors[keyof PostApiV1TemplatesErrors];

export type PostApiV1TemplatesResponses = {
    /**
     * Successful Response
     */
    200: TemplateOut;
};

export type PostApiV1TemplatesResponse = PostApiV1TemplatesResponses[keyof PostApiV1TemplatesResponses];

export type GetApiV1TemplatesFileData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/templates/file';
};

export type GetApiV1TemplatesFileErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type GetApiV1TemplatesFileError = GetApiV1TemplatesFileErrors[keyof GetApiV1TemplatesFileErrors];

export type GetApiV1TemplatesFileResponses = {
    /**
     * Successful Response
     */
    200: TemplateFileOut;
};

export type GetApiV1TemplatesFileResponse = GetApiV1TemplatesFileResponses[keyof GetApiV1TemplatesFileResponses];

export type DeleteApiV1TemplatesByTemplateIdData = {
    body?: never;
    path: {
        /**
         * Template Id
         */
        template_id: string;
    };
    query?: never;
    url: '/api/v1/templates/{template_id}';
};

export type DeleteApiV1TemplatesByTemplateIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1TemplatesByTemplateIdError = DeleteApiV1TemplatesByTemplateIdErrors[keyof DeleteApiV1TemplatesByTemplateIdErrors];

export type DeleteApiV1TemplatesByTemplateIdResponses = {
    /**
     * Successful Response
     */
    200: TemplateOut;
};

export type DeleteApiV1TemplatesByTemplateIdResponse = DeleteApiV1TemplatesByTemplateIdResponses[keyof DeleteApiV1TemplatesByTemplateIdResponses];

export type GetApiV1TemplatesByTemplateIdData = {
    body?: never;
    path: {
        /**
         * Template Id
         */
        template_id: string;
    };
    query?: never;
    url: '/api/v1/templates/{template_id}';
};

export type GetApiV1TemplatesByTemplateIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1TemplatesByTemplateIdError = GetApiV1TemplatesByTemplateIdErrors[keyof GetApiV1TemplatesByTemplateIdErrors];

export type GetApiV1TemplatesByTemplateIdResponses = {
    /**
     * Successful Response
     */
    200: TemplateOut;
};

export type GetApiV1TemplatesByTemplateIdResponse = GetApiV1TemplatesByTemplateIdResponses[keyof GetApiV1TemplatesByTemplateIdResponses];

export type PutApiV1TemplatesByTemplateIdData = {
    body: TemplateUpdate;
    path: {
        /**
         * Template Id
         */
        template_id: string;
    };
    query?: never;
    url: '/api/v1/templates/{template_id}';
};

export type PutApiV1TemplatesByTemplateIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1TemplatesByTemplateIdError = PutApiV1TemplatesByTemplateIdErrors[keyof PutApiV1TemplatesByTemplateIdErrors];

export type PutApiV1TemplatesByTemplateIdResponses = {
    /**
     * Successful Response
     */
    200: TemplateOut;
};

export type PutApiV1TemplatesByTemplateIdResponse = PutApiV1TemplatesByTemplateIdResponses[keyof PutApiV1TemplatesByTemplateIdResponses];

export type GetApiV1ItemsByItemIdTranscriptsData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/transcripts';
};

export type GetApiV1ItemsByItemIdTranscriptsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByItemIdTranscriptsError = GetApiV1ItemsByItemIdTranscriptsErrors[keyof GetApiV1ItemsByItemIdTranscriptsErrors];

export type GetApiV1ItemsByItemIdTranscriptsResponses = {
    /**
     * Successful Response
     */
    200: TranscriptList;
};

export type GetApiV1ItemsByItemIdTranscriptsResponse = GetApiV1ItemsByItemIdTranscriptsResponses[keyof GetApiV1ItemsByItemIdTranscriptsResponses];

export type PostApiV1ItemsByItemIdTranscriptsData = {
    body: TranscriptIn;
    path: {
        /**
         * Item Id
         */
        item_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/transcripts';
};

export type PostApiV1ItemsByItemIdTranscriptsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1ItemsByItemIdTranscriptsError = PostApiV1ItemsByItemIdTranscriptsErrors[keyof PostApiV1ItemsByItemIdTranscriptsErrors];

export type PostApiV1ItemsByItemIdTranscriptsResponses = {
    /**
     * Successful Response
     */
    200: TranscriptOut;
};

export type PostApiV1ItemsByItemIdTranscriptsResponse = PostApiV1ItemsByItemIdTranscriptsResponses[keyof PostApiV1ItemsByItemIdTranscriptsResponses];

export type DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdData = {
    body?: never;
    path: {
        /**
         * Item Id
         */
        item_id: number;
        /**
         * Transcript Id
         */
        transcript_id: number;
    };
    query?: never;
    url: '/api/v1/items/{item_id}/transcripts/{transcript_id}';
};

export type DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdError = DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdErrors[keyof DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdErrors];

export type DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdResponses = {
    /**
     * Successful Response
     */
    200: TranscriptOut;
};

export type DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdResponse = DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdResponses[keyof DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdResponses];

export type GetFeedsByTokenPodcastsXmlData = {
    body?: never;
    path: {
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: never;
    url: '/feeds/{token}/podcasts.xml';
};

export type GetFeedsByTokenPodcastsXmlErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenPodcastsXmlError = GetFeedsByTokenPodcastsXmlErrors[keyof GetFeedsByTokenPodcastsXmlErrors];

export type GetFeedsByTokenPodcastsXmlResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetFeedsByTokenPodcastsByPodcastIdByNameData = {
    body?: never;
    path: {
        /**
         * Podcast Id
         */
        podcast_id: string;
        /**
         * Name
         */
        name: string;
        /**
         * Token
         *
         * one of the user's feed tokens
         */
        token: string;
    };
    query?: never;
    url: '/feeds/{token}/podcasts/{podcast_id}/{name}';
};

export type GetFeedsByTokenPodcastsByPodcastIdByNameErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * The file is not the one that `If-Match` or `If-Unmodified-Since` means (412).
     */
    412: ErrorBody;
    /**
     * Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is.
     */
    416: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
    /**
     * Slow down (429); `Retry-After` says for how many seconds.
     */
    429: ErrorBody;
};

export type GetFeedsByTokenPodcastsByPodcastIdByNameError = GetFeedsByTokenPodcastsByPodcastIdByNameErrors[keyof GetFeedsByTokenPodcastsByPodcastIdByNameErrors];

export type GetFeedsByTokenPodcastsByPodcastIdByNameResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1DigestsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/digests';
};

export type GetApiV1DigestsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
};

export type GetApiV1DigestsError = GetApiV1DigestsErrors[keyof GetApiV1DigestsErrors];

export type GetApiV1DigestsResponses = {
    /**
     * Response List Digests
     *
     * Successful Response
     */
    200: Array<DigestOut>;
};

export type GetApiV1DigestsResponse = GetApiV1DigestsResponses[keyof GetApiV1DigestsResponses];

export type PostApiV1DigestsData = {
    body: DigestCreate;
    path?: never;
    query?: never;
    url: '/api/v1/digests';
};

export type PostApiV1DigestsErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DigestsError = PostApiV1DigestsErrors[keyof PostApiV1DigestsErrors];

export type PostApiV1DigestsResponses = {
    /**
     * Successful Response
     */
    200: DigestOut;
};

export type PostApiV1DigestsResponse = PostApiV1DigestsResponses[keyof PostApiV1DigestsResponses];

export type DeleteApiV1DigestsByDigestIdData = {
    body?: never;
    path: {
        /**
         * Digest Id
         */
        digest_id: number;
    };
    query?: never;
    url: '/api/v1/digests/{digest_id}';
};

export type DeleteApiV1DigestsByDigestIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1DigestsByDigestIdError = DeleteApiV1DigestsByDigestIdErrors[keyof DeleteApiV1DigestsByDigestIdErrors];

export type DeleteApiV1DigestsByDigestIdResponses = {
    /**
     * Successful Response
     */
    200: DigestOut;
};

export type DeleteApiV1DigestsByDigestIdResponse = DeleteApiV1DigestsByDigestIdResponses[keyof DeleteApiV1DigestsByDigestIdResponses];

export type GetApiV1DigestsByDigestIdData = {
    body?: never;
    path: {
        /**
         * Digest Id
         */
        digest_id: number;
    };
    query?: never;
    url: '/api/v1/digests/{digest_id}';
};

export type GetApiV1DigestsByDigestIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1DigestsByDigestIdError = GetApiV1DigestsByDigestIdErrors[keyof GetApiV1DigestsByDigestIdErrors];

export type GetApiV1DigestsByDigestIdResponses = {
    /**
     * Successful Response
     */
    200: DigestOut;
};

export type GetApiV1DigestsByDigestIdResponse = GetApiV1DigestsByDigestIdResponses[keyof GetApiV1DigestsByDigestIdResponses];

export type PutApiV1DigestsByDigestIdData = {
    body: DigestUpdate;
    path: {
        /**
         * Digest Id
         */
        digest_id: number;
    };
    query?: never;
    url: '/api/v1/digests/{digest_id}';
};

export type PutApiV1DigestsByDigestIdErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PutApiV1DigestsByDigestIdError = PutApiV1DigestsByDigestIdErrors[keyof PutApiV1DigestsByDigestIdErrors];

export type PutApiV1DigestsByDigestIdResponses = {
    /**
     * Successful Response
     */
    200: DigestOut;
};

export type PutApiV1DigestsByDigestIdResponse = PutApiV1DigestsByDigestIdResponses[keyof PutApiV1DigestsByDigestIdResponses];

export type PostApiV1DigestsByDigestIdRunData = {
    body?: never;
    path: {
        /**
         * Digest Id
         */
        digest_id: number;
    };
    query?: never;
    url: '/api/v1/digests/{digest_id}/run';
};

export type PostApiV1DigestsByDigestIdRunErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DigestsByDigestIdRunError = PostApiV1DigestsByDigestIdRunErrors[keyof PostApiV1DigestsByDigestIdRunErrors];

export type PostApiV1DigestsByDigestIdRunResponses = {
    /**
     * Successful Response
     */
    200: DigestOut;
};

export type PostApiV1DigestsByDigestIdRunResponse = PostApiV1DigestsByDigestIdRunResponses[keyof PostApiV1DigestsByDigestIdRunResponses];

export type GetApiV1DatabaseExportData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/database/export';
};

export type GetApiV1DatabaseExportErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not possible at the moment (503).
     */
    503: ErrorBody;
};

export type GetApiV1DatabaseExportError = GetApiV1DatabaseExportErrors[keyof GetApiV1DatabaseExportErrors];

export type GetApiV1DatabaseExportResponses = {
    /**
     * The file.
     */
    200: Blob | File;
};

export type GetApiV1DatabaseExportResponse = GetApiV1DatabaseExportResponses[keyof GetApiV1DatabaseExportResponses];

export type GetApiV1DatabaseImportData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/database/import';
};

export type GetApiV1DatabaseImportErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type GetApiV1DatabaseImportError = GetApiV1DatabaseImportErrors[keyof GetApiV1DatabaseImportErrors];

export type GetApiV1DatabaseImportResponses = {
    /**
     * Successful Response
     */
    200: ImportStateOut;
};

export type GetApiV1DatabaseImportResponse = GetApiV1DatabaseImportResponses[keyof GetApiV1DatabaseImportResponses];

export type PostApiV1DatabaseImportData = {
    body: {
        file: Blob | File;
    };
    path?: never;
    query?: never;
    url: '/api/v1/database/import';
};

export type PostApiV1DatabaseImportErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * The body is larger than allowed (413).
     */
    413: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DatabaseImportError = PostApiV1DatabaseImportErrors[keyof PostApiV1DatabaseImportErrors];

export type PostApiV1DatabaseImportResponses = {
    /**
     * Successful Response
     */
    200: ImportStarted;
};

export type PostApiV1DatabaseImportResponse = PostApiV1DatabaseImportResponses[keyof PostApiV1DatabaseImportResponses];

export type GetApiV1DatabaseImportByReceiptData = {
    body?: never;
    path: {
        /**
         * Receipt
         *
         * as the start answered
         */
        receipt: string;
    };
    query?: never;
    url: '/api/v1/database/import/{receipt}';
};

export type GetApiV1DatabaseImportByReceiptErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1DatabaseImportByReceiptError = GetApiV1DatabaseImportByReceiptErrors[keyof GetApiV1DatabaseImportByReceiptErrors];

export type GetApiV1DatabaseImportByReceiptResponses = {
    /**
     * Successful Response
     */
    200: ImportStateOut;
};

export type GetApiV1DatabaseImportByReceiptResponse = GetApiV1DatabaseImportByReceiptResponses[keyof GetApiV1DatabaseImportByReceiptResponses];

export type GetApiV1BackupsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/backups';
};

export type GetApiV1BackupsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
};

export type GetApiV1BackupsError = GetApiV1BackupsErrors[keyof GetApiV1BackupsErrors];

export type GetApiV1BackupsResponses = {
    /**
     * Successful Response
     */
    200: BackupList;
};

export type GetApiV1BackupsResponse = GetApiV1BackupsResponses[keyof GetApiV1BackupsResponses];

export type PostApiV1BackupsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/backups';
};

export type PostApiV1BackupsErrors = {
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not possible at the moment (503).
     */
    503: ErrorBody;
};

export type PostApiV1BackupsError = PostApiV1BackupsErrors[keyof PostApiV1BackupsErrors];

export type PostApiV1BackupsResponses = {
    /**
     * Successful Response
     */
    201: BackupOut;
};

export type PostApiV1BackupsResponse = PostApiV1BackupsResponses[keyof PostApiV1BackupsResponses];

export type DeleteApiV1BackupsByNameData = {
    body?: never;
    path: {
        /**
         * Name
         *
         * as in the list of backups
         */
        name: string;
    };
    query?: never;
    url: '/api/v1/backups/{name}';
};

export type DeleteApiV1BackupsByNameErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1BackupsByNameError = DeleteApiV1BackupsByNameErrors[keyof DeleteApiV1BackupsByNameErrors];

export type DeleteApiV1BackupsByNameResponses = {
    /**
     * Successful Response
     */
    200: BackupOut;
};

export type DeleteApiV1BackupsByNameResponse = DeleteApiV1BackupsByNameResponses[keyof DeleteApiV1BackupsByNameResponses];

export type GetApiV1BackupsByNameData = {
    body?: never;
    path: {
        /**
         * Name
         *
         * as in the list of backups
         */
        name: string;
    };
    query?: never;
    url: '/api/v1/backups/{name}';
};

export type GetApiV1BackupsByNameErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1BackupsByNameError = GetApiV1BackupsByNameErrors[keyof GetApiV1BackupsByNameErrors];

export type GetApiV1BackupsByNameResponses = {
    /**
     * The file.
     */
    200: Blob | File;
};

export type GetApiV1BackupsByNameResponse = GetApiV1BackupsByNameResponses[keyof GetApiV1BackupsByNameResponses];

export type PostApiV1BackupsByNameRestoreData = {
    body?: never;
    path: {
        /**
         * Name
         *
         * as in the list of backups
         */
        name: string;
    };
    query?: never;
    url: '/api/v1/backups/{name}/restore';
};

export type PostApiV1BackupsByNameRestoreErrors = {
    /**
     * Input that is well-formed and breaks a rule (400).
     */
    400: ValidationBody;
    /**
     * No credentials (401).
     */
    401: ErrorBody;
    /**
     * Signed in, but without the right (403).
     */
    403: ErrorBody;
    /**
     * Not there, or not yours (404).
     */
    404: ErrorBody;
    /**
     * In conflict with the present state (409).
     */
    409: ErrorBody;
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1BackupsByNameRestoreError = PostApiV1BackupsByNameRestoreErrors[keyof PostApiV1BackupsByNameRestoreErrors];

export type PostApiV1BackupsByNameRestoreResponses = {
    /**
     * Successful Response
     */
    200: ImportStarted;
};

export type PostApiV1BackupsByNameRestoreResponse = PostApiV1BackupsByNameRestoreResponses[keyof PostApiV1BackupsByNameRestoreResponses];
