-- Magpie database export
-- format: 1
-- revision: 0002
-- created: 2026-11-20T13:32:44Z
-- secrets: none
-- rows: installation=1 items=1 users=1 audit_records=1 downloads=2 item_files=1 memberships=1 settings=1
-- sha256: d4a53670c642ef276b64446466cc0e8c0f90ab02bc7f856ce6e2dffe6cb18654

INSERT INTO "installation" ("id", "identity", "job_epoch") VALUES (1, '0123456789abcdef0123456789abcdef', 4);
INSERT INTO "items" ("id", "extractor", "source_id", "kind", "quality", "title", "artist", "album", "description", "site", "source_url", "duration", "size", "published_at", "created_at", "extra") VALUES (5, 'demo', 'a1', 'video', 'best', 'It''s a title
of two lines', 'Ünï \ 雀', NULL, NULL, 'media.example', 'https://media.example/watch?v=1', 12.25, 6000000000, NULL, '2025-11-02 10:20:30.123456+00:00', '{"tags":["it''s","\u96c0"]}');
INSERT INTO "users" ("id", "username", "username_key", "email", "email_key", "password_hash", "is_active", "is_superuser", "display_name", "created_at", "last_login_at") VALUES (1, 'ada', 'ada', 'ada@example.com', 'ada@example.com', '$argon2id$v=19$m=65536,t=3,p=4$none', TRUE, TRUE, NULL, '2025-11-02 10:20:30.123456+00:00', NULL);
INSERT INTO "audit_records" ("id", "at", "user_id", "username", "action", "subject", "outcome", "ip", "user_agent", "details") VALUES (1, '2026-11-20 13:32:44.788057+00:00', NULL, 'ada', 'database.import', NULL, 'success', '', '', '{"backup":"magpie-20261120-133244-before-import.sql","file":"export_0001.sql","revision":"0001","rows":7,"sha256":"1c044aaec0d23e937b8d1a76cb5433d0a35ff0b5e13f2d067f5256f30a67e10a","written":"2025-11-03T00:00:00+00:00"}');
INSERT INTO "downloads" ("id", "key", "user_id", "parent_id", "item_id", "url", "site", "profile", "title", "artist", "wanted_title", "wanted_artist", "priority", "status", "stage", "reason", "error_message", "file_path", "attempt", "failures", "next_attempt_at", "cancel_requested", "claim", "worker", "heartbeat_at", "downloaded_bytes", "total_bytes", "speed", "eta", "created_at", "started_at", "completed_at") VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, NULL, 5, 'https://media.example/watch?v=1', 'media.example', 'video', NULL, NULL, NULL, NULL, 100, 'completed', NULL, NULL, NULL, NULL, 1, 0, NULL, FALSE, 2, NULL, NULL, NULL, NULL, NULL, NULL, '2025-11-02 10:20:30.123456+00:00', NULL, NULL);
INSERT INTO "downloads" ("id", "key", "user_id", "parent_id", "item_id", "url", "site", "profile", "title", "artist", "wanted_title", "wanted_artist", "priority", "status", "stage", "reason", "error_message", "file_path", "attempt", "failures", "next_attempt_at", "cancel_requested", "claim", "worker", "heartbeat_at", "downloaded_bytes", "total_bytes", "speed", "eta", "created_at", "started_at", "completed_at") VALUES (2, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1, 1, NULL, 'https://media.example/watch?v=2', 'media.example', 'video', NULL, NULL, NULL, NULL, 100, 'pending', 'queued', NULL, NULL, NULL, 1, 0, NULL, FALSE, 2, NULL, NULL, NULL, NULL, NULL, NULL, '2025-11-02 10:20:30.123456+00:00', NULL, NULL);
INSERT INTO "item_files" ("id", "item_id", "path", "role", "position", "size", "mime", "width", "height", "duration", "language") VALUES (9, 5, 'Media/It''s a title.mp4', 'media', 0, 6000000000, 'video/mp4', 1920, 1080, 12.25, NULL);
INSERT INTO "memberships" ("id", "item_id", "user_id", "created_at") VALUES (2, 5, 1, '2025-11-02 10:20:30.123456+00:00');
INSERT INTO "settings" ("name", "value", "changed_at", "changed_by") VALUES ('session_days', '12', '2026-01-02 03:04:05.000000+00:00', 1);
