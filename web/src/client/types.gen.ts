// Generated from openapi.json by `npm run client`. Do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

/**
 * Download
 */
export type Download = {
    /**
     * Id
     */
    id: string;
    /**
     * Url
     */
    url: string;
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
     * Site
     */
    site: string | null;
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
     */
    reason: string | null;
    /**
     * Error Message
     */
    error_message: string | null;
    /**
     * Hint
     */
    hint: string | null;
    /**
     * File Path
     */
    file_path: string | null;
    /**
     * Item Id
     */
    item_id: string | null;
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
     */
    speed: number | null;
    /**
     * Eta
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
 * DownloadCreate
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
 * DownloadPage
 */
export type DownloadPage = {
    /**
     * Downloads
     */
    downloads: Array<Download>;
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
 * HTTPValidationError
 */
export type HttpValidationError = {
    /**
     * Detail
     */
    detail?: Array<ValidationError>;
};

/**
 * InspectIn
 */
export type InspectIn = {
    /**
     * Url
     */
    url: string;
};

/**
 * Inspection
 */
export type Inspection = {
    /**
     * Url
     */
    url: string;
    /**
     * Site
     */
    site: string | null;
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
    title?: string | null;
    /**
     * Verbs
     */
    verbs: Array<string>;
    /**
     * Message
     */
    message?: string | null;
};

/**
 * Item
 */
export type Item = {
    /**
     * Id
     */
    id: string;
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
     * Duration
     */
    duration: number | null;
    /**
     * Size
     */
    size: number;
    /**
     * Source Url
     */
    source_url: string | null;
    /**
     * Site
     */
    site: string | null;
    /**
     * Extractor
     */
    extractor: string | null;
    /**
     * Published At
     */
    published_at: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Description
     */
    description: string | null;
    /**
     * Thumbnail Url
     */
    thumbnail_url: string | null;
    /**
     * Files
     */
    files: Array<ItemFile>;
};

/**
 * ItemFile
 */
export type ItemFile = {
    /**
     * Id
     */
    id: string;
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
    width?: number | null;
    /**
     * Height
     */
    height?: number | null;
};

/**
 * ItemPage
 */
export type ItemPage = {
    /**
     * Items
     */
    items: Array<Item>;
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
 * Login
 */
export type Login = {
    /**
     * Username
     */
    username?: string;
    /**
     * Password
     */
    password: string;
    /**
     * Cookie
     */
    cookie?: boolean;
};

/**
 * Register
 */
export type Register = {
    /**
     * Username
     */
    username: string;
    /**
     * Email
     */
    email?: string | null;
    /**
     * Password
     */
    password: string;
};

/**
 * SetupState
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
     */
    single_password: boolean;
    /**
     * Version
     */
    version: string;
};

/**
 * Token
 */
export type Token = {
    /**
     * Access Token
     */
    access_token: string;
    /**
     * Token Type
     */
    token_type?: string;
};

/**
 * User
 */
export type User = {
    /**
     * Id
     */
    id: number;
    /**
     * Username
     */
    username: string;
    /**
     * Email
     */
    email: string | null;
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
    body: Register;
    path?: never;
    query?: never;
    url: '/auth/register';
};

export type PostAuthRegisterErrors = {
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
    200: User;
};

export type PostAuthRegisterResponse = PostAuthRegisterResponses[keyof PostAuthRegisterResponses];

export type PostAuthLoginData = {
    body: Login;
    path?: never;
    query?: never;
    url: '/auth/login';
};

export type PostAuthLoginErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostAuthLoginError = PostAuthLoginErrors[keyof PostAuthLoginErrors];

export type PostAuthLoginResponses = {
    /**
     * Successful Response
     */
    200: Token;
};

export type PostAuthLoginResponse = PostAuthLoginResponses[keyof PostAuthLoginResponses];

export type PostAuthLogoutData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/auth/logout';
};

export type PostAuthLogoutResponses = {
    /**
     * Response Logout Auth Logout Post
     *
     * Successful Response
     */
    200: {
        [key: string]: string;
    };
};

export type PostAuthLogoutResponse = PostAuthLogoutResponses[keyof PostAuthLogoutResponses];

export type GetAuthMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/auth/me';
};

export type GetAuthMeResponses = {
    /**
     * Successful Response
     */
    200: User;
};

export type GetAuthMeResponse = GetAuthMeResponses[keyof GetAuthMeResponses];

export type PostApiV1InspectData = {
    body: InspectIn;
    path?: never;
    query?: never;
    url: '/api/v1/inspect';
};

