// Generated from openapi.json by `npm run client`. Do not edit.

import { type Client, formDataBodySerializer, type Options as Options2, type TDataShape, urlSearchParamsBodySerializer } from './client';
import { client } from './client.gen';
import type { DeleteApiV1ArtistsByArtistIdData, DeleteApiV1ArtistsByArtistIdErrors, DeleteApiV1ArtistsByArtistIdResponses, DeleteApiV1BackupsByNameData, DeleteApiV1BackupsByNameErrors, DeleteApiV1BackupsByNameResponses, DeleteApiV1CollectionsByCollectionIdData, DeleteApiV1CollectionsByCollectionIdErrors, DeleteApiV1CollectionsByCollectionIdItemsByItemIdData, DeleteApiV1CollectionsByCollectionIdItemsByItemIdErrors, DeleteApiV1CollectionsByCollectionIdItemsByItemIdResponses, DeleteApiV1CollectionsByCollectionIdResponses, DeleteApiV1DigestsByDigestIdData, DeleteApiV1DigestsByDigestIdErrors, DeleteApiV1DigestsByDigestIdResponses, DeleteApiV1FeedsTokensByTokenIdData, DeleteApiV1FeedsTokensByTokenIdErrors, DeleteApiV1FeedsTokensByTokenIdResponses, DeleteApiV1ItemsByItemIdAliasesByAliasIdData, DeleteApiV1ItemsByItemIdAliasesByAliasIdErrors, DeleteApiV1ItemsByItemIdAliasesByAliasIdResponses, DeleteApiV1ItemsByItemIdData, DeleteApiV1ItemsByItemIdErrors, DeleteApiV1ItemsByItemIdPlaybackData, DeleteApiV1ItemsByItemIdPlaybackErrors, DeleteApiV1ItemsByItemIdPlaybackResponses, DeleteApiV1ItemsByItemIdResponses, DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdData, DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdErrors, DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdResponses, DeleteApiV1LinksByLinkIdData, DeleteApiV1LinksByLinkIdErrors, DeleteApiV1LinksByLinkIdResponses, DeleteApiV1NotificationsTargetsByTargetIdData, DeleteApiV1NotificationsTargetsByTargetIdErrors, DeleteApiV1NotificationsTargetsByTargetIdResponses, DeleteApiV1PodcastsByPodcastIdData, DeleteApiV1PodcastsByPodcastIdErrors, DeleteApiV1PodcastsByPodcastIdResponses, DeleteApiV1ProfilesByProfileIdData, DeleteApiV1ProfilesByProfileIdErrors, DeleteApiV1ProfilesByProfileIdResponses, DeleteApiV1ServersByServerIdData, DeleteApiV1ServersByServerIdErrors, DeleteApiV1ServersByServerIdResponses, DeleteApiV1SettingsSavedByNameData, DeleteApiV1SettingsSavedByNameErrors, DeleteApiV1SettingsSavedByNameResponses, DeleteApiV1SitesBySiteCookiesData, DeleteApiV1SitesBySiteCookiesErrors, DeleteApiV1SitesBySiteCookiesResponses, DeleteApiV1TasksByTaskIdData, DeleteApiV1TasksByTaskIdErrors, DeleteApiV1TasksByTaskIdResponses, DeleteApiV1TemplatesByTemplateIdData, DeleteApiV1TemplatesByTemplateIdErrors, DeleteApiV1TemplatesByTemplateIdResponses, DeleteApiV1TrashData, DeleteApiV1TrashErrors, DeleteApiV1TrashResponses, DeleteApiV1UsersByUserIdData, DeleteApiV1UsersByUserIdErrors, DeleteApiV1UsersByUserIdResponses, DeleteApiV1UsersMeSessionsBySessionIdData, DeleteApiV1UsersMeSessionsBySessionIdErrors, DeleteApiV1UsersMeSessionsBySessionIdResponses, DeleteApiV1UsersMeSessionsData, DeleteApiV1UsersMeSessionsErrors, DeleteApiV1UsersMeSessionsResponses, DeleteApiV1UsersMeTokensByTokenIdData, DeleteApiV1UsersMeTokensByTokenIdErrors, DeleteApiV1UsersMeTokensByTokenIdResponses, GetApiV1ArtistsData, GetApiV1ArtistsErrors, GetApiV1ArtistsResponses, GetApiV1AuditData, GetApiV1AuditErrors, GetApiV1AuditExportData, GetApiV1AuditExportErrors, GetApiV1AuditExportResponses, GetApiV1AuditResponses, GetApiV1BackupsByNameData, GetApiV1BackupsByNameErrors, GetApiV1BackupsByNameResponses, GetApiV1BackupsData, GetApiV1BackupsErrors, GetApiV1BackupsResponses, GetApiV1CollectionsByCollectionIdData, GetApiV1CollectionsByCollectionIdErrors, GetApiV1CollectionsByCollectionIdItemsData, GetApiV1CollectionsByCollectionIdItemsErrors, GetApiV1CollectionsByCollectionIdItemsResponses, GetApiV1CollectionsByCollectionIdResponses, GetApiV1CollectionsData, GetApiV1CollectionsErrors, GetApiV1CollectionsResponses, GetApiV1DatabaseExportData, GetApiV1DatabaseExportErrors, GetApiV1DatabaseExportResponses, GetApiV1DatabaseImportByReceiptData, GetApiV1DatabaseImportByReceiptErrors, GetApiV1DatabaseImportByReceiptResponses, GetApiV1DatabaseImportData, GetApiV1DatabaseImportErrors, GetApiV1DatabaseImportResponses, GetApiV1DigestsByDigestIdData, GetApiV1DigestsByDigestIdErrors, GetApiV1DigestsByDigestIdResponses, GetApiV1DigestsData, GetApiV1DigestsErrors, GetApiV1DigestsResponses, GetApiV1DownloadDownloadSettingsData, GetApiV1DownloadDownloadSettingsErrors, GetApiV1DownloadDownloadSettingsResponses, GetApiV1DownloadsByDownloadIdData, GetApiV1DownloadsByDownloadIdErrors, GetApiV1DownloadsByDownloadIdResponses, GetApiV1DownloadsData, GetApiV1DownloadsErrors, GetApiV1DownloadsResponses, GetApiV1DownloadStatusData, GetApiV1DownloadStatusErrors, GetApiV1DownloadStatusResponses, GetApiV1FeedsData, GetApiV1FeedsErrors, GetApiV1FeedsResponses, GetApiV1FeedsTokensData, GetApiV1FeedsTokensErrors, GetApiV1FeedsTokensResponses, GetApiV1HealthDetailsData, GetApiV1HealthDetailsErrors, GetApiV1HealthDetailsResponses, GetApiV1HistoryByHistoryIdData, GetApiV1HistoryByHistoryIdErrors, GetApiV1HistoryByHistoryIdResponses, GetApiV1HistoryData, GetApiV1HistoryErrors, GetApiV1HistoryResponses, GetApiV1ItemsByItemIdAliasesData, GetApiV1ItemsByItemIdAliasesErrors, GetApiV1ItemsByItemIdAliasesResponses, GetApiV1ItemsByItemIdData, GetApiV1ItemsByItemIdErrors, GetApiV1ItemsByItemIdFileData, GetApiV1ItemsByItemIdFileErrors, GetApiV1ItemsByItemIdFileResponses, GetApiV1ItemsByItemIdPlaybackData, GetApiV1ItemsByItemIdPlaybackErrors, GetApiV1ItemsByItemIdPlaybackPlanData, GetApiV1ItemsByItemIdPlaybackPlanErrors, GetApiV1ItemsByItemIdPlaybackPlanResponses, GetApiV1ItemsByItemIdPlaybackResponses, GetApiV1ItemsByItemIdResponses, GetApiV1ItemsByItemIdStreamData, GetApiV1ItemsByItemIdStreamErrors, GetApiV1ItemsByItemIdStreamResponses, GetApiV1ItemsByItemIdSubtitlesByFileIdData, GetApiV1ItemsByItemIdSubtitlesByFileIdErrors, GetApiV1ItemsByItemIdSubtitlesByFileIdResponses, GetApiV1ItemsByItemIdThumbnailData, GetApiV1ItemsByItemIdThumbnailErrors, GetApiV1ItemsByItemIdThumbnailResponses, GetApiV1ItemsByItemIdTranscriptsData, GetApiV1ItemsByItemIdTranscriptsErrors, GetApiV1ItemsByItemIdTranscriptsResponses, GetApiV1ItemsByItemIdWaveformData, GetApiV1ItemsByItemIdWaveformErrors, GetApiV1ItemsByItemIdWaveformResponses, GetApiV1ItemsData, GetApiV1ItemsErrors, GetApiV1ItemsFacetsData, GetApiV1ItemsFacetsErrors, GetApiV1ItemsFacetsResponses, GetApiV1ItemsInProgressData, GetApiV1ItemsInProgressErrors, GetApiV1ItemsInProgressResponses, GetApiV1ItemsResponses, GetApiV1ItemsZipData, GetApiV1ItemsZipErrors, GetApiV1ItemsZipResponses, GetApiV1LibraryScansByScanIdData, GetApiV1LibraryScansByScanIdErrors, GetApiV1LibraryScansByScanIdResponses, GetApiV1LibraryScansData, GetApiV1LibraryScansErrors, GetApiV1LibraryScansResponses, GetApiV1LibraryStorageData, GetApiV1LibraryStorageErrors, GetApiV1LibraryStorageLinksData, GetApiV1LibraryStorageLinksErrors, GetApiV1LibraryStorageLinksResponses, GetApiV1LibraryStorageResponses, GetApiV1LibraryTwinsData, GetApiV1LibraryTwinsErrors, GetApiV1LibraryTwinsResponses, GetApiV1LinksByLinkIdData, GetApiV1LinksByLinkIdEntriesData, GetApiV1LinksByLinkIdEntriesErrors, GetApiV1LinksByLinkIdEntriesResponses, GetApiV1LinksByLinkIdErrors, GetApiV1LinksByLinkIdPictureData, GetApiV1LinksByLinkIdPictureErrors, GetApiV1LinksByLinkIdPictureResponses, GetApiV1LinksByLinkIdResponses, GetApiV1LinksData, GetApiV1LinksErrors, GetApiV1LinksResponses, GetApiV1LogsData, GetApiV1LogsErrors, GetApiV1LogsResponses, GetApiV1MusicData, GetApiV1MusicErrors, GetApiV1MusicResponses, GetApiV1NotificationsTargetsByTargetIdData, GetApiV1NotificationsTargetsByTargetIdErrors, GetApiV1NotificationsTargetsByTargetIdResponses, GetApiV1NotificationsTargetsData, GetApiV1NotificationsTargetsErrors, GetApiV1NotificationsTargetsResponses, GetApiV1PodcastsByPodcastIdAudioData, GetApiV1PodcastsByPodcastIdAudioErrors, GetApiV1PodcastsByPodcastIdAudioResponses, GetApiV1PodcastsByPodcastIdChaptersJsonData, GetApiV1PodcastsByPodcastIdChaptersJsonErrors, GetApiV1PodcastsByPodcastIdChaptersJsonResponses, GetApiV1PodcastsByPodcastIdCoverData, GetApiV1PodcastsByPodcastIdCoverErrors, GetApiV1PodcastsByPodcastIdCoverResponses, GetApiV1PodcastsByPodcastIdData, GetApiV1PodcastsByPodcastIdDownloadData, GetApiV1PodcastsByPodcastIdDownloadErrors, GetApiV1PodcastsByPodcastIdDownloadResponses, GetApiV1PodcastsByPodcastIdErrors, GetApiV1PodcastsByPodcastIdLiveData, GetApiV1PodcastsByPodcastIdLiveErrors, GetApiV1PodcastsByPodcastIdLiveResponses, GetApiV1PodcastsByPodcastIdResponses, GetApiV1PodcastsByPodcastIdScriptData, GetApiV1PodcastsByPodcastIdScriptErrors, GetApiV1PodcastsByPodcastIdScriptResponses, GetApiV1PodcastsByPodcastIdScriptsData, GetApiV1PodcastsByPodcastIdScriptsErrors, GetApiV1PodcastsByPodcastIdScriptsResponses, GetApiV1PodcastsByPodcastIdSourcesByPositionData, GetApiV1PodcastsByPodcastIdSourcesByPositionErrors, GetApiV1PodcastsByPodcastIdSourcesByPositionResponses, GetApiV1PodcastsByPodcastIdSourcesByPositionTextData, GetApiV1PodcastsByPodcastIdSourcesByPositionTextErrors, GetApiV1PodcastsByPodcastIdSourcesByPositionTextResponses, GetApiV1PodcastsByPodcastIdTranscriptVttData, GetApiV1PodcastsByPodcastIdTranscriptVttErrors, GetApiV1PodcastsByPodcastIdTranscriptVttResponses, GetApiV1PodcastsData, GetApiV1PodcastsErrors, GetApiV1PodcastsResponses, GetApiV1ProfilesByProfileIdData, GetApiV1ProfilesByProfileIdErrors, GetApiV1ProfilesByProfileIdResponses, GetApiV1ProfilesData, GetApiV1ProfilesErrors, GetApiV1ProfilesResponses, GetApiV1ProvidersData, GetApiV1ProvidersErrors, GetApiV1ProvidersResponses, GetApiV1ServersByServerIdData, GetApiV1ServersByServerIdErrors, GetApiV1ServersByServerIdLibrariesData, GetApiV1ServersByServerIdLibrariesErrors, GetApiV1ServersByServerIdLibrariesResponses, GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportData, GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportErrors, GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportResponses, GetApiV1ServersByServerIdPlaylistsData, GetApiV1ServersByServerIdPlaylistsErrors, GetApiV1ServersByServerIdPlaylistsResponses, GetApiV1ServersByServerIdResponses, GetApiV1ServersByServerIdTracksData, GetApiV1ServersByServerIdTracksErrors, GetApiV1ServersByServerIdTracksResponses, GetApiV1ServersData, GetApiV1ServersErrors, GetApiV1ServersKindsData, GetApiV1ServersKindsErrors, GetApiV1ServersKindsResponses, GetApiV1ServersResponses, GetApiV1SettingsData, GetApiV1SettingsErrors, GetApiV1SettingsResponses, GetApiV1SettingsSchemaData, GetApiV1SettingsSchemaErrors, GetApiV1SettingsSchemaResponses, GetApiV1SetupStateData, GetApiV1SetupStateResponses, GetApiV1SitesBySiteCookiesData, GetApiV1SitesBySiteCookiesErrors, GetApiV1SitesBySiteCookiesResponses, GetApiV1SitesData, GetApiV1SitesErrors, GetApiV1SitesResponses, GetApiV1TagsData, GetApiV1TagsErrors, GetApiV1TagsResponses, GetApiV1TasksByTaskIdCoverData, GetApiV1TasksByTaskIdCoverErrors, GetApiV1TasksByTaskIdCoverResponses, GetApiV1TasksByTaskIdData, GetApiV1TasksByTaskIdErrors, GetApiV1TasksByTaskIdExportData, GetApiV1TasksByTaskIdExportErrors, GetApiV1TasksByTaskIdExportResponses, GetApiV1TasksByTaskIdMatchesData, GetApiV1TasksByTaskIdMatchesErrors, GetApiV1TasksByTaskIdMatchesResponses, GetApiV1TasksByTaskIdPlanData, GetApiV1TasksByTaskIdPlanErrors, GetApiV1TasksByTaskIdPlanResponses, GetApiV1TasksByTaskIdResponses, GetApiV1TasksByTaskIdRunsData, GetApiV1TasksByTaskIdRunsErrors, GetApiV1TasksByTaskIdRunsResponses, GetApiV1TasksByTaskIdUnmatchedData, GetApiV1TasksByTaskIdUnmatchedErrors, GetApiV1TasksByTaskIdUnmatchedResponses, GetApiV1TasksData, GetApiV1TasksErrors, GetApiV1TasksNextRunsData, GetApiV1TasksNextRunsErrors, GetApiV1TasksNextRunsResponses, GetApiV1TasksResponses, GetApiV1TemplatesByTemplateIdData, GetApiV1TemplatesByTemplateIdErrors, GetApiV1TemplatesByTemplateIdResponses, GetApiV1TemplatesData, GetApiV1TemplatesErrors, GetApiV1TemplatesFileData, GetApiV1TemplatesFileErrors, GetApiV1TemplatesFileResponses, GetApiV1TemplatesResponses, GetApiV1TrashData, GetApiV1TrashErrors, GetApiV1TrashResponses, GetApiV1UsersByUserIdData, GetApiV1UsersByUserIdErrors, GetApiV1UsersByUserIdResponses, GetApiV1UsersData, GetApiV1UsersErrors, GetApiV1UsersMeData, GetApiV1UsersMeErrors, GetApiV1UsersMeResponses, GetApiV1UsersMeSessionsData, GetApiV1UsersMeSessionsErrors, GetApiV1UsersMeSessionsResponses, GetApiV1UsersMeTokensData, GetApiV1UsersMeTokensErrors, GetApiV1UsersMeTokensResponses, GetApiV1UsersResponses, GetApiV1VoicesData, GetApiV1VoicesErrors, GetApiV1VoicesPreviewData, GetApiV1VoicesPreviewErrors, GetApiV1VoicesPreviewResponses, GetApiV1VoicesResponses, GetAuthMeData, GetAuthMeErrors, GetAuthMeResponses, GetFeedsByTokenCollectionsByCollectionIdXmlData, GetFeedsByTokenCollectionsByCollectionIdXmlErrors, GetFeedsByTokenCollectionsByCollectionIdXmlResponses, GetFeedsByTokenFilesByItemIdByNameData, GetFeedsByTokenFilesByItemIdByNameErrors, GetFeedsByTokenFilesByItemIdByNameResponses, GetFeedsByTokenLibraryXmlData, GetFeedsByTokenLibraryXmlErrors, GetFeedsByTokenLibraryXmlResponses, GetFeedsByTokenLinksByLinkIdPictureData, GetFeedsByTokenLinksByLinkIdPictureErrors, GetFeedsByTokenLinksByLinkIdPictureResponses, GetFeedsByTokenLinksByLinkIdXmlData, GetFeedsByTokenLinksByLinkIdXmlErrors, GetFeedsByTokenLinksByLinkIdXmlResponses, GetFeedsByTokenOpmlXmlData, GetFeedsByTokenOpmlXmlErrors, GetFeedsByTokenOpmlXmlResponses, GetFeedsByTokenPodcastsByPodcastIdByNameData, GetFeedsByTokenPodcastsByPodcastIdByNameErrors, GetFeedsByTokenPodcastsByPodcastIdByNameResponses, GetFeedsByTokenPodcastsXmlData, GetFeedsByTokenPodcastsXmlErrors, GetFeedsByTokenPodcastsXmlResponses, GetFeedsByTokenSearchXmlData, GetFeedsByTokenSearchXmlErrors, GetFeedsByTokenSearchXmlResponses, GetHealthData, GetHealthErrors, GetHealthResponses, GetMetricsData, GetMetricsResponses, PostApiV1ArtistsData, PostApiV1ArtistsErrors, PostApiV1ArtistsResponses, PostApiV1BackupsByNameRestoreData, PostApiV1BackupsByNameRestoreErrors, PostApiV1BackupsByNameRestoreResponses, PostApiV1BackupsData, PostApiV1BackupsErrors, PostApiV1BackupsResponses, PostApiV1CollectionsByCollectionIdItemsData, PostApiV1CollectionsByCollectionIdItemsErrors, PostApiV1CollectionsByCollectionIdItemsResponses, PostApiV1CollectionsData, PostApiV1CollectionsErrors, PostApiV1CollectionsResponses, PostApiV1DatabaseImportData, PostApiV1DatabaseImportErrors, PostApiV1DatabaseImportResponses, PostApiV1DigestsByDigestIdRunData, PostApiV1DigestsByDigestIdRunErrors, PostApiV1DigestsByDigestIdRunResponses, PostApiV1DigestsData, PostApiV1DigestsErrors, PostApiV1DigestsResponses, PostApiV1DownloadAllMissingData, PostApiV1DownloadAllMissingErrors, PostApiV1DownloadAllMissingResponses, PostApiV1DownloadCancelSessionBySessionIdData, PostApiV1DownloadCancelSessionBySessionIdErrors, PostApiV1DownloadCancelSessionBySessionIdResponses, PostApiV1DownloadDownloadSettingsData, PostApiV1DownloadDownloadSettingsErrors, PostApiV1DownloadDownloadSettingsResponses, PostApiV1DownloadDownloadSettingsTestData, PostApiV1DownloadDownloadSettingsTestErrors, PostApiV1DownloadDownloadSettingsTestResponses, PostApiV1DownloadsByDownloadIdCancelData, PostApiV1DownloadsByDownloadIdCancelErrors, PostApiV1DownloadsByDownloadIdCancelResponses, PostApiV1DownloadsByDownloadIdRetryData, PostApiV1DownloadsByDownloadIdRetryErrors, PostApiV1DownloadsByDownloadIdRetryResponses, PostApiV1DownloadsData, PostApiV1DownloadsErrors, PostApiV1DownloadSingleData, PostApiV1DownloadSingleErrors, PostApiV1DownloadSingleResponses, PostApiV1DownloadsResponses, PostApiV1FeedsTokensData, PostApiV1FeedsTokensErrors, PostApiV1FeedsTokensResponses, PostApiV1InspectData, PostApiV1InspectErrors, PostApiV1InspectResponses, PostApiV1ItemsBulkData, PostApiV1ItemsBulkErrors, PostApiV1ItemsBulkResponses, PostApiV1ItemsByItemIdMergeData, PostApiV1ItemsByItemIdMergeErrors, PostApiV1ItemsByItemIdMergeResponses, PostApiV1ItemsByItemIdRestoreData, PostApiV1ItemsByItemIdRestoreErrors, PostApiV1ItemsByItemIdRestoreResponses, PostApiV1ItemsByItemIdTranscriptsData, PostApiV1ItemsByItemIdTranscriptsErrors, PostApiV1ItemsByItemIdTranscriptsResponses, PostApiV1ItemsZipData, PostApiV1ItemsZipErrors, PostApiV1ItemsZipResponses, PostApiV1LibraryScansByScanIdCancelData, PostApiV1LibraryScansByScanIdCancelErrors, PostApiV1LibraryScansByScanIdCancelResponses, PostApiV1LibraryScansData, PostApiV1LibraryScansErrors, PostApiV1LibraryScansResponses, PostApiV1LibraryTwinsDismissData, PostApiV1LibraryTwinsDismissErrors, PostApiV1LibraryTwinsDismissResponses, PostApiV1LinksBulkData, PostApiV1LinksBulkErrors, PostApiV1LinksBulkResponses, PostApiV1LinksByLinkIdCheckData, PostApiV1LinksByLinkIdCheckErrors, PostApiV1LinksByLinkIdCheckResponses, PostApiV1LinksByLinkIdEntriesByEntryIdDownloadData, PostApiV1LinksByLinkIdEntriesByEntryIdDownloadErrors, PostApiV1LinksByLinkIdEntriesByEntryIdDownloadResponses, PostApiV1LinksByLinkIdEntriesByEntryIdSkipData, PostApiV1LinksByLinkIdEntriesByEntryIdSkipErrors, PostApiV1LinksByLinkIdEntriesByEntryIdSkipResponses, PostApiV1LinksByLinkIdTriggerDownloadData, PostApiV1LinksByLinkIdTriggerDownloadErrors, PostApiV1LinksByLinkIdTriggerDownloadResponses, PostApiV1LinksByLinkIdTryRetentionData, PostApiV1LinksByLinkIdTryRetentionErrors, PostApiV1LinksByLinkIdTryRetentionResponses, PostApiV1LinksByLinkIdTryRulesData, PostApiV1LinksByLinkIdTryRulesErrors, PostApiV1LinksByLinkIdTryRulesResponses, PostApiV1LinksData, PostApiV1LinksErrors, PostApiV1LinksImportData, PostApiV1LinksImportErrors, PostApiV1LinksImportResponses, PostApiV1LinksResponses, PostApiV1LoginAccessTokenData, PostApiV1LoginAccessTokenErrors, PostApiV1LoginAccessTokenResponses, PostApiV1LoginTestTokenData, PostApiV1LoginTestTokenErrors, PostApiV1LoginTestTokenResponses, PostApiV1NotificationsTargetsByTargetIdTestData, PostApiV1NotificationsTargetsByTargetIdTestErrors, PostApiV1NotificationsTargetsByTargetIdTestResponses, PostApiV1NotificationsTargetsData, PostApiV1NotificationsTargetsErrors, PostApiV1NotificationsTargetsResponses, PostApiV1PasswordResetPendingData, PostApiV1PasswordResetPendingErrors, PostApiV1PasswordResetPendingResponses, PostApiV1PasswordResetRequestResetData, PostApiV1PasswordResetRequestResetErrors, PostApiV1PasswordResetRequestResetResponses, PostApiV1PasswordResetResetData, PostApiV1PasswordResetResetErrors, PostApiV1PasswordResetResetResponses, PostApiV1PodcastsByPodcastIdApproveData, PostApiV1PodcastsByPodcastIdApproveErrors, PostApiV1PodcastsByPodcastIdApproveResponses, PostApiV1PodcastsByPodcastIdCancelData, PostApiV1PodcastsByPodcastIdCancelErrors, PostApiV1PodcastsByPodcastIdCancelResponses, PostApiV1PodcastsByPodcastIdContinueData, PostApiV1PodcastsByPodcastIdContinueErrors, PostApiV1PodcastsByPodcastIdContinueResponses, PostApiV1PodcastsByPodcastIdSayData, PostApiV1PodcastsByPodcastIdSayErrors, PostApiV1PodcastsByPodcastIdSayResponses, PostApiV1PodcastsByPodcastIdTranslateData, PostApiV1PodcastsByPodcastIdTranslateErrors, PostApiV1PodcastsByPodcastIdTranslateResponses, PostApiV1PodcastsByPodcastIdVoiceData, PostApiV1PodcastsByPodcastIdVoiceErrors, PostApiV1PodcastsByPodcastIdVoiceResponses, PostApiV1PodcastsData, PostApiV1PodcastsErrors, PostApiV1PodcastsEstimateData, PostApiV1PodcastsEstimateErrors, PostApiV1PodcastsEstimateResponses, PostApiV1PodcastsFilesData, PostApiV1PodcastsFilesErrors, PostApiV1PodcastsFilesResponses, PostApiV1PodcastsGenerateAudioData, PostApiV1PodcastsGenerateAudioErrors, PostApiV1PodcastsGenerateAudioResponses, PostApiV1PodcastsGenerateTextData, PostApiV1PodcastsGenerateTextErrors, PostApiV1PodcastsGenerateTextResponses, PostApiV1PodcastsGenerateUrlData, PostApiV1PodcastsGenerateUrlErrors, PostApiV1PodcastsGenerateUrlResponses, PostApiV1PodcastsResponses, PostApiV1ProfilesData, PostApiV1ProfilesErrors, PostApiV1ProfilesPreviewData, PostApiV1ProfilesPreviewErrors, PostApiV1ProfilesPreviewResponses, PostApiV1ProfilesResponses, PostApiV1ServersByServerIdTestData, PostApiV1ServersByServerIdTestErrors, PostApiV1ServersByServerIdTestResponses, PostApiV1ServersData, PostApiV1ServersErrors, PostApiV1ServersResponses, PostApiV1ServersTestData, PostApiV1ServersTestErrors, PostApiV1ServersTestResponses, PostApiV1SitesBySiteResetData, PostApiV1SitesBySiteResetErrors, PostApiV1SitesBySiteResetResponses, PostApiV1TasksByTaskIdApproveData, PostApiV1TasksByTaskIdApproveErrors, PostApiV1TasksByTaskIdApproveResponses, PostApiV1TasksByTaskIdFileData, PostApiV1TasksByTaskIdFileErrors, PostApiV1TasksByTaskIdFileResponses, PostApiV1TasksByTaskIdSyncData, PostApiV1TasksByTaskIdSyncErrors, PostApiV1TasksByTaskIdSyncResponses, PostApiV1TasksByTaskIdUndoData, PostApiV1TasksByTaskIdUndoErrors, PostApiV1TasksByTaskIdUndoResponses, PostApiV1TasksData, PostApiV1TasksErrors, PostApiV1TasksRecogniseData, PostApiV1TasksRecogniseErrors, PostApiV1TasksRecogniseResponses, PostApiV1TasksResponses, PostApiV1TemplatesData, PostApiV1TemplatesErrors, PostApiV1TemplatesResponses, PostApiV1UsersData, PostApiV1UsersErrors, PostApiV1UsersMeTokensData, PostApiV1UsersMeTokensErrors, PostApiV1UsersMeTokensResponses, PostApiV1UsersResponses, PostAuthLoginData, PostAuthLoginErrors, PostAuthLoginResponses, PostAuthLogoutData, PostAuthLogoutErrors, PostAuthLogoutResponses, PostAuthRegisterData, PostAuthRegisterErrors, PostAuthRegisterResponses, PutApiV1ArtistsByArtistIdData, PutApiV1ArtistsByArtistIdErrors, PutApiV1ArtistsByArtistIdResponses, PutApiV1CollectionsByCollectionIdData, PutApiV1CollectionsByCollectionIdErrors, PutApiV1CollectionsByCollectionIdItemsByItemIdData, PutApiV1CollectionsByCollectionIdItemsByItemIdErrors, PutApiV1CollectionsByCollectionIdItemsByItemIdResponses, PutApiV1CollectionsByCollectionIdResponses, PutApiV1DigestsByDigestIdData, PutApiV1DigestsByDigestIdErrors, PutApiV1DigestsByDigestIdResponses, PutApiV1ItemsByItemIdFavouriteData, PutApiV1ItemsByItemIdFavouriteErrors, PutApiV1ItemsByItemIdFavouriteResponses, PutApiV1ItemsByItemIdPinData, PutApiV1ItemsByItemIdPinErrors, PutApiV1ItemsByItemIdPinResponses, PutApiV1ItemsByItemIdPlaybackData, PutApiV1ItemsByItemIdPlaybackErrors, PutApiV1ItemsByItemIdPlaybackResponses, PutApiV1ItemsByItemIdTagsData, PutApiV1ItemsByItemIdTagsErrors, PutApiV1ItemsByItemIdTagsResponses, PutApiV1LinksByLinkIdData, PutApiV1LinksByLinkIdErrors, PutApiV1LinksByLinkIdResponses, PutApiV1NotificationsTargetsByTargetIdData, PutApiV1NotificationsTargetsByTargetIdErrors, PutApiV1NotificationsTargetsByTargetIdResponses, PutApiV1PodcastsByPodcastIdData, PutApiV1PodcastsByPodcastIdErrors, PutApiV1PodcastsByPodcastIdResponses, PutApiV1PodcastsByPodcastIdScriptData, PutApiV1PodcastsByPodcastIdScriptErrors, PutApiV1PodcastsByPodcastIdScriptResponses, PutApiV1ProfilesByProfileIdData, PutApiV1ProfilesByProfileIdErrors, PutApiV1ProfilesByProfileIdResponses, PutApiV1ServersByServerIdData, PutApiV1ServersByServerIdErrors, PutApiV1ServersByServerIdResponses, PutApiV1SettingsData, PutApiV1SettingsErrors, PutApiV1SettingsResponses, PutApiV1SitesBySiteCookiesData, PutApiV1SitesBySiteCookiesErrors, PutApiV1SitesBySiteCookiesResponses, PutApiV1TasksByTaskIdData, PutApiV1TasksByTaskIdErrors, PutApiV1TasksByTaskIdMatchesData, PutApiV1TasksByTaskIdMatchesErrors, PutApiV1TasksByTaskIdMatchesResponses, PutApiV1TasksByTaskIdResponses, PutApiV1TemplatesByTemplateIdData, PutApiV1TemplatesByTemplateIdErrors, PutApiV1TemplatesByTemplateIdResponses, PutApiV1UsersByUserIdData, PutApiV1UsersByUserIdErrors, PutApiV1UsersByUserIdResponses, PutApiV1UsersMeData, PutApiV1UsersMeErrors, PutApiV1UsersMeResponses } from './types.gen';

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
 * The signed-in user, with the secret addresses of their feeds.
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
 * Update Me
 *
 * Change your own account. A new password ends all other sessions and tokens.
 *
 * Signed in by cookie, `current_password` is needed to change password or address.
 */
