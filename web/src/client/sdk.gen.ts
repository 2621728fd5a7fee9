// Generated from openapi.json by `npm run client`. Do not edit.

import { type Client, type Options as Options2, type TDataShape, urlSearchParamsBodySerializer } from './client';
import { client } from './client.gen';
import type { DeleteApiV1ItemsByItemIdData, DeleteApiV1ItemsByItemIdErrors, DeleteApiV1ItemsByItemIdResponses, GetApiV1DownloadsByDownloadIdData, GetApiV1DownloadsByDownloadIdErrors, GetApiV1DownloadsByDownloadIdResponses, GetApiV1DownloadsData, GetApiV1DownloadsErrors, GetApiV1DownloadsResponses, GetApiV1ItemsByItemIdData, GetApiV1ItemsByItemIdErrors, GetApiV1ItemsByItemIdFileData, GetApiV1ItemsByItemIdFileErrors, GetApiV1ItemsByItemIdFileResponses, GetApiV1ItemsByItemIdResponses, GetApiV1ItemsByItemIdThumbnailData, GetApiV1ItemsByItemIdThumbnailErrors, GetApiV1ItemsByItemIdThumbnailResponses, GetApiV1ItemsData, GetApiV1ItemsErrors, GetApiV1ItemsResponses, GetApiV1SetupStateData, GetApiV1SetupStateResponses, GetApiV1UsersMeData, GetApiV1UsersMeErrors, GetApiV1UsersMeResponses, GetAuthMeData, GetAuthMeErrors, GetAuthMeResponses, GetHealthData, GetHealthErrors, GetHealthResponses, GetMetricsData, GetMetricsResponses, PostApiV1DownloadsByDownloadIdCancelData, PostApiV1DownloadsByDownloadIdCancelErrors, PostApiV1DownloadsByDownloadIdCancelResponses, PostApiV1DownloadsByDownloadIdRetryData, PostApiV1DownloadsByDownloadIdRetryErrors, PostApiV1DownloadsByDownloadIdRetryResponses, PostApiV1DownloadsData, PostApiV1DownloadsErrors, PostApiV1DownloadsResponses, PostApiV1InspectData, PostApiV1InspectErrors, PostApiV1InspectResponses, PostApiV1LoginAccessTokenData, PostApiV1LoginAccessTokenErrors, PostApiV1LoginAccessTokenResponses, PostApiV1LoginTestTokenData, PostApiV1LoginTestTokenErrors, PostApiV1LoginTestTokenResponses, PostApiV1UsersData, PostApiV1UsersErrors, PostApiV1UsersResponses, PostAuthLoginData, PostAuthLoginErrors, PostAuthLoginResponses, PostAuthLogoutData, PostAuthLogoutErrors, PostAuthLogoutResponses, PostAuthRegisterData, PostAuthRegisterErrors, PostAuthRegisterResponses } from './types.gen';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};

/**
 * Setup State
 *
 * What a page needs to know before anybody is signed in.
 */
export const getApiV1SetupState = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1SetupStateData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1SetupStateResponses, unknown, ThrowOnError>({ url: '/api/v1/setup-state', ...options });

/**
 * Register
 *
 * Make an account. The first one is the superuser's; after that registration may be closed (403).
 */
export const postAuthRegister = <ThrowOnError extends boolean = true>(options: Options<PostAuthRegisterData, ThrowOnError>) => (options.client ?? client).post<PostAuthRegisterResponses, PostAuthRegisterErrors, ThrowOnError>({
    url: '/auth/register',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Create User
 *
 * Make an account without signing in: the first one, which is the superuser's, or while registration is open.
 */
export const postApiV1Users = <ThrowOnError extends boolean = true>(options: Options<PostApiV1UsersData, ThrowOnError>) => (options.client ?? client).post<PostApiV1UsersResponses, PostApiV1UsersErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Login
 *
 * Sign in with user name or e-mail address, by form or JSON. With `"cookie": true` the token comes as a cookie.
 */
export const postAuthLogin = <ThrowOnError extends boolean = true>(options: Options<PostAuthLoginData, ThrowOnError>) => (options.client ?? client).post<PostAuthLoginResponses, PostAuthLoginErrors, ThrowOnError>({
    url: '/auth/login',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Login For Access Token
 *
 * Sign in with user name or e-mail address, by form.
 */
export const postApiV1LoginAccessToken = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LoginAccessTokenData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LoginAccessTokenResponses, PostApiV1LoginAccessTokenErrors, ThrowOnError>({
    ...urlSearchParamsBodySerializer,
    url: '/api/v1/login/access-token',
    ...options,
    headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...options.headers
    }
});

/**
 * Logout
 *
 * Sign out: this session's token stops counting at once.
 */
export const postAuthLogout = <ThrowOnError extends boolean = true>(options?: Options<PostAuthLogoutData, ThrowOnError>) => (options?.client ?? client).post<PostAuthLogoutResponses, PostAuthLogoutErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/auth/logout',
    ...options
});

/**
 * Me
 *
 * The signed-in user.
 */
export const getAuthMe = <ThrowOnError extends boolean = true>(options?: Options<GetAuthMeData, ThrowOnError>) => (options?.client ?? client).get<GetAuthMeResponses, GetAuthMeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/auth/me',
    ...options
});

