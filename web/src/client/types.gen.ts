// Generated from openapi.json by `npm run client`. Do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
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
     */
    profile?: 'video' | 'audio';
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
     * typed code of a failure or skip
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
     * relative to the media root
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
 * One file of an item. `path` is relative to the media root; sizes in bytes, durations in seconds.
 */
export type FileOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Role
     */
    role: 'media' | 'image' | 'thumbnail' | 'subtitle' | 'info';
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
    verbs: Array<'save'>;
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
     * Files
     */
    files: Array<FileOut>;
};

/**
 * ItemPage
 *
 * A page of items, newest first. `next_cursor` is null on the last page.
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
     */
    total: number;
};

/**
 * Message
 *
 * What was done.
 */
export type Message = {
    /**
     * Message
     */
    message: string;
};

/**
 * NewAccount
 *
 * A new account.
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
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Superuser
     */
    is_superuser: boolean;
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

export type PostApiV1UsersData = {
    body: NewAccount;
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
         * User name or e-mail address.
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
         * User name or e-mail address.
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
    200: Message;
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
    200: UserAnswer;
};

export type GetApiV1UsersMeResponse = GetApiV1UsersMeResponses[keyof GetApiV1UsersMeResponses];

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

export type GetApiV1ItemsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Q
         *
         * words that title, artist or album hold
         */
        q?: string | null;
        /**
         * Kind
         */
        kind?: 'video' | 'audio' | 'gallery' | 'image' | 'file' | null;
        /**
         * Cursor
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

export type DeleteApiV1ItemsByItemIdData = {
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

export type DeleteApiV1ItemsByItemIdErrors = {
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
    200: ItemOut;
};

export type GetApiV1ItemsByItemIdResponse = GetApiV1ItemsByItemIdResponses[keyof GetApiV1ItemsByItemIdResponses];

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

export type GetApiV1ItemsByItemIdThumbnailError = GetApiV1ItemsByItemIdThumbnailErrors[keyof GetApiV1ItemsByItemIdThumbnailErrors];

export type GetApiV1ItemsByItemIdThumbnailResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

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