export const putApiV1UsersMe = <ThrowOnError extends boolean = true>(options: Options<PutApiV1UsersMeData, ThrowOnError>) => (options.client ?? client).put<PutApiV1UsersMeResponses, PutApiV1UsersMeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/me',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
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
 * Revoke Other Sessions
 *
 * Sign out everywhere else. API tokens stay.
 */
export const deleteApiV1UsersMeSessions = <ThrowOnError extends boolean = true>(options?: Options<DeleteApiV1UsersMeSessionsData, ThrowOnError>) => (options?.client ?? client).delete<DeleteApiV1UsersMeSessionsResponses, DeleteApiV1UsersMeSessionsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/me/sessions',
    ...options
});

/**
 * List Sessions
 *
 * Where you are signed in, the latest first.
 */
export const getApiV1UsersMeSessions = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1UsersMeSessionsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1UsersMeSessionsResponses, GetApiV1UsersMeSessionsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/me/sessions',
    ...options
});

/**
 * Revoke Session
 *
 * End one session.
 */
export const deleteApiV1UsersMeSessionsBySessionId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1UsersMeSessionsBySessionIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1UsersMeSessionsBySessionIdResponses, DeleteApiV1UsersMeSessionsBySessionIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/me/sessions/{session_id}',
    ...options
});

/**
 * List Tokens
 *
 * Your API tokens, the latest first.
 */