/**
 * Users Me
 *
 * The signed-in user.
 */
export const getApiV1UsersMe = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1UsersMeData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1UsersMeResponses, GetApiV1UsersMeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/me',
    ...options
});

/**
 * Check Token
 *
 * Whether the token counts: answers the user whose it is.
 */
export const postApiV1LoginTestToken = <ThrowOnError extends boolean = true>(options?: Options<PostApiV1LoginTestTokenData, ThrowOnError>) => (options?.client ?? client).post<PostApiV1LoginTestTokenResponses, PostApiV1LoginTestTokenErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/login/test-token',
    ...options
});

/**
 * List Downloads
 *
 * Your downloads, newest first.
 */
export const getApiV1Downloads = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1DownloadsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1DownloadsResponses, GetApiV1DownloadsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/downloads',
    ...options
});

/**
 * Create Download
 *
 * Save the medium at an address.
 */
export const postApiV1Downloads = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadsResponses, PostApiV1DownloadsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/downloads',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Download
 *
 * One download.
 */
export const getApiV1DownloadsByDownloadId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1DownloadsByDownloadIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1DownloadsByDownloadIdResponses, GetApiV1DownloadsByDownloadIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/downloads/{download_id}',
    ...options
});

/**
 * Cancel Download
 *
 * End a download; its processes and temporary files are gone within two seconds.
 */
export const postApiV1DownloadsByDownloadIdCancel = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadsByDownloadIdCancelData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadsByDownloadIdCancelResponses, PostApiV1DownloadsByDownloadIdCancelErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/downloads/{download_id}/cancel',
    ...options
});

/**
 * Retry Download
 *
 * Try a download again, now.
 */
export const postApiV1DownloadsByDownloadIdRetry = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadsByDownloadIdRetryData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadsByDownloadIdRetryResponses, PostApiV1DownloadsByDownloadIdRetryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/downloads/{download_id}/retry',
    ...options
});

/**
 * Inspect
 *
 * Say what an address is and what can be done with it, within about a second.
 */
export const postApiV1Inspect = <ThrowOnError extends boolean = true>(options: Options<PostApiV1InspectData, ThrowOnError>) => (options.client ?? client).post<PostApiV1InspectResponses, PostApiV1InspectErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/inspect',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Items
 *
 * What has been saved, newest first.
 */
export const getApiV1Items = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ItemsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ItemsResponses, GetApiV1ItemsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items',
    ...options
});

/**
 * Delete Item
 *
 * Take the item out of your library; the files go with the last one who holds it.
 */
export const deleteApiV1ItemsByItemId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1ItemsByItemIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1ItemsByItemIdResponses, DeleteApiV1ItemsByItemIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}',
    ...options
});

/**
 * Get Item
 *
 * One item with its files.
 */
export const getApiV1ItemsByItemId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdResponses, GetApiV1ItemsByItemIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}',
    ...options
});

/**
 * Get File
 *
 * A file's bytes, with ranges and conditional requests.
 */
export const getApiV1ItemsByItemIdFile = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdFileData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdFileResponses, GetApiV1ItemsByItemIdFileErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/file',
    ...options
});

/**
 * Get Thumbnail
 *
 * The item's small picture.
 */
export const getApiV1ItemsByItemIdThumbnail = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdThumbnailData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdThumbnailResponses, GetApiV1ItemsByItemIdThumbnailErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/thumbnail',
    ...options
});

/**
 * Get Health
 *
 * 200 when all is well, 503 with the part that ails.
 */
export const getHealth = <ThrowOnError extends boolean = true>(options?: Options<GetHealthData, ThrowOnError>) => (options?.client ?? client).get<GetHealthResponses, GetHealthErrors, ThrowOnError>({ url: '/health', ...options });

/**
 * Get Metrics
 *
 * Figures in Prometheus' text format.
 */
export const getMetrics = <ThrowOnError extends boolean = true>(options?: Options<GetMetricsData, ThrowOnError>) => (options?.client ?? client).get<GetMetricsResponses, unknown, ThrowOnError>({ url: '/metrics', ...options });
