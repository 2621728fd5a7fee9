// Generated from openapi.json by `npm run client`. Do not edit.

import type { Client, Options as Options2, TDataShape } from './client';
import { client } from './client.gen';
import type { DeleteApiV1ItemsByIdData, DeleteApiV1ItemsByIdErrors, DeleteApiV1ItemsByIdResponses, GetApiV1DownloadsByIdData, GetApiV1DownloadsByIdErrors, GetApiV1DownloadsByIdResponses, GetApiV1DownloadsData, GetApiV1DownloadsErrors, GetApiV1DownloadsResponses, GetApiV1ItemsByIdData, GetApiV1ItemsByIdErrors, GetApiV1ItemsByIdFileData, GetApiV1ItemsByIdFileErrors, GetApiV1ItemsByIdFileResponses, GetApiV1ItemsByIdResponses, GetApiV1ItemsByIdThumbnailData, GetApiV1ItemsByIdThumbnailErrors, GetApiV1ItemsByIdThumbnailResponses, GetApiV1ItemsData, GetApiV1ItemsErrors, GetApiV1ItemsResponses, GetApiV1SetupStateData, GetApiV1SetupStateResponses, GetAuthMeData, GetAuthMeResponses, PostApiV1DownloadsByIdCancelData, PostApiV1DownloadsByIdCancelErrors, PostApiV1DownloadsByIdCancelResponses, PostApiV1DownloadsByIdRetryData, PostApiV1DownloadsByIdRetryErrors, PostApiV1DownloadsByIdRetryResponses, PostApiV1DownloadsData, PostApiV1DownloadsErrors, PostApiV1DownloadsResponses, PostApiV1InspectData, PostApiV1InspectErrors, PostApiV1InspectResponses, PostAuthLoginData, PostAuthLoginErrors, PostAuthLoginResponses, PostAuthLogoutData, PostAuthLogoutResponses, PostAuthRegisterData, PostAuthRegisterErrors, PostAuthRegisterResponses } from './types.gen';

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
 * Setup
 */
export const getApiV1SetupState = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1SetupStateData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1SetupStateResponses, unknown, ThrowOnError>({ url: '/api/v1/setup-state', ...options });

/**
 * Register
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
 * Login
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
 * Logout
 */
export const postAuthLogout = <ThrowOnError extends boolean = true>(options?: Options<PostAuthLogoutData, ThrowOnError>) => (options?.client ?? client).post<PostAuthLogoutResponses, unknown, ThrowOnError>({ url: '/auth/logout', ...options });

/**
 * Whoami
 */
export const getAuthMe = <ThrowOnError extends boolean = true>(options?: Options<GetAuthMeData, ThrowOnError>) => (options?.client ?? client).get<GetAuthMeResponses, unknown, ThrowOnError>({ url: '/auth/me', ...options });

/**
 * Inspect
 */
export const postApiV1Inspect = <ThrowOnError extends boolean = true>(options: Options<PostApiV1InspectData, ThrowOnError>) => (options.client ?? client).post<PostApiV1InspectResponses, PostApiV1InspectErrors, ThrowOnError>({
    url: '/api/v1/inspect',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Lst
 */
export const getApiV1Downloads = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1DownloadsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1DownloadsResponses, GetApiV1DownloadsErrors, ThrowOnError>({ url: '/api/v1/downloads', ...options });

/**
 * Post
 */
export const postApiV1Downloads = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadsResponses, PostApiV1DownloadsErrors, ThrowOnError>({
    url: '/api/v1/downloads',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * One
 */
export const getApiV1DownloadsById = <ThrowOnError extends boolean = true>(options: Options<GetApiV1DownloadsByIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1DownloadsByIdResponses, GetApiV1DownloadsByIdErrors, ThrowOnError>({ url: '/api/v1/downloads/{id}', ...options });

/**
 * Cancel
 */
export const postApiV1DownloadsByIdCancel = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadsByIdCancelData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadsByIdCancelResponses, PostApiV1DownloadsByIdCancelErrors, ThrowOnError>({ url: '/api/v1/downloads/{id}/cancel', ...options });

/**
 * Retry
 */
export const postApiV1DownloadsByIdRetry = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadsByIdRetryData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadsByIdRetryResponses, PostApiV1DownloadsByIdRetryErrors, ThrowOnError>({ url: '/api/v1/downloads/{id}/retry', ...options });

/**
 * Items
 */
export const getApiV1Items = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ItemsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ItemsResponses, GetApiV1ItemsErrors, ThrowOnError>({ url: '/api/v1/items', ...options });

/**
 * Rm
 */
export const deleteApiV1ItemsById = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1ItemsByIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1ItemsByIdResponses, DeleteApiV1ItemsByIdErrors, ThrowOnError>({ url: '/api/v1/items/{id}', ...options });

/**
 * Oneitem
 */
export const getApiV1ItemsById = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByIdResponses, GetApiV1ItemsByIdErrors, ThrowOnError>({ url: '/api/v1/items/{id}', ...options });

/**
 * File
 */
export const getApiV1ItemsByIdFile = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByIdFileData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByIdFileResponses, GetApiV1ItemsByIdFileErrors, ThrowOnError>({ url: '/api/v1/items/{id}/file', ...options });

/**
 * Thumb
 */
export const getApiV1ItemsByIdThumbnail = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByIdThumbnailData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByIdThumbnailResponses, GetApiV1ItemsByIdThumbnailErrors, ThrowOnError>({ url: '/api/v1/items/{id}/thumbnail', ...options });