export const getApiV1UsersMeTokens = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1UsersMeTokensData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1UsersMeTokensResponses, GetApiV1UsersMeTokensErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/me/tokens',
    ...options
});

/**
 * Create Token
 *
 * Make a long-lived token for a script. The answer shows it this once.
 */
export const postApiV1UsersMeTokens = <ThrowOnError extends boolean = true>(options: Options<PostApiV1UsersMeTokensData, ThrowOnError>) => (options.client ?? client).post<PostApiV1UsersMeTokensResponses, PostApiV1UsersMeTokensErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/me/tokens',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Revoke Token
 *
 * Revoke an API token at once.
 */
export const deleteApiV1UsersMeTokensByTokenId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1UsersMeTokensByTokenIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1UsersMeTokensByTokenIdResponses, DeleteApiV1UsersMeTokensByTokenIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/me/tokens/{token_id}',
    ...options
});

/**
 * List Users
 *
 * All users, the oldest first.
 */
export const getApiV1Users = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1UsersData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1UsersResponses, GetApiV1UsersErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users',
    ...options
});

/**
 * Create User
 *
 * Make an account: as a superuser; or without signing in, the first one or while registration is open.
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
 * Delete User
 *
 * Delete an account with its sessions and downloads.
 */
export const deleteApiV1UsersByUserId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1UsersByUserIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1UsersByUserIdResponses, DeleteApiV1UsersByUserIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/{user_id}',
    ...options
});

/**
 * Get User
 *
 * One user.
 */
export const getApiV1UsersByUserId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1UsersByUserIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1UsersByUserIdResponses, GetApiV1UsersByUserIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/{user_id}',
    ...options
});

/**
 * Update User
 *
 * Change an account. A new password, or `is_active: false`, ends its sessions and tokens at once.
 */