export type PostApiV1InspectErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1InspectError = PostApiV1InspectErrors[keyof PostApiV1InspectErrors];

export type PostApiV1InspectResponses = {
    /**
     * Successful Response
     */
    200: Inspection;
};

export type PostApiV1InspectResponse = PostApiV1InspectResponses[keyof PostApiV1InspectResponses];

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
         */
        status?: string | null;
    };
    url: '/api/v1/downloads';
};

export type GetApiV1DownloadsErrors = {
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
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadsError = PostApiV1DownloadsErrors[keyof PostApiV1DownloadsErrors];

export type PostApiV1DownloadsResponses = {
    /**
     * Successful Response
     */
    200: Download;
};

export type PostApiV1DownloadsResponse = PostApiV1DownloadsResponses[keyof PostApiV1DownloadsResponses];

export type GetApiV1DownloadsByIdData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/downloads/{id}';
};

export type GetApiV1DownloadsByIdErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1DownloadsByIdError = GetApiV1DownloadsByIdErrors[keyof GetApiV1DownloadsByIdErrors];

export type GetApiV1DownloadsByIdResponses = {
    /**
     * Successful Response
     */
    200: Download;
};

export type GetApiV1DownloadsByIdResponse = GetApiV1DownloadsByIdResponses[keyof GetApiV1DownloadsByIdResponses];

export type PostApiV1DownloadsByIdCancelData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/downloads/{id}/cancel';
};

export type PostApiV1DownloadsByIdCancelErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadsByIdCancelError = PostApiV1DownloadsByIdCancelErrors[keyof PostApiV1DownloadsByIdCancelErrors];

export type PostApiV1DownloadsByIdCancelResponses = {
    /**
     * Successful Response
     */
    200: Download;
};

export type PostApiV1DownloadsByIdCancelResponse = PostApiV1DownloadsByIdCancelResponses[keyof PostApiV1DownloadsByIdCancelResponses];

export type PostApiV1DownloadsByIdRetryData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/downloads/{id}/retry';
};

export type PostApiV1DownloadsByIdRetryErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type PostApiV1DownloadsByIdRetryError = PostApiV1DownloadsByIdRetryErrors[keyof PostApiV1DownloadsByIdRetryErrors];

export type PostApiV1DownloadsByIdRetryResponses = {
    /**
     * Successful Response
     */
    200: Download;
};

export type PostApiV1DownloadsByIdRetryResponse = PostApiV1DownloadsByIdRetryResponses[keyof PostApiV1DownloadsByIdRetryResponses];

export type GetApiV1ItemsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Q
         */
        q?: string | null;
        /**
         * Kind
         */
        kind?: string | null;
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

export type DeleteApiV1ItemsByIdData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/items/{id}';
};

export type DeleteApiV1ItemsByIdErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type DeleteApiV1ItemsByIdError = DeleteApiV1ItemsByIdErrors[keyof DeleteApiV1ItemsByIdErrors];

export type DeleteApiV1ItemsByIdResponses = {
    /**
     * Successful Response
     */
    204: void;
};

export type DeleteApiV1ItemsByIdResponse = DeleteApiV1ItemsByIdResponses[keyof DeleteApiV1ItemsByIdResponses];

export type GetApiV1ItemsByIdData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/items/{id}';
};

export type GetApiV1ItemsByIdErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByIdError = GetApiV1ItemsByIdErrors[keyof GetApiV1ItemsByIdErrors];

export type GetApiV1ItemsByIdResponses = {
    /**
     * Successful Response
     */
    200: Item;
};

export type GetApiV1ItemsByIdResponse = GetApiV1ItemsByIdResponses[keyof GetApiV1ItemsByIdResponses];

export type GetApiV1ItemsByIdFileData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: {
        /**
         * File
         */
        file?: string | null;
    };
    url: '/api/v1/items/{id}/file';
};

export type GetApiV1ItemsByIdFileErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByIdFileError = GetApiV1ItemsByIdFileErrors[keyof GetApiV1ItemsByIdFileErrors];

export type GetApiV1ItemsByIdFileResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};

export type GetApiV1ItemsByIdThumbnailData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: never;
    url: '/api/v1/items/{id}/thumbnail';
};

export type GetApiV1ItemsByIdThumbnailErrors = {
    /**
     * Validation Error
     */
    422: HttpValidationError;
};

export type GetApiV1ItemsByIdThumbnailError = GetApiV1ItemsByIdThumbnailErrors[keyof GetApiV1ItemsByIdThumbnailErrors];

export type GetApiV1ItemsByIdThumbnailResponses = {
    /**
     * Successful Response
     */
    200: unknown;
};