export const putApiV1UsersByUserId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1UsersByUserIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1UsersByUserIdResponses, PutApiV1UsersByUserIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/users/{user_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Request Password Reset
 *
 * Ask for a link to set a new password. The answer is always the same, whether there is such an account or not.
 */
export const postApiV1PasswordResetRequestReset = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PasswordResetRequestResetData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PasswordResetRequestResetResponses, PostApiV1PasswordResetRequestResetErrors, ThrowOnError>({
    url: '/api/v1/password-reset/request-reset',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Reset Password
 *
 * Set a new password by the token of the link, which serves once. All sessions end.
 */
export const postApiV1PasswordResetReset = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PasswordResetResetData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PasswordResetResetResponses, PostApiV1PasswordResetResetErrors, ThrowOnError>({
    url: '/api/v1/password-reset/reset',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Show Pending Password Resets
 *
 * Show the links to hand over where no mail is set up; each is shown this once.
 */
export const postApiV1PasswordResetPending = <ThrowOnError extends boolean = true>(options?: Options<PostApiV1PasswordResetPendingData, ThrowOnError>) => (options?.client ?? client).post<PostApiV1PasswordResetPendingResponses, PostApiV1PasswordResetPendingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/password-reset/pending',
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
 * Try a download again, now; where its site has asked for a rest, when that is over.
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
 * List In Progress
 *
 * What you have begun to play and not finished, what you played last first.
 */
export const getApiV1ItemsInProgress = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ItemsInProgressData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ItemsInProgressResponses, GetApiV1ItemsInProgressErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/in-progress',
    ...options
});

/**
 * List Tags
 *
 * Your tags, and how many items in your library have each.
 */
export const getApiV1Tags = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1TagsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1TagsResponses, GetApiV1TagsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tags',
    ...options
});

/**
 * Set Tags
 *
 * Have these tags on an item and no others. Nobody else sees them.
 */
export const putApiV1ItemsByItemIdTags = <ThrowOnError extends boolean = true>(options: Options<PutApiV1ItemsByItemIdTagsData, ThrowOnError>) => (options.client ?? client).put<PutApiV1ItemsByItemIdTagsResponses, PutApiV1ItemsByItemIdTagsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/tags',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Set Favourite
 *
 * Make an item one of your favourites, or not any more.
 */
export const putApiV1ItemsByItemIdFavourite = <ThrowOnError extends boolean = true>(options: Options<PutApiV1ItemsByItemIdFavouriteData, ThrowOnError>) => (options.client ?? client).put<PutApiV1ItemsByItemIdFavouriteResponses, PutApiV1ItemsByItemIdFavouriteErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/favourite',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Forget Playback
 *
 * Forget that you ever played an item.
 */
export const deleteApiV1ItemsByItemIdPlayback = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1ItemsByItemIdPlaybackData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1ItemsByItemIdPlaybackResponses, DeleteApiV1ItemsByItemIdPlaybackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/playback',
    ...options
});

/**
 * Get Playback
 *
 * Where you stopped playing an item.
 */
export const getApiV1ItemsByItemIdPlayback = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdPlaybackData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdPlaybackResponses, GetApiV1ItemsByItemIdPlaybackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/playback',
    ...options
});

/**
 * Set Playback
 *
 * Say where you are in an item: every few seconds while it plays, and when it stops.
 */
export const putApiV1ItemsByItemIdPlayback = <ThrowOnError extends boolean = true>(options: Options<PutApiV1ItemsByItemIdPlaybackData, ThrowOnError>) => (options.client ?? client).put<PutApiV1ItemsByItemIdPlaybackResponses, PutApiV1ItemsByItemIdPlaybackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/playback',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Zip
 *
 * The zip that was ordered: the media with subtitles and covers, under the names of the library, uncompressed.
 */
export const getApiV1ItemsZip = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsZipData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsZipResponses, GetApiV1ItemsZipErrors, ThrowOnError>({ url: '/api/v1/items/zip', ...options });

/**
 * Order Zip
 *
 * An address that gives the chosen items as one zip, to a browser's plain link too: for ten minutes, as long as you
 * are signed in.
 */
export const postApiV1ItemsZip = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ItemsZipData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ItemsZipResponses, PostApiV1ItemsZipErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/zip',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Items
 *
 * What has been saved, newest first if nothing else is said. Words are found in any script, as beginnings, by their
 * sound in Latin letters, and with a slip of the hand if nothing is found as it is written.
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
 * Item Facets
 *
 * What the items of a list have in common, with counts: to choose from.
 */
export const getApiV1ItemsFacets = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ItemsFacetsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ItemsFacetsResponses, GetApiV1ItemsFacetsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/facets',
    ...options
});

/**
 * Delete Item
 *
 * Move the item from your library into the trash; the files go when the last one who holds it empties theirs.
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
 * One item with its files, your links that have it, and your collections that it is in.
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
 * Pin Item
 *
 * Keep the item whatever the retention of links says, or give it up to that again.
 */
export const putApiV1ItemsByItemIdPin = <ThrowOnError extends boolean = true>(options: Options<PutApiV1ItemsByItemIdPinData, ThrowOnError>) => (options.client ?? client).put<PutApiV1ItemsByItemIdPinResponses, PutApiV1ItemsByItemIdPinErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/pin',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
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
 * The item's small picture; also of what lies in the trash.
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
 * Get Playback Plan
 *
 * Which address to play, for a client that plays `can`.
 */
export const getApiV1ItemsByItemIdPlaybackPlan = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdPlaybackPlanData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdPlaybackPlanResponses, GetApiV1ItemsByItemIdPlaybackPlanErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/playback-plan',
    ...options
});

/**
 * Get Stream
 *
 * The file itself if a client that plays `can` can play it, otherwise its streams from `start` on in another
 * container, converted where they must be.
 */
export const getApiV1ItemsByItemIdStream = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdStreamData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdStreamResponses, GetApiV1ItemsByItemIdStreamErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/stream',
    ...options
});

/**
 * Get Subtitles
 *
 * One of the item's subtitle files as browsers read it, which is WebVTT: also of SubRip's. Other kinds are not
 * found here.
 */
export const getApiV1ItemsByItemIdSubtitlesByFileId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdSubtitlesByFileIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdSubtitlesByFileIdResponses, GetApiV1ItemsByItemIdSubtitlesByFileIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/subtitles/{file_id}',
    ...options
});

/**
 * Get Waveform
 *
 * How loud it is over its length, in 1,000 to 2,000 points; short recordings have fewer.
 */
export const getApiV1ItemsByItemIdWaveform = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdWaveformData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdWaveformResponses, GetApiV1ItemsByItemIdWaveformErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/waveform',
    ...options
});

/**
 * List Collections
 *
 * Your collections by name.
 */
export const getApiV1Collections = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1CollectionsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1CollectionsResponses, GetApiV1CollectionsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections',
    ...options
});

/**
 * Create Collection
 *
 * Put items together, or save a search.
 */
export const postApiV1Collections = <ThrowOnError extends boolean = true>(options: Options<PostApiV1CollectionsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1CollectionsResponses, PostApiV1CollectionsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Collection
 *
 * Delete a collection. What was in it stays in the library.
 */
export const deleteApiV1CollectionsByCollectionId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1CollectionsByCollectionIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1CollectionsByCollectionIdResponses, DeleteApiV1CollectionsByCollectionIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections/{collection_id}',
    ...options
});

/**
 * Get Collection
 *
 * One collection.
 */
export const getApiV1CollectionsByCollectionId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1CollectionsByCollectionIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1CollectionsByCollectionIdResponses, GetApiV1CollectionsByCollectionIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections/{collection_id}',
    ...options
});

/**
 * Update Collection
 *
 * Change a collection's name, description or search.
 */
export const putApiV1CollectionsByCollectionId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1CollectionsByCollectionIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1CollectionsByCollectionIdResponses, PutApiV1CollectionsByCollectionIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections/{collection_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Collection Items
 *
 * What is in a collection, in its order; of a search, the newest first. `GET /items?collection_id=` sorts otherwise.
 */
export const getApiV1CollectionsByCollectionIdItems = <ThrowOnError extends boolean = true>(options: Options<GetApiV1CollectionsByCollectionIdItemsData, ThrowOnError>) => (options.client ?? client).get<GetApiV1CollectionsByCollectionIdItemsResponses, GetApiV1CollectionsByCollectionIdItemsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections/{collection_id}/items',
    ...options
});

/**
 * Add To Collection
 *
 * Put items at the end of a collection. What is in it stays where it is.
 */
export const postApiV1CollectionsByCollectionIdItems = <ThrowOnError extends boolean = true>(options: Options<PostApiV1CollectionsByCollectionIdItemsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1CollectionsByCollectionIdItemsResponses, PostApiV1CollectionsByCollectionIdItemsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections/{collection_id}/items',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Remove From Collection
 *
 * Take an item out of a collection. It stays in the library.
 */
export const deleteApiV1CollectionsByCollectionIdItemsByItemId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1CollectionsByCollectionIdItemsByItemIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1CollectionsByCollectionIdItemsByItemIdResponses, DeleteApiV1CollectionsByCollectionIdItemsByItemIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections/{collection_id}/items/{item_id}',
    ...options
});

/**
 * Move In Collection
 *
 * Put an item of a collection somewhere else in it.
 */
export const putApiV1CollectionsByCollectionIdItemsByItemId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1CollectionsByCollectionIdItemsByItemIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1CollectionsByCollectionIdItemsByItemIdResponses, PutApiV1CollectionsByCollectionIdItemsByItemIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/collections/{collection_id}/items/{item_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Act On Items
 *
 * Do one thing to many items: chosen one by one, or all that a filter finds.
 */
export const postApiV1ItemsBulk = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ItemsBulkData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ItemsBulkResponses, PostApiV1ItemsBulkErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/bulk',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Empty Trash
 *
 * Delete for ever all that you have in the trash; with `everybody` all that `GET` shows to a superuser.
 */
export const deleteApiV1Trash = <ThrowOnError extends boolean = true>(options?: Options<DeleteApiV1TrashData, ThrowOnError>) => (options?.client ?? client).delete<DeleteApiV1TrashResponses, DeleteApiV1TrashErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/trash',
    ...options
});

/**
 * List Trash
 *
 * What you have deleted and can still take out again.
 */
export const getApiV1Trash = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1TrashData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1TrashResponses, GetApiV1TrashErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/trash',
    ...options
});

/**
 * Restore Item
 *
 * Take an item out of the trash again, with all that you had made of it.
 */
export const postApiV1ItemsByItemIdRestore = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ItemsByItemIdRestoreData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ItemsByItemIdRestoreResponses, PostApiV1ItemsByItemIdRestoreErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/restore',
    ...options
});

/**
 * List Scans
 *
 * The scans of late, newest first.
 */
export const getApiV1LibraryScans = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1LibraryScansData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1LibraryScansResponses, GetApiV1LibraryScansErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/library/scans',
    ...options
});

/**
 * Begin Scan
 *
 * Look through the media folders for files that have moved, changed or gone, and for media that no item has.
 */
export const postApiV1LibraryScans = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LibraryScansData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LibraryScansResponses, PostApiV1LibraryScansErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/library/scans',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Scan
 *
 * One scan, and how far it is.
 */
export const getApiV1LibraryScansByScanId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1LibraryScansByScanIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1LibraryScansByScanIdResponses, GetApiV1LibraryScansByScanIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/library/scans/{scan_id}',
    ...options
});

/**
 * Cancel Scan
 *
 * End a scan. What it has noted stays.
 */
export const postApiV1LibraryScansByScanIdCancel = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LibraryScansByScanIdCancelData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LibraryScansByScanIdCancelResponses, PostApiV1LibraryScansByScanIdCancelErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/library/scans/{scan_id}/cancel',
    ...options
});

/**
 * Get Storage
 *
 * What takes how much room, and how much there is.
 */
export const getApiV1LibraryStorage = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1LibraryStorageData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1LibraryStorageResponses, GetApiV1LibraryStorageErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/library/storage',
    ...options
});

/**
 * List Twins
 *
 * Pairs of your songs that may be the same: the same ISRC, the same tags and length, or the same sound.
 */
export const getApiV1LibraryTwins = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1LibraryTwinsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1LibraryTwinsResponses, GetApiV1LibraryTwinsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/library/twins',
    ...options
});

/**
 * Dismiss Twins
 *
 * Say that two songs are two: they are not shown as a pair any more.
 */
export const postApiV1LibraryTwinsDismiss = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LibraryTwinsDismissData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LibraryTwinsDismissResponses, PostApiV1LibraryTwinsDismissErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/library/twins/dismiss',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Merge Items
 *
 * Make one item of several: this one stays, the others go into the trash, and all who had them have this one.
 */
export const postApiV1ItemsByItemIdMerge = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ItemsByItemIdMergeData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ItemsByItemIdMergeResponses, PostApiV1ItemsByItemIdMergeErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/merge',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Aliases
 *
 * What else the item is known as, since it was made one of several.
 */
export const getApiV1ItemsByItemIdAliases = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdAliasesData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdAliasesResponses, GetApiV1ItemsByItemIdAliasesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/aliases',
    ...options
});

/**
 * Unmerge Item
 *
 * Make two of one again. What was merged comes out of the trash, if it still lies there.
 */
export const deleteApiV1ItemsByItemIdAliasesByAliasId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1ItemsByItemIdAliasesByAliasIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1ItemsByItemIdAliasesByAliasIdResponses, DeleteApiV1ItemsByItemIdAliasesByAliasIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/aliases/{alias_id}',
    ...options
});

/**
 * List Feeds
 *
 * The addresses of all your feeds: the whole library, collections, links. Your first token is made here.
 */
export const getApiV1Feeds = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1FeedsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1FeedsResponses, GetApiV1FeedsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/feeds',
    ...options
});

/**
 * List Feed Tokens
 *
 * Your feed tokens, the oldest first.
 */
export const getApiV1FeedsTokens = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1FeedsTokensData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1FeedsTokensResponses, GetApiV1FeedsTokensErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/feeds/tokens',
    ...options
});

/**
 * Create Feed Token
 *
 * A further token: give each app or person one of its own, and you can take it away alone.
 */
export const postApiV1FeedsTokens = <ThrowOnError extends boolean = true>(options: Options<PostApiV1FeedsTokensData, ThrowOnError>) => (options.client ?? client).post<PostApiV1FeedsTokensResponses, PostApiV1FeedsTokensErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/feeds/tokens',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Revoke Feed Token
 *
 * Revoke a token: all addresses under it are gone at once.
 */
export const deleteApiV1FeedsTokensByTokenId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1FeedsTokensByTokenIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1FeedsTokensByTokenIdResponses, DeleteApiV1FeedsTokensByTokenIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/feeds/tokens/{token_id}',
    ...options
});

/**
 * Library Feed
 *
 * All that the user has saved and an app can play, newest first, as a podcast.
 */
export const getFeedsByTokenLibraryXml = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenLibraryXmlData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenLibraryXmlResponses, GetFeedsByTokenLibraryXmlErrors, ThrowOnError>({ url: '/feeds/{token}/library.xml', ...options });

/**
 * Link Feed
 *
 * What a followed link has brought, as a podcast.
 */
export const getFeedsByTokenLinksByLinkIdXml = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenLinksByLinkIdXmlData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenLinksByLinkIdXmlResponses, GetFeedsByTokenLinksByLinkIdXmlErrors, ThrowOnError>({ url: '/feeds/{token}/links/{link_id}.xml', ...options });

/**
 * Collection Feed
 *
 * A collection in its order, or what a saved search finds, as a podcast.
 */
export const getFeedsByTokenCollectionsByCollectionIdXml = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenCollectionsByCollectionIdXmlData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenCollectionsByCollectionIdXmlResponses, GetFeedsByTokenCollectionsByCollectionIdXmlErrors, ThrowOnError>({ url: '/feeds/{token}/collections/{collection_id}.xml', ...options });

/**
 * Search Feed
 *
 * What a search finds whenever the app looks, as a podcast. The trash is never searched.
 */
export const getFeedsByTokenSearchXml = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenSearchXmlData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenSearchXmlResponses, GetFeedsByTokenSearchXmlErrors, ThrowOnError>({ url: '/feeds/{token}/search.xml', ...options });

/**
 * Opml File
 *
 * All feeds of the user in one file, which podcast apps import.
 */
export const getFeedsByTokenOpmlXml = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenOpmlXmlData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenOpmlXmlResponses, GetFeedsByTokenOpmlXmlErrors, ThrowOnError>({ url: '/feeds/{token}/opml.xml', ...options });

/**
 * Link Picture
 *
 * The picture of a followed link.
 */
export const getFeedsByTokenLinksByLinkIdPicture = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenLinksByLinkIdPictureData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenLinksByLinkIdPictureResponses, GetFeedsByTokenLinksByLinkIdPictureErrors, ThrowOnError>({ url: '/feeds/{token}/links/{link_id}/picture', ...options });

/**
 * Feed File
 *
 * A file of an item: the medium itself, with ranges and conditions, its picture, subtitles or chapters.
 */
export const getFeedsByTokenFilesByItemIdByName = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenFilesByItemIdByNameData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenFilesByItemIdByNameResponses, GetFeedsByTokenFilesByItemIdByNameErrors, ThrowOnError>({ url: '/feeds/{token}/files/{item_id}/{name}', ...options });

/**
 * Get Storage Of Links
 *
 * How much the media that each link brought take, the largest hundred links.
 */
export const getApiV1LibraryStorageLinks = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1LibraryStorageLinksData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1LibraryStorageLinksResponses, GetApiV1LibraryStorageLinksErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/library/storage/links',
    ...options
});

/**
 * List Links
 *
 * What you follow. The header `X-Total-Count` says how many links there are in all.
 */
export const getApiV1Links = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1LinksData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1LinksResponses, GetApiV1LinksErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links',
    ...options
});

/**
 * Create Link
 *
 * Follow a source: a channel, a playlist, an artist, a gallery, a feed, a live channel, or a page.
 *
 * It is looked at at once. Type and name are found out when they are left out.
 */
export const postApiV1Links = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksResponses, PostApiV1LinksErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Create Links
 *
 * Follow several sources alike. What is followed already, or cannot be, is told and stops nothing.
 */
export const postApiV1LinksBulk = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksBulkData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksBulkResponses, PostApiV1LinksBulkErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/bulk',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Link
 *
 * Follow a link no more. Its checks and downloads end; the history stays.
 */
export const deleteApiV1LinksByLinkId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1LinksByLinkIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1LinksByLinkIdResponses, DeleteApiV1LinksByLinkIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}',
    ...options
});

/**
 * Get Link
 *
 * One link.
 */
export const getApiV1LinksByLinkId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1LinksByLinkIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1LinksByLinkIdResponses, GetApiV1LinksByLinkIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}',
    ...options
});

/**
 * Update Link
 *
 * Change a link; what is left out stays. Disabling takes back the check that waits.
 */
export const putApiV1LinksByLinkId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1LinksByLinkIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1LinksByLinkIdResponses, PutApiV1LinksByLinkIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Check Link
 *
 * Look for what is new, now. Downloads follow if the link downloads by itself.
 */
export const postApiV1LinksByLinkIdCheck = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksByLinkIdCheckData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksByLinkIdCheckResponses, PostApiV1LinksByLinkIdCheckErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}/check',
    ...options
});

/**
 * Trigger Download
 *
 * Look for what is new, now, and download it, whatever the link says of itself.
 */
export const postApiV1LinksByLinkIdTriggerDownload = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksByLinkIdTriggerDownloadData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksByLinkIdTriggerDownloadResponses, PostApiV1LinksByLinkIdTriggerDownloadErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}/trigger-download',
    ...options
});

/**
 * Get Picture
 *
 * The source's picture: Magpie's own copy.
 */
export const getApiV1LinksByLinkIdPicture = <ThrowOnError extends boolean = true>(options: Options<GetApiV1LinksByLinkIdPictureData, ThrowOnError>) => (options.client ?? client).get<GetApiV1LinksByLinkIdPictureResponses, GetApiV1LinksByLinkIdPictureErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}/picture',
    ...options
});

/**
 * List Profiles
 *
 * The profiles that ship with Magpie, then your own.
 */
export const getApiV1Profiles = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ProfilesData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ProfilesResponses, GetApiV1ProfilesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles',
    ...options
});

/**
 * Create Profile
 *
 * Make a profile of your own.
 */
export const postApiV1Profiles = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ProfilesData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ProfilesResponses, PostApiV1ProfilesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Preview Names
 *
 * Where the files of a medium would lie under a template, a media server's names, or a profile.
 */
export const postApiV1ProfilesPreview = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ProfilesPreviewData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ProfilesPreviewResponses, PostApiV1ProfilesPreviewErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/preview',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Profile
 *
 * Delete a profile that no link and no waiting download uses.
 */
export const deleteApiV1ProfilesByProfileId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1ProfilesByProfileIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1ProfilesByProfileIdResponses, DeleteApiV1ProfilesByProfileIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{profile_id}',
    ...options
});

/**
 * Get Profile
 *
 * One of your own profiles.
 */
export const getApiV1ProfilesByProfileId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ProfilesByProfileIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ProfilesByProfileIdResponses, GetApiV1ProfilesByProfileIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{profile_id}',
    ...options
});

/**
 * Update Profile
 *
 * Change a profile. What is saved already stays as it is; links and waiting downloads follow a new name.
 */
export const putApiV1ProfilesByProfileId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1ProfilesByProfileIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1ProfilesByProfileIdResponses, PutApiV1ProfilesByProfileIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/profiles/{profile_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Sites
 *
 * Sites that you have downloads waiting at or cookies of; for superusers also those that are not simply well.
 */
export const getApiV1Sites = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1SitesData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1SitesResponses, GetApiV1SitesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/sites',
    ...options
});

/**
 * Delete Cookies
 *
 * Forget your cookies for a site, if there are any.
 */
export const deleteApiV1SitesBySiteCookies = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1SitesBySiteCookiesData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1SitesBySiteCookiesResponses, DeleteApiV1SitesBySiteCookiesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/sites/{site}/cookies',
    ...options
});

/**
 * Get Cookies
 *
 * Whether you have given cookies for a site, and how they are.
 */
export const getApiV1SitesBySiteCookies = <ThrowOnError extends boolean = true>(options: Options<GetApiV1SitesBySiteCookiesData, ThrowOnError>) => (options.client ?? client).get<GetApiV1SitesBySiteCookiesResponses, GetApiV1SitesBySiteCookiesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/sites/{site}/cookies',
    ...options
});

/**
 * Put Cookies
 *
 * Give cookies for a site, or say when they are sent. They go with your own requests only.
 */
export const putApiV1SitesBySiteCookies = <ThrowOnError extends boolean = true>(options: Options<PutApiV1SitesBySiteCookiesData, ThrowOnError>) => (options.client ?? client).put<PutApiV1SitesBySiteCookiesResponses, PutApiV1SitesBySiteCookiesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/sites/{site}/cookies',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Reset Site
 *
 * End a site's rest before its time, also one that it asked for: one request goes first, to see.
 */
export const postApiV1SitesBySiteReset = <ThrowOnError extends boolean = true>(options: Options<PostApiV1SitesBySiteResetData, ThrowOnError>) => (options.client ?? client).post<PostApiV1SitesBySiteResetResponses, PostApiV1SitesBySiteResetErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/sites/{site}/reset',
    ...options
});

/**
 * Import Links
 *
 * Follow what another program followed, and leave alone what it has fetched already.
 *
 * Every source is answered by itself: what is followed already, or cannot be, stops nothing.
 */
export const postApiV1LinksImport = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksImportData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksImportResponses, PostApiV1LinksImportErrors, ThrowOnError>({
    ...formDataBodySerializer,
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/import',
    ...options,
    headers: {
        'Content-Type': null,
        ...options.headers
    }
});

/**
 * List Entries
 *
 * All that was ever seen at a link, newest first, each with the reason why it was or was not downloaded.
 */
export const getApiV1LinksByLinkIdEntries = <ThrowOnError extends boolean = true>(options: Options<GetApiV1LinksByLinkIdEntriesData, ThrowOnError>) => (options.client ?? client).get<GetApiV1LinksByLinkIdEntriesResponses, GetApiV1LinksByLinkIdEntriesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}/entries',
    ...options
});

/**
 * Download Entry
 *
 * Download this one now, whatever the rules say. The decision is remembered.
 */
export const postApiV1LinksByLinkIdEntriesByEntryIdDownload = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksByLinkIdEntriesByEntryIdDownloadData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksByLinkIdEntriesByEntryIdDownloadResponses, PostApiV1LinksByLinkIdEntriesByEntryIdDownloadErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}/entries/{entry_id}/download',
    ...options
});

/**
 * Skip Entry
 *
 * Leave this one out, whatever the rules say; its download ends. The decision is remembered.
 */
export const postApiV1LinksByLinkIdEntriesByEntryIdSkip = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksByLinkIdEntriesByEntryIdSkipData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksByLinkIdEntriesByEntryIdSkipResponses, PostApiV1LinksByLinkIdEntriesByEntryIdSkipErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}/entries/{entry_id}/skip',
    ...options
});

/**
 * Try Rules
 *
 * What rules would make of the whole catalogue. Nothing is changed.
 */
export const postApiV1LinksByLinkIdTryRules = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksByLinkIdTryRulesData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksByLinkIdTryRulesResponses, PostApiV1LinksByLinkIdTryRulesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}/try-rules',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Try Retention
 *
 * What a retention would take away now. Nothing is changed.
 */
export const postApiV1LinksByLinkIdTryRetention = <ThrowOnError extends boolean = true>(options: Options<PostApiV1LinksByLinkIdTryRetentionData, ThrowOnError>) => (options.client ?? client).post<PostApiV1LinksByLinkIdTryRetentionResponses, PostApiV1LinksByLinkIdTryRetentionErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/links/{link_id}/try-retention',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List History
 *
 * The checks of your links, newest first. To page deeply, send the last id as `before` instead of skipping.
 */
export const getApiV1History = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1HistoryData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1HistoryResponses, GetApiV1HistoryErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/history',
    ...options
});

/**
 * Get History
 *
 * One check.
 */
export const getApiV1HistoryByHistoryId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1HistoryByHistoryIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1HistoryByHistoryIdResponses, GetApiV1HistoryByHistoryIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/history/{history_id}',
    ...options
});

/**
 * List Notification Targets
 *
 * Where you want to be told.
 */
export const getApiV1NotificationsTargets = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1NotificationsTargetsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1NotificationsTargetsResponses, GetApiV1NotificationsTargetsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/notifications/targets',
    ...options
});

/**
 * Create Notification Target
 *
 * Add a target. Its address is kept sealed and never answered.
 */
export const postApiV1NotificationsTargets = <ThrowOnError extends boolean = true>(options: Options<PostApiV1NotificationsTargetsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1NotificationsTargetsResponses, PostApiV1NotificationsTargetsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/notifications/targets',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Notification Target
 *
 * Remove a target, with all that waits for it.
 */
export const deleteApiV1NotificationsTargetsByTargetId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1NotificationsTargetsByTargetIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1NotificationsTargetsByTargetIdResponses, DeleteApiV1NotificationsTargetsByTargetIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/notifications/targets/{target_id}',
    ...options
});

/**
 * Get Notification Target
 *
 * One target.
 */
export const getApiV1NotificationsTargetsByTargetId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1NotificationsTargetsByTargetIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1NotificationsTargetsByTargetIdResponses, GetApiV1NotificationsTargetsByTargetIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/notifications/targets/{target_id}',
    ...options
});

/**
 * Update Notification Target
 *
 * Change a target; one that was paused is tried again.
 */
export const putApiV1NotificationsTargetsByTargetId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1NotificationsTargetsByTargetIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1NotificationsTargetsByTargetIdResponses, PutApiV1NotificationsTargetsByTargetIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/notifications/targets/{target_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Test Notification Target
 *
 * Send a test message there, now, and say what became of it.
 */
export const postApiV1NotificationsTargetsByTargetIdTest = <ThrowOnError extends boolean = true>(options: Options<PostApiV1NotificationsTargetsByTargetIdTestData, ThrowOnError>) => (options.client ?? client).post<PostApiV1NotificationsTargetsByTargetIdTestResponses, PostApiV1NotificationsTargetsByTargetIdTestErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/notifications/targets/{target_id}/test',
    ...options
});

/**
 * List Audit
 *
 * Who did what, newest first.
 */
export const getApiV1Audit = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1AuditData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1AuditResponses, GetApiV1AuditErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/audit',
    ...options
});

/**
 * Export Audit
 *
 * All records that the filters let pass, as CSV or as JSON lines; noted in the audit log itself.
 */
export const getApiV1AuditExport = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1AuditExportData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1AuditExportResponses, GetApiV1AuditExportErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/audit/export',
    ...options
});

/**
 * List Logs
 *
 * Lines of the log, newest first.
 */
export const getApiV1Logs = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1LogsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1LogsResponses, GetApiV1LogsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/logs',
    ...options
});

/**
 * Get Health
 *
 * 200 when all is well, 503 with the part that ails.
 */
export const getHealth = <ThrowOnError extends boolean = true>(options?: Options<GetHealthData, ThrowOnError>) => (options?.client ?? client).get<GetHealthResponses, GetHealthErrors, ThrowOnError>({ url: '/health', ...options });

/**
 * Get Health Details
 *
 * Everything about the installation: database, workers, disks, tools and their age, extractors, plug-ins.
 */
export const getApiV1HealthDetails = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1HealthDetailsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1HealthDetailsResponses, GetApiV1HealthDetailsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/health/details',
    ...options
});

/**
 * Get Metrics
 *
 * Figures in Prometheus' text format.
 */
export const getMetrics = <ThrowOnError extends boolean = true>(options?: Options<GetMetricsData, ThrowOnError>) => (options?.client ?? client).get<GetMetricsResponses, unknown, ThrowOnError>({ url: '/metrics', ...options });

/**
 * Get Settings
 *
 * The settings that can be changed while the program runs.
 */
export const getApiV1Settings = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1SettingsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1SettingsResponses, GetApiV1SettingsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/settings',
    ...options
});

/**
 * Change Settings
 *
 * Change settings, at once and for good; what is left out stays.
 */
export const putApiV1Settings = <ThrowOnError extends boolean = true>(options: Options<PutApiV1SettingsData, ThrowOnError>) => (options.client ?? client).put<PutApiV1SettingsResponses, PutApiV1SettingsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/settings',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Settings
 *
 * Every setting: its meaning, limits, default, present value, and where that comes from.
 */
export const getApiV1SettingsSchema = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1SettingsSchemaData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1SettingsSchemaResponses, GetApiV1SettingsSchemaErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/settings/schema',
    ...options
});

/**
 * Reset Setting
 *
 * Forget what was saved, so that the default counts again.
 */
export const deleteApiV1SettingsSavedByName = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1SettingsSavedByNameData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1SettingsSavedByNameResponses, DeleteApiV1SettingsSavedByNameErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/settings/saved/{name}',
    ...options
});

/**
 * List Servers
 *
 * The media servers that you may keep playlists on: your own, and those that are shared.
 */
export const getApiV1Servers = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ServersData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ServersResponses, GetApiV1ServersErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers',
    ...options
});

/**
 * Create Server
 *
 * Add a media server. Nothing is asked of it until it is tested or used.
 */
export const postApiV1Servers = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ServersData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ServersResponses, PostApiV1ServersErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Server Kinds
 *
 * The kinds of media servers that there are, and what they can do.
 */
export const getApiV1ServersKinds = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ServersKindsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ServersKindsResponses, GetApiV1ServersKindsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/kinds',
    ...options
});

/**
 * Try Server
 *
 * Try a server before it is saved.
 */
export const postApiV1ServersTest = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ServersTestData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ServersTestResponses, PostApiV1ServersTestErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/test',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Server
 *
 * Forget a media server. Its playlists stay as they are.
 */
export const deleteApiV1ServersByServerId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1ServersByServerIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1ServersByServerIdResponses, DeleteApiV1ServersByServerIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/{server_id}',
    ...options
});

/**
 * Get Server
 *
 * One media server.
 */
export const getApiV1ServersByServerId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ServersByServerIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ServersByServerIdResponses, GetApiV1ServersByServerIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/{server_id}',
    ...options
});

/**
 * Update Server
 *
 * Change a media server; what is left out stays. Another address without a new secret drops the old secret.
 */
export const putApiV1ServersByServerId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1ServersByServerIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1ServersByServerIdResponses, PutApiV1ServersByServerIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/{server_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Test Server
 *
 * Connect, and name the fault: address, DNS, TLS, refused, token, no music library, no right to write.
 */
export const postApiV1ServersByServerIdTest = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ServersByServerIdTestData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ServersByServerIdTestResponses, PostApiV1ServersByServerIdTestErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/{server_id}/test',
    ...options
});

/**
 * List Server Libraries
 *
 * The server's music libraries.
 */
export const getApiV1ServersByServerIdLibraries = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ServersByServerIdLibrariesData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ServersByServerIdLibrariesResponses, GetApiV1ServersByServerIdLibrariesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/{server_id}/libraries',
    ...options
});

/**
 * List Server Playlists
 *
 * The playlists that are on the server.
 */
export const getApiV1ServersByServerIdPlaylists = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ServersByServerIdPlaylistsData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ServersByServerIdPlaylistsResponses, GetApiV1ServersByServerIdPlaylistsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/{server_id}/playlists',
    ...options
});

/**
 * Export Server Playlist
 *
 * A server's playlist as a file.
 */
export const getApiV1ServersByServerIdPlaylistsByPlaylistIdExport = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportResponses, GetApiV1ServersByServerIdPlaylistsByPlaylistIdExportErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/{server_id}/playlists/{playlist_id}/export',
    ...options
});

/**
 * Search Server Tracks
 *
 * Search what is known of the server's music, to pick a song by hand.
 */
export const getApiV1ServersByServerIdTracks = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ServersByServerIdTracksData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ServersByServerIdTracksResponses, GetApiV1ServersByServerIdTracksErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/servers/{server_id}/tracks',
    ...options
});

/**
 * List Tasks
 *
 * The playlists that you keep in step, newest first.
 */
export const getApiV1Tasks = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1TasksData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1TasksResponses, GetApiV1TasksErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks',
    ...options
});

/**
 * Create Task
 *
 * Keep a playlist in step. It is synced at once; a task for a file waits for its file.
 */
export const postApiV1Tasks = <ThrowOnError extends boolean = true>(options: Options<PostApiV1TasksData, ThrowOnError>) => (options.client ?? client).post<PostApiV1TasksResponses, PostApiV1TasksErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Preview Schedule
 *
 * When a schedule would come next.
 */
export const getApiV1TasksNextRuns = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TasksNextRunsData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TasksNextRunsResponses, GetApiV1TasksNextRunsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/next-runs',
    ...options
});

/**
 * Recognise Playlist
 *
 * Say which playlist a pasted text is about. Nobody is asked: a short link is followed when a task is made.
 */
export const postApiV1TasksRecognise = <ThrowOnError extends boolean = true>(options: Options<PostApiV1TasksRecogniseData, ThrowOnError>) => (options.client ?? client).post<PostApiV1TasksRecogniseResponses, PostApiV1TasksRecogniseErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/recognise',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Task
 *
 * Keep a playlist in step no more. What is on the servers stays.
 */
export const deleteApiV1TasksByTaskId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1TasksByTaskIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1TasksByTaskIdResponses, DeleteApiV1TasksByTaskIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}',
    ...options
});

/**
 * Get Task
 *
 * One task.
 */
export const getApiV1TasksByTaskId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TasksByTaskIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TasksByTaskIdResponses, GetApiV1TasksByTaskIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}',
    ...options
});

/**
 * Update Task
 *
 * Change a task; what is left out stays.
 */
export const putApiV1TasksByTaskId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1TasksByTaskIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1TasksByTaskIdResponses, PutApiV1TasksByTaskIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Task Cover
 *
 * The source's picture. The page shows no picture from elsewhere, so that no platform learns who looks.
 */
export const getApiV1TasksByTaskIdCover = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TasksByTaskIdCoverData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TasksByTaskIdCoverResponses, GetApiV1TasksByTaskIdCoverErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/cover',
    ...options
});

/**
 * Sync Task
 *
 * Sync now.
 */
export const postApiV1TasksByTaskIdSync = <ThrowOnError extends boolean = true>(options: Options<PostApiV1TasksByTaskIdSyncData, ThrowOnError>) => (options.client ?? client).post<PostApiV1TasksByTaskIdSyncResponses, PostApiV1TasksByTaskIdSyncErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/sync',
    ...options
});

/**
 * Approve Task
 *
 * Let the next sync remove as many entries as it has asked for, this once.
 */
export const postApiV1TasksByTaskIdApprove = <ThrowOnError extends boolean = true>(options: Options<PostApiV1TasksByTaskIdApproveData, ThrowOnError>) => (options.client ?? client).post<PostApiV1TasksByTaskIdApproveResponses, PostApiV1TasksByTaskIdApproveErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/approve',
    ...options
});

/**
 * Undo Task
 *
 * Put the playlists back as they were before the last sync that changed them, and pause the schedule.
 */
export const postApiV1TasksByTaskIdUndo = <ThrowOnError extends boolean = true>(options: Options<PostApiV1TasksByTaskIdUndoData, ThrowOnError>) => (options.client ?? client).post<PostApiV1TasksByTaskIdUndoResponses, PostApiV1TasksByTaskIdUndoErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/undo',
    ...options
});

/**
 * Upload Task File
 *
 * Let a file's songs be the source of a task whose platform is `file`: M3U, CSV, JSPF or XSPF.
 */
export const postApiV1TasksByTaskIdFile = <ThrowOnError extends boolean = true>(options: Options<PostApiV1TasksByTaskIdFileData, ThrowOnError>) => (options.client ?? client).post<PostApiV1TasksByTaskIdFileResponses, PostApiV1TasksByTaskIdFileErrors, ThrowOnError>({
    ...formDataBodySerializer,
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/file',
    ...options,
    headers: {
        'Content-Type': null,
        ...options.headers
    }
});

/**
 * Plan Task
 *
 * What the next sync would do, as a diff for each server. Nothing is written.
 */
export const getApiV1TasksByTaskIdPlan = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TasksByTaskIdPlanData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TasksByTaskIdPlanResponses, GetApiV1TasksByTaskIdPlanErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/plan',
    ...options
});

/**
 * List Task Runs
 *
 * What came of a task's syncs, newest first, each with its log.
 */
export const getApiV1TasksByTaskIdRuns = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TasksByTaskIdRunsData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TasksByTaskIdRunsResponses, GetApiV1TasksByTaskIdRunsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/runs',
    ...options
});

/**
 * List Task Matches
 *
 * The playlist's songs, each with what the server has for it and why.
 */
export const getApiV1TasksByTaskIdMatches = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TasksByTaskIdMatchesData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TasksByTaskIdMatchesResponses, GetApiV1TasksByTaskIdMatchesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/matches',
    ...options
});

/**
 * Decide Task Match
 *
 * Decide about a song, for good and for all of your playlists. Its places in this one, as they are now.
 */
export const putApiV1TasksByTaskIdMatches = <ThrowOnError extends boolean = true>(options: Options<PutApiV1TasksByTaskIdMatchesData, ThrowOnError>) => (options.client ?? client).put<PutApiV1TasksByTaskIdMatchesResponses, PutApiV1TasksByTaskIdMatchesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/matches',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Unmatched
 *
 * The songs that the server does not have, or not for sure.
 */
export const getApiV1TasksByTaskIdUnmatched = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TasksByTaskIdUnmatchedData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TasksByTaskIdUnmatchedResponses, GetApiV1TasksByTaskIdUnmatchedErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/unmatched',
    ...options
});

/**
 * Export Task
 *
 * The playlist as a file, with what is not matched, too.
 */
export const getApiV1TasksByTaskIdExport = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TasksByTaskIdExportData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TasksByTaskIdExportResponses, GetApiV1TasksByTaskIdExportErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/tasks/{task_id}/export',
    ...options
});

/**
 * Get Download Settings
 *
 * How your missing songs are fetched.
 */
export const getApiV1DownloadDownloadSettings = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1DownloadDownloadSettingsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1DownloadDownloadSettingsResponses, GetApiV1DownloadDownloadSettingsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/download/download-settings',
    ...options
});

/**
 * Save Download Settings
 *
 * Change how your missing songs are fetched; what is left out stays.
 */
export const postApiV1DownloadDownloadSettings = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadDownloadSettingsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadDownloadSettingsResponses, PostApiV1DownloadDownloadSettingsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/download/download-settings',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Test Download Settings
 *
 * Try the external downloader, and name the fault.
 */
export const postApiV1DownloadDownloadSettingsTest = <ThrowOnError extends boolean = true>(options?: Options<PostApiV1DownloadDownloadSettingsTestData, ThrowOnError>) => (options?.client ?? client).post<PostApiV1DownloadDownloadSettingsTestResponses, PostApiV1DownloadDownloadSettingsTestErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/download/download-settings/test',
    ...options
});

/**
 * Get Download Status
 *
 * Your sessions, newest first, with their songs.
 */
export const getApiV1DownloadStatus = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1DownloadStatusData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1DownloadStatusResponses, GetApiV1DownloadStatusErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/download/status',
    ...options
});

/**
 * Download All Missing
 *
 * Fetch all that is missing in one of your playlists, or in all of them. What is being fetched is not fetched
 * twice.
 */
export const postApiV1DownloadAllMissing = <ThrowOnError extends boolean = true>(options?: Options<PostApiV1DownloadAllMissingData, ThrowOnError>) => (options?.client ?? client).post<PostApiV1DownloadAllMissingResponses, PostApiV1DownloadAllMissingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/download/all-missing',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options?.headers
    }
});

/**
 * Download Single
 *
 * Fetch one song of a playlist.
 */
export const postApiV1DownloadSingle = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadSingleData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadSingleResponses, PostApiV1DownloadSingleErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/download/single',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Cancel Download Session
 *
 * End a session. What has been fetched stays.
 */
export const postApiV1DownloadCancelSessionBySessionId = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DownloadCancelSessionBySessionIdData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DownloadCancelSessionBySessionIdResponses, PostApiV1DownloadCancelSessionBySessionIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/download/cancel-session/{session_id}',
    ...options
});

/**
 * List Artist Names
 *
 * Names of artists that you have added: they are the same to the matcher.
 */
export const getApiV1Artists = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ArtistsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ArtistsResponses, GetApiV1ArtistsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/artists',
    ...options
});

/**
 * Add Artist Names
 *
 * Say that these names are one artist's. Your songs are judged anew at their next sync.
 */
export const postApiV1Artists = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ArtistsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ArtistsResponses, PostApiV1ArtistsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/artists',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Artist Names
 *
 * Forget these names.
 */
export const deleteApiV1ArtistsByArtistId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1ArtistsByArtistIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1ArtistsByArtistIdResponses, DeleteApiV1ArtistsByArtistIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/artists/{artist_id}',
    ...options
});

/**
 * Change Artist Names
 *
 * Other names for this artist.
 */
export const putApiV1ArtistsByArtistId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1ArtistsByArtistIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1ArtistsByArtistIdResponses, PutApiV1ArtistsByArtistIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/artists/{artist_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Voices
 *
 * The voices that you may choose, by provider.
 */
export const getApiV1Voices = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1VoicesData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1VoicesResponses, GetApiV1VoicesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/voices',
    ...options
});

/**
 * Preview Voice
 *
 * A sentence in a voice.
 */
export const getApiV1VoicesPreview = <ThrowOnError extends boolean = true>(options: Options<GetApiV1VoicesPreviewData, ThrowOnError>) => (options.client ?? client).get<GetApiV1VoicesPreviewResponses, GetApiV1VoicesPreviewErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/voices/preview',
    ...options
});

/**
 * List Providers
 *
 * Who writes, speaks and listens, and whether they answer now; superusers see all that could, and their addresses.
 */
export const getApiV1Providers = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1ProvidersData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1ProvidersResponses, GetApiV1ProvidersErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/providers',
    ...options
});

/**
 * List Music
 *
 * The pieces of music that templates and episodes may name: files in the folder `podcasts/music`.
 */
export const getApiV1Music = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1MusicData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1MusicResponses, GetApiV1MusicErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/music',
    ...options
});

/**
 * Estimate Podcast
 *
 * What an episode would take: tokens, spoken characters, minutes, money. Nothing is made.
 */
export const postApiV1PodcastsEstimate = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsEstimateData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsEstimateResponses, PostApiV1PodcastsEstimateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/estimate',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Say Turn
 *
 * Hear one turn as the episode would have it. What is heard here is not spoken again for the episode.
 */
export const postApiV1PodcastsByPodcastIdSay = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsByPodcastIdSayData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsByPodcastIdSayResponses, PostApiV1PodcastsByPodcastIdSayErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/say',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Generate From Text
 *
 * Make a podcast of a text.
 */
export const postApiV1PodcastsGenerateText = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsGenerateTextData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsGenerateTextResponses, PostApiV1PodcastsGenerateTextErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/generate/text',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Generate From Url
 *
 * Make a podcast of a page, document or recording elsewhere.
 */
export const postApiV1PodcastsGenerateUrl = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsGenerateUrlData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsGenerateUrlResponses, PostApiV1PodcastsGenerateUrlErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/generate/url',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Generate From Audio
 *
 * Make a podcast of a recording.
 */
export const postApiV1PodcastsGenerateAudio = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsGenerateAudioData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsGenerateAudioResponses, PostApiV1PodcastsGenerateAudioErrors, ThrowOnError>({
    ...formDataBodySerializer,
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/generate/audio',
    ...options,
    headers: {
        'Content-Type': null,
        ...options.headers
    }
});

/**
 * List Podcasts
 *
 * Your podcasts, newest first.
 */
export const getApiV1Podcasts = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1PodcastsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1PodcastsResponses, GetApiV1PodcastsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts',
    ...options
});

/**
 * Create Podcast
 *
 * Make a podcast of one or several sources of any kind: texts, addresses, items of the library, other episodes.
 */
export const postApiV1Podcasts = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsResponses, PostApiV1PodcastsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Create Podcast Of Files
 *
 * Make a podcast of uploaded documents and recordings, together with whatever else is named.
 */
export const postApiV1PodcastsFiles = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsFilesData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsFilesResponses, PostApiV1PodcastsFilesErrors, ThrowOnError>({
    ...formDataBodySerializer,
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/files',
    ...options,
    headers: {
        'Content-Type': null,
        ...options.headers
    }
});

/**
 * Delete Podcast
 *
 * Delete a podcast with all its files.
 */
export const deleteApiV1PodcastsByPodcastId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1PodcastsByPodcastIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1PodcastsByPodcastIdResponses, DeleteApiV1PodcastsByPodcastIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}',
    ...options
});

/**
 * Get Podcast
 *
 * One podcast, with what it was made of.
 */
export const getApiV1PodcastsByPodcastId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdResponses, GetApiV1PodcastsByPodcastIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}',
    ...options
});

/**
 * Update Podcast
 *
 * Give a podcast another title or description.
 */
export const putApiV1PodcastsByPodcastId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1PodcastsByPodcastIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1PodcastsByPodcastIdResponses, PutApiV1PodcastsByPodcastIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Cancel Podcast
 *
 * End the making of a podcast; what was done is kept.
 */
export const postApiV1PodcastsByPodcastIdCancel = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsByPodcastIdCancelData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsByPodcastIdCancelResponses, PostApiV1PodcastsByPodcastIdCancelErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/cancel',
    ...options
});

/**
 * Continue Podcast
 *
 * Go on where the making has failed or was cancelled; nothing that was done is done again.
 */
export const postApiV1PodcastsByPodcastIdContinue = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsByPodcastIdContinueData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsByPodcastIdContinueResponses, PostApiV1PodcastsByPodcastIdContinueErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/continue',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Approve Podcast
 *
 * Let a script be spoken that waits for it.
 */
export const postApiV1PodcastsByPodcastIdApprove = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsByPodcastIdApproveData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsByPodcastIdApproveResponses, PostApiV1PodcastsByPodcastIdApproveErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/approve',
    ...options
});

/**
 * Voice Podcast
 *
 * Have the script spoken: after it was changed, or with other voices. Nothing is written anew, and turns that have
 * not changed are not spoken again.
 */
export const postApiV1PodcastsByPodcastIdVoice = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsByPodcastIdVoiceData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsByPodcastIdVoiceResponses, PostApiV1PodcastsByPodcastIdVoiceErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/voice',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Translate Podcast
 *
 * Make a podcast of the same script in another language.
 */
export const postApiV1PodcastsByPodcastIdTranslate = <ThrowOnError extends boolean = true>(options: Options<PostApiV1PodcastsByPodcastIdTranslateData, ThrowOnError>) => (options.client ?? client).post<PostApiV1PodcastsByPodcastIdTranslateResponses, PostApiV1PodcastsByPodcastIdTranslateErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/translate',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Script
 *
 * A podcast's script.
 */
export const getApiV1PodcastsByPodcastIdScript = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdScriptData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdScriptResponses, GetApiV1PodcastsByPodcastIdScriptErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/script',
    ...options
});

/**
 * Put Script
 *
 * Write a new version of the script; the ones before stay.
 */
export const putApiV1PodcastsByPodcastIdScript = <ThrowOnError extends boolean = true>(options: Options<PutApiV1PodcastsByPodcastIdScriptData, ThrowOnError>) => (options.client ?? client).put<PutApiV1PodcastsByPodcastIdScriptResponses, PutApiV1PodcastsByPodcastIdScriptErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/script',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Scripts
 *
 * All versions of a podcast's script, the newest first.
 */
export const getApiV1PodcastsByPodcastIdScripts = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdScriptsData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdScriptsResponses, GetApiV1PodcastsByPodcastIdScriptsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/scripts',
    ...options
});

/**
 * Get Podcast Audio
 *
 * The recording, to be played; in ranges, too.
 */
export const getApiV1PodcastsByPodcastIdAudio = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdAudioData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdAudioResponses, GetApiV1PodcastsByPodcastIdAudioErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/audio',
    ...options
});

/**
 * Download Podcast
 *
 * The recording, to be kept.
 */
export const getApiV1PodcastsByPodcastIdDownload = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdDownloadData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdDownloadResponses, GetApiV1PodcastsByPodcastIdDownloadErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/download',
    ...options
});

/**
 * Listen Live
 *
 * The podcast while it is made: a draft, turn by turn, as soon as each was spoken. Once it is done, the recording.
 */
export const getApiV1PodcastsByPodcastIdLive = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdLiveData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdLiveResponses, GetApiV1PodcastsByPodcastIdLiveErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/live',
    ...options
});

/**
 * Get Podcast Transcript
 *
 * What is said when, as WebVTT.
 */
export const getApiV1PodcastsByPodcastIdTranscriptVtt = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdTranscriptVttData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdTranscriptVttResponses, GetApiV1PodcastsByPodcastIdTranscriptVttErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/transcript.vtt',
    ...options
});

/**
 * Get Podcast Chapters
 *
 * Its chapters, as podcast apps read them (JSON chapters 1.2).
 */
export const getApiV1PodcastsByPodcastIdChaptersJson = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdChaptersJsonData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdChaptersJsonResponses, GetApiV1PodcastsByPodcastIdChaptersJsonErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/chapters.json',
    ...options
});

/**
 * Get Podcast Cover
 *
 * Its picture.
 */
export const getApiV1PodcastsByPodcastIdCover = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdCoverData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdCoverResponses, GetApiV1PodcastsByPodcastIdCoverErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/cover',
    ...options
});

/**
 * Get Podcast Source
 *
 * A source as it was given: a text, a document or a recording.
 */
export const getApiV1PodcastsByPodcastIdSourcesByPosition = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdSourcesByPositionData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdSourcesByPositionResponses, GetApiV1PodcastsByPodcastIdSourcesByPositionErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/sources/{position}',
    ...options
});

/**
 * Get Podcast Source Text
 *
 * A source as it was read, whatever it was: the text whose characters a script's `sourceSpan` counts.
 */
export const getApiV1PodcastsByPodcastIdSourcesByPositionText = <ThrowOnError extends boolean = true>(options: Options<GetApiV1PodcastsByPodcastIdSourcesByPositionTextData, ThrowOnError>) => (options.client ?? client).get<GetApiV1PodcastsByPodcastIdSourcesByPositionTextResponses, GetApiV1PodcastsByPodcastIdSourcesByPositionTextErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/podcasts/{podcast_id}/sources/{position}/text',
    ...options
});

/**
 * List Templates
 *
 * The templates that you may use: those that ship, everybody's, and your own.
 */
export const getApiV1Templates = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1TemplatesData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1TemplatesResponses, GetApiV1TemplatesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/templates',
    ...options
});

/**
 * Create Template
 *
 * A template of your own; a superuser's is everybody's.
 */
export const postApiV1Templates = <ThrowOnError extends boolean = true>(options: Options<PostApiV1TemplatesData, ThrowOnError>) => (options.client ?? client).post<PostApiV1TemplatesResponses, PostApiV1TemplatesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/templates',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Template File
 *
 * The file that holds the templates besides those that ship, and what in it cannot be used.
 */
export const getApiV1TemplatesFile = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1TemplatesFileData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1TemplatesFileResponses, GetApiV1TemplatesFileErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/templates/file',
    ...options
});

/**
 * Delete Template
 *
 * Delete a template. One that ships and was changed is as it came again.
 */
export const deleteApiV1TemplatesByTemplateId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1TemplatesByTemplateIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1TemplatesByTemplateIdResponses, DeleteApiV1TemplatesByTemplateIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/templates/{template_id}',
    ...options
});

/**
 * Get Template
 *
 * One template.
 */
export const getApiV1TemplatesByTemplateId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1TemplatesByTemplateIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1TemplatesByTemplateIdResponses, GetApiV1TemplatesByTemplateIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/templates/{template_id}',
    ...options
});

/**
 * Update Template
 *
 * Change a template; what is left out stays. Episodes that were begun keep it as it was.
 */
export const putApiV1TemplatesByTemplateId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1TemplatesByTemplateIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1TemplatesByTemplateIdResponses, PutApiV1TemplatesByTemplateIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/templates/{template_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * List Transcripts
 *
 * The transcripts of an item that you have asked for. Finished ones are subtitles among the item's files, too.
 */
export const getApiV1ItemsByItemIdTranscripts = <ThrowOnError extends boolean = true>(options: Options<GetApiV1ItemsByItemIdTranscriptsData, ThrowOnError>) => (options.client ?? client).get<GetApiV1ItemsByItemIdTranscriptsResponses, GetApiV1ItemsByItemIdTranscriptsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/transcripts',
    ...options
});

/**
 * Begin Transcript
 *
 * Have the sound of an item written down, by the recogniser of the setting `asr`. It becomes one of the item's
 * subtitle files.
 */
export const postApiV1ItemsByItemIdTranscripts = <ThrowOnError extends boolean = true>(options: Options<PostApiV1ItemsByItemIdTranscriptsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1ItemsByItemIdTranscriptsResponses, PostApiV1ItemsByItemIdTranscriptsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/transcripts',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Transcript
 *
 * Stop a transcript that is being made (it stays, as cancelled), or delete one with its subtitles.
 */
export const deleteApiV1ItemsByItemIdTranscriptsByTranscriptId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdResponses, DeleteApiV1ItemsByItemIdTranscriptsByTranscriptIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/items/{item_id}/transcripts/{transcript_id}',
    ...options
});

/**
 * Podcasts Feed
 *
 * The podcasts that the user has had made, newest first, with transcripts and chapters.
 */
export const getFeedsByTokenPodcastsXml = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenPodcastsXmlData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenPodcastsXmlResponses, GetFeedsByTokenPodcastsXmlErrors, ThrowOnError>({ url: '/feeds/{token}/podcasts.xml', ...options });

/**
 * Podcast File
 *
 * A file of a podcast: the recording, with ranges and conditions, its transcript, chapters or picture.
 */
export const getFeedsByTokenPodcastsByPodcastIdByName = <ThrowOnError extends boolean = true>(options: Options<GetFeedsByTokenPodcastsByPodcastIdByNameData, ThrowOnError>) => (options.client ?? client).get<GetFeedsByTokenPodcastsByPodcastIdByNameResponses, GetFeedsByTokenPodcastsByPodcastIdByNameErrors, ThrowOnError>({ url: '/feeds/{token}/podcasts/{podcast_id}/{name}', ...options });

/**
 * List Digests
 *
 * Your digests: what is new at followed links and in feeds, as episodes on a schedule.
 */
export const getApiV1Digests = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1DigestsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1DigestsResponses, GetApiV1DigestsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/digests',
    ...options
});

/**
 * Create Digest
 *
 * A new digest. What is there now is not new.
 */
export const postApiV1Digests = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DigestsData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DigestsResponses, PostApiV1DigestsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/digests',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Delete Digest
 *
 * Delete a digest. The episodes that it has made stay.
 */
export const deleteApiV1DigestsByDigestId = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1DigestsByDigestIdData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1DigestsByDigestIdResponses, DeleteApiV1DigestsByDigestIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/digests/{digest_id}',
    ...options
});

/**
 * Get Digest
 *
 * One digest.
 */
export const getApiV1DigestsByDigestId = <ThrowOnError extends boolean = true>(options: Options<GetApiV1DigestsByDigestIdData, ThrowOnError>) => (options.client ?? client).get<GetApiV1DigestsByDigestIdResponses, GetApiV1DigestsByDigestIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/digests/{digest_id}',
    ...options
});

/**
 * Update Digest
 *
 * Change a digest; what is left out stays.
 */
export const putApiV1DigestsByDigestId = <ThrowOnError extends boolean = true>(options: Options<PutApiV1DigestsByDigestIdData, ThrowOnError>) => (options.client ?? client).put<PutApiV1DigestsByDigestIdResponses, PutApiV1DigestsByDigestIdErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/digests/{digest_id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Run Digest
 *
 * Look for what is new now; if there is anything, an episode of it is begun.
 */
export const postApiV1DigestsByDigestIdRun = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DigestsByDigestIdRunData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DigestsByDigestIdRunResponses, PostApiV1DigestsByDigestIdRunErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/digests/{digest_id}/run',
    ...options
});

/**
 * Export Database
 *
 * The whole database as one file, as it is in this moment; without secrets.
 */
export const getApiV1DatabaseExport = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1DatabaseExportData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1DatabaseExportResponses, GetApiV1DatabaseExportErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/database/export',
    ...options
});

/**
 * Get Import
 *
 * How the latest import is, or was.
 */
export const getApiV1DatabaseImport = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1DatabaseImportData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1DatabaseImportResponses, GetApiV1DatabaseImportErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/database/import',
    ...options
});

/**
 * Import Database
 *
 * Replace the whole database by an exported one, in the background. All sessions end with it.
 */
export const postApiV1DatabaseImport = <ThrowOnError extends boolean = true>(options: Options<PostApiV1DatabaseImportData, ThrowOnError>) => (options.client ?? client).post<PostApiV1DatabaseImportResponses, PostApiV1DatabaseImportErrors, ThrowOnError>({
    ...formDataBodySerializer,
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/database/import',
    ...options,
    headers: {
        'Content-Type': null,
        ...options.headers
    }
});

/**
 * Get Import Of Receipt
 *
 * How an import is, or was, for whoever has its receipt: an import that succeeds ends every session.
 */
export const getApiV1DatabaseImportByReceipt = <ThrowOnError extends boolean = true>(options: Options<GetApiV1DatabaseImportByReceiptData, ThrowOnError>) => (options.client ?? client).get<GetApiV1DatabaseImportByReceiptResponses, GetApiV1DatabaseImportByReceiptErrors, ThrowOnError>({ url: '/api/v1/database/import/{receipt}', ...options });

/**
 * List Backups
 *
 * The backups in the data folder, newest first.
 */
export const getApiV1Backups = <ThrowOnError extends boolean = true>(options?: Options<GetApiV1BackupsData, ThrowOnError>) => (options?.client ?? client).get<GetApiV1BackupsResponses, GetApiV1BackupsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/backups',
    ...options
});

/**
 * Create Backup
 *
 * Make a backup now; it is kept until somebody deletes it.
 */
export const postApiV1Backups = <ThrowOnError extends boolean = true>(options?: Options<PostApiV1BackupsData, ThrowOnError>) => (options?.client ?? client).post<PostApiV1BackupsResponses, PostApiV1BackupsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/backups',
    ...options
});

/**
 * Delete Backup
 *
 * Delete a backup for good.
 */
export const deleteApiV1BackupsByName = <ThrowOnError extends boolean = true>(options: Options<DeleteApiV1BackupsByNameData, ThrowOnError>) => (options.client ?? client).delete<DeleteApiV1BackupsByNameResponses, DeleteApiV1BackupsByNameErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/backups/{name}',
    ...options
});

/**
 * Get Backup
 *
 * A backup's file.
 */
export const getApiV1BackupsByName = <ThrowOnError extends boolean = true>(options: Options<GetApiV1BackupsByNameData, ThrowOnError>) => (options.client ?? client).get<GetApiV1BackupsByNameResponses, GetApiV1BackupsByNameErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/backups/{name}',
    ...options
});

/**
 * Restore Backup
 *
 * Go back to a backup, in the background, as an import does.
 */
export const postApiV1BackupsByNameRestore = <ThrowOnError extends boolean = true>(options: Options<PostApiV1BackupsByNameRestoreData, ThrowOnError>) => (options.client ?? client).post<PostApiV1BackupsByNameRestoreResponses, PostApiV1BackupsByNameRestoreErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }, {
            in: 'cookie',
            name: 'magpie_session',
            type: 'apiKey'
        }],
    url: '/api/v1/backups/{name}/restore',
    ...options
});
