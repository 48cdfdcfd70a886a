-- sign
SELECT "campaigns_campaign"."id", "campaigns_campaign"."slug", "campaigns_campaign"."headline", "campaigns_campaign"."goal_statement", "campaigns_campaign"."signature_goal", "campaigns_campaign"."tweet_goal", "campaigns_campaign"."status", "campaigns_campaign"."language", "campaigns_campaign"."time_zone", "campaigns_campaign"."story", "campaigns_campaign"."notice", "campaigns_campaign"."organiser", "campaigns_campaign"."safety", "campaigns_campaign"."accent", "campaigns_campaign"."petition_id", "campaigns_campaign"."tweet_action_id", "campaigns_campaign"."launched_at", "campaigns_campaign"."pledge_threshold", "campaigns_campaign"."forecast", "petitions_petition"."id", "petitions_petition"."title", "petitions_petition"."text", "petitions_petition"."opens_at", "petitions_petition"."closes_at", "petitions_petition"."pending", "petitions_petition"."under_review", "petitions_petition"."removed", "petitions_petition"."confirmed_hourly", "petitions_petition"."hourly_at", "petitions_petition"."told_until", "actions_tweetaction"."id", "actions_tweetaction"."target_id", "actions_tweetaction"."hashtag", "actions_tweetaction"."hashtag_from", "actions_tweetaction"."advice", "actions_tweetaction"."budget", "actions_tweetaction"."is_tracking", "actions_tweetaction"."busy_until", "actions_target"."id", "actions_target"."committed_id", "actions_target"."read_at", "actions_target"."refused", "actions_target"."name", "actions_target"."kind", "actions_target"."x_handle", "actions_target"."x_user_id", "actions_target"."resolved_handle", "actions_target"."reason", "actions_target"."language", "actions_target"."is_fictional", "campaigns_presskit"."id", "campaigns_presskit"."campaign_id", "campaigns_presskit"."key", "campaigns_presskit"."embargo_until", "campaigns_presskit"."text", "campaigns_presskit"."facts", "campaigns_presskit"."contact", "campaigns_recap"."id", "campaigns_recap"."campaign_id", "campaigns_recap"."text", "campaigns_recap"."published_at", "progress_hourlyfigures"."id", "progress_hourlyfigures"."campaign_id", "progress_hourlyfigures"."taken_at", "progress_hourlyfigures"."opened", "progress_hourlyfigures"."linked", "progress_hourlyfigures"."verified", "progress_hourlyfigures"."pledged", "progress_hourlyfigures"."by_target" FROM "campaigns_campaign" LEFT OUTER JOIN "petitions_petition" ON ("campaigns_campaign"."petition_id" = "petitions_petition"."id") LEFT OUTER JOIN "actions_tweetaction" ON ("campaigns_campaign"."tweet_action_id" = "actions_tweetaction"."id") LEFT OUTER JOIN "actions_target" ON ("actions_tweetaction"."target_id" = "actions_target"."id") LEFT OUTER JOIN "campaigns_presskit" ON ("campaigns_campaign"."id" = "campaigns_presskit"."campaign_id") LEFT OUTER JOIN "campaigns_recap" ON ("campaigns_campaign"."id" = "campaigns_recap"."campaign_id") LEFT OUTER JOIN "progress_hourlyfigures" ON ("campaigns_campaign"."id" = "progress_hourlyfigures"."campaign_id") WHERE (NOT ("campaigns_campaign"."status" = 'draft') AND "campaigns_campaign"."slug" = 'open-the-river-report') LIMIT 21;

INSERT INTO "petitions_signature" ("mail_due_at", "mail_attempts", "mailed_at", "id", "petition_id", "email", "name", "comment", "country", "language", "address_hash", "hash_version", "hash_rule", "client_hash", "domain", "name_hash", "seconds", "signed_at", "confirmed_at", "review", "decision_id", "withdrawn_at", "erased_at", "consent_text_id", "show_name_at", "updates_at", "others_at", "counted") VALUES ('2026-11-26 03:54:20.541294+00:00'::timestamptz, 0, NULL, '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid, 2, 'gAAAAABrB61sLbx6up-EsgIeTq_ve94RpAY96d81UY7t26UH9b6VkPkYz034IfP9k6cTiMAhlkd-kivQJOJttyG3XAAM-ubQGw7UN5wURfNTf76X2tBro10=', 'gAAAAABrB61sx0fuavisy4wrdi5KsHsZFlbTT6VKzwpR2hB5irbml9rgxtkr2p9Zo2skhp9Y1XaeARtlAIVcgRpnaWWTErtHgQ==', 'gAAAAABrB61sljtt2ZPBWIAhgsW1uJOes78ryzEugX5bD-tqW6yBDvv_mdgtmhIltJ_tAbsT7mp4r8Myie2e8UOoD4XILU42xg==', 'ES', 'en', '\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea, 1, 2, '\x5d4ed5d6c95ec865502c906b0488ee4e'::bytea, 'ec01489846a7a30b64ae410454502c2b', '\x7e7018654b82329e7e226e6ab22c3f18'::bytea, NULL, '2026-11-26 03:54:20.541803+00:00'::timestamptz, NULL, 'none', NULL, NULL, NULL, NULL, NULL, NULL, NULL, false) RETURNING "petitions_signature"."hash_rule", "petitions_signature"."counts";

-- mail
SELECT pg_try_advisory_lock(7637646688264865648);

BEGIN;

SELECT "petitions_signature"."mail_due_at", "petitions_signature"."mail_attempts", "petitions_signature"."mailed_at", "petitions_signature"."id", "petitions_signature"."petition_id", "petitions_signature"."email", "petitions_signature"."name", "petitions_signature"."comment", "petitions_signature"."country", "petitions_signature"."language", "petitions_signature"."address_hash", "petitions_signature"."hash_version", "petitions_signature"."hash_rule", "petitions_signature"."client_hash", "petitions_signature"."domain", "petitions_signature"."name_hash", "petitions_signature"."seconds", "petitions_signature"."signed_at", "petitions_signature"."confirmed_at", "petitions_signature"."review", "petitions_signature"."decision_id", "petitions_signature"."withdrawn_at", "petitions_signature"."erased_at", "petitions_signature"."consent_text_id", "petitions_signature"."show_name_at", "petitions_signature"."updates_at", "petitions_signature"."others_at", "petitions_signature"."counts", "petitions_signature"."counted" FROM "petitions_signature" WHERE ("petitions_signature"."mail_attempts" < 2 AND "petitions_signature"."mail_due_at" <= '2026-11-26 03:54:20.571542+00:00'::timestamptz) ORDER BY "petitions_signature"."mail_due_at" ASC LIMIT 50 FOR UPDATE SKIP LOCKED;

UPDATE "petitions_signature" SET "mail_due_at" = '2026-11-26 04:04:20.577650+00:00'::timestamptz, "mail_attempts" = ("petitions_signature"."mail_attempts" + 1) WHERE "petitions_signature"."id" IN ('01a215fd6ffd7a1e90c86f82c1ce1205'::uuid);

COMMIT;

SELECT 1 AS "a" FROM "petitions_suppression" WHERE (("petitions_suppression"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_suppression"."hash_rule" = 1) OR ("petitions_suppression"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_suppression"."hash_rule" = 2)) LIMIT 1;

SELECT COUNT(*) AS "__count" FROM "petitions_mailing" WHERE ((("petitions_mailing"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_mailing"."hash_rule" = 1) OR ("petitions_mailing"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_mailing"."hash_rule" = 2)) AND NOT ("petitions_mailing"."row" = '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid) AND "petitions_mailing"."petition_id" = 2 AND "petitions_mailing"."begun_at" > '2026-11-25 03:54:20.582945+00:00'::timestamptz);

SELECT COUNT(*) AS "__count" FROM "petitions_mailing" WHERE ((("petitions_mailing"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_mailing"."hash_rule" = 1) OR ("petitions_mailing"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_mailing"."hash_rule" = 2)) AND NOT ("petitions_mailing"."row" = '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid) AND "petitions_mailing"."petition_id" = 2 AND "petitions_mailing"."begun_at" > '2026-10-27 03:54:20.582945+00:00'::timestamptz);

SELECT COUNT(*) AS "__count" FROM "petitions_mailing" WHERE ((("petitions_mailing"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_mailing"."hash_rule" = 1) OR ("petitions_mailing"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_mailing"."hash_rule" = 2)) AND NOT ("petitions_mailing"."row" = '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid) AND "petitions_mailing"."begun_at" > '2026-11-25 03:54:20.582945+00:00'::timestamptz);

SELECT "petitions_petition"."id", "petitions_petition"."title", "petitions_petition"."text", "petitions_petition"."opens_at", "petitions_petition"."closes_at", "petitions_petition"."pending", "petitions_petition"."under_review", "petitions_petition"."removed", "petitions_petition"."confirmed_hourly", "petitions_petition"."hourly_at", "petitions_petition"."told_until" FROM "petitions_petition" WHERE "petitions_petition"."id" = 2 LIMIT 21;

SELECT "campaigns_campaign"."id", "campaigns_campaign"."slug", "campaigns_campaign"."headline", "campaigns_campaign"."goal_statement", "campaigns_campaign"."signature_goal", "campaigns_campaign"."tweet_goal", "campaigns_campaign"."status", "campaigns_campaign"."language", "campaigns_campaign"."time_zone", "campaigns_campaign"."story", "campaigns_campaign"."notice", "campaigns_campaign"."organiser", "campaigns_campaign"."safety", "campaigns_campaign"."accent", "campaigns_campaign"."petition_id", "campaigns_campaign"."tweet_action_id", "campaigns_campaign"."launched_at", "campaigns_campaign"."pledge_threshold", "campaigns_campaign"."forecast" FROM "campaigns_campaign" WHERE "campaigns_campaign"."petition_id" = 2 LIMIT 21;

BEGIN;

SELECT "petitions_mailing"."id", "petitions_mailing"."row", "petitions_mailing"."petition_id", "petitions_mailing"."address_hash", "petitions_mailing"."hash_version", "petitions_mailing"."hash_rule", "petitions_mailing"."begun_at" FROM "petitions_mailing" WHERE "petitions_mailing"."row" = '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid LIMIT 21 FOR UPDATE;

SAVEPOINT "s140106831043456_x1";

INSERT INTO "petitions_mailing" ("row", "petition_id", "address_hash", "hash_version", "hash_rule", "begun_at") VALUES ('01a215fd6ffd7a1e90c86f82c1ce1205'::uuid, 2, '\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea, 1, 2, '2026-11-26 03:54:20.596660+00:00'::timestamptz) RETURNING "petitions_mailing"."id", "petitions_mailing"."hash_rule";

RELEASE SAVEPOINT "s140106831043456_x1";

COMMIT;

UPDATE "petitions_signature" SET "mail_due_at" = NULL, "mailed_at" = '2026-11-26 03:54:20.613019+00:00'::timestamptz WHERE "petitions_signature"."id" = '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid;

BEGIN;

SELECT "petitions_signature"."mail_due_at", "petitions_signature"."mail_attempts", "petitions_signature"."mailed_at", "petitions_signature"."id", "petitions_signature"."petition_id", "petitions_signature"."email", "petitions_signature"."name", "petitions_signature"."comment", "petitions_signature"."country", "petitions_signature"."language", "petitions_signature"."address_hash", "petitions_signature"."hash_version", "petitions_signature"."hash_rule", "petitions_signature"."client_hash", "petitions_signature"."domain", "petitions_signature"."name_hash", "petitions_signature"."seconds", "petitions_signature"."signed_at", "petitions_signature"."confirmed_at", "petitions_signature"."review", "petitions_signature"."decision_id", "petitions_signature"."withdrawn_at", "petitions_signature"."erased_at", "petitions_signature"."consent_text_id", "petitions_signature"."show_name_at", "petitions_signature"."updates_at", "petitions_signature"."others_at", "petitions_signature"."counts", "petitions_signature"."counted" FROM "petitions_signature" WHERE ("petitions_signature"."mail_attempts" < 2 AND "petitions_signature"."mail_due_at" <= '2026-11-26 03:54:20.614770+00:00'::timestamptz) ORDER BY "petitions_signature"."mail_due_at" ASC LIMIT 50 FOR UPDATE SKIP LOCKED;

COMMIT;

SELECT pg_advisory_unlock(7637646688264865648);

-- read
SELECT "petitions_signature"."mail_due_at", "petitions_signature"."mail_attempts", "petitions_signature"."mailed_at", "petitions_signature"."id", "petitions_signature"."petition_id", "petitions_signature"."email", "petitions_signature"."name", "petitions_signature"."comment", "petitions_signature"."country", "petitions_signature"."language", "petitions_signature"."address_hash", "petitions_signature"."hash_version", "petitions_signature"."hash_rule", "petitions_signature"."client_hash", "petitions_signature"."domain", "petitions_signature"."name_hash", "petitions_signature"."seconds", "petitions_signature"."signed_at", "petitions_signature"."confirmed_at", "petitions_signature"."review", "petitions_signature"."decision_id", "petitions_signature"."withdrawn_at", "petitions_signature"."erased_at", "petitions_signature"."consent_text_id", "petitions_signature"."show_name_at", "petitions_signature"."updates_at", "petitions_signature"."others_at", "petitions_signature"."counts", "petitions_signature"."counted", "petitions_petition"."id", "petitions_petition"."title", "petitions_petition"."text", "petitions_petition"."opens_at", "petitions_petition"."closes_at", "petitions_petition"."pending", "petitions_petition"."under_review", "petitions_petition"."removed", "petitions_petition"."confirmed_hourly", "petitions_petition"."hourly_at", "petitions_petition"."told_until", "campaigns_campaign"."id", "campaigns_campaign"."slug", "campaigns_campaign"."headline", "campaigns_campaign"."goal_statement", "campaigns_campaign"."signature_goal", "campaigns_campaign"."tweet_goal", "campaigns_campaign"."status", "campaigns_campaign"."language", "campaigns_campaign"."time_zone", "campaigns_campaign"."story", "campaigns_campaign"."notice", "campaigns_campaign"."organiser", "campaigns_campaign"."safety", "campaigns_campaign"."accent", "campaigns_campaign"."petition_id", "campaigns_campaign"."tweet_action_id", "campaigns_campaign"."launched_at", "campaigns_campaign"."pledge_threshold", "campaigns_campaign"."forecast" FROM "petitions_signature" INNER JOIN "petitions_petition" ON ("petitions_signature"."petition_id" = "petitions_petition"."id") LEFT OUTER JOIN "campaigns_campaign" ON ("petitions_petition"."id" = "campaigns_campaign"."petition_id") WHERE "petitions_signature"."id" = '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid LIMIT 21;

-- confirm
SELECT "petitions_signature"."mail_due_at", "petitions_signature"."mail_attempts", "petitions_signature"."mailed_at", "petitions_signature"."id", "petitions_signature"."petition_id", "petitions_signature"."email", "petitions_signature"."name", "petitions_signature"."comment", "petitions_signature"."country", "petitions_signature"."language", "petitions_signature"."address_hash", "petitions_signature"."hash_version", "petitions_signature"."hash_rule", "petitions_signature"."client_hash", "petitions_signature"."domain", "petitions_signature"."name_hash", "petitions_signature"."seconds", "petitions_signature"."signed_at", "petitions_signature"."confirmed_at", "petitions_signature"."review", "petitions_signature"."decision_id", "petitions_signature"."withdrawn_at", "petitions_signature"."erased_at", "petitions_signature"."consent_text_id", "petitions_signature"."show_name_at", "petitions_signature"."updates_at", "petitions_signature"."others_at", "petitions_signature"."counts", "petitions_signature"."counted", "petitions_petition"."id", "petitions_petition"."title", "petitions_petition"."text", "petitions_petition"."opens_at", "petitions_petition"."closes_at", "petitions_petition"."pending", "petitions_petition"."under_review", "petitions_petition"."removed", "petitions_petition"."confirmed_hourly", "petitions_petition"."hourly_at", "petitions_petition"."told_until", "campaigns_campaign"."id", "campaigns_campaign"."slug", "campaigns_campaign"."headline", "campaigns_campaign"."goal_statement", "campaigns_campaign"."signature_goal", "campaigns_campaign"."tweet_goal", "campaigns_campaign"."status", "campaigns_campaign"."language", "campaigns_campaign"."time_zone", "campaigns_campaign"."story", "campaigns_campaign"."notice", "campaigns_campaign"."organiser", "campaigns_campaign"."safety", "campaigns_campaign"."accent", "campaigns_campaign"."petition_id", "campaigns_campaign"."tweet_action_id", "campaigns_campaign"."launched_at", "campaigns_campaign"."pledge_threshold", "campaigns_campaign"."forecast" FROM "petitions_signature" INNER JOIN "petitions_petition" ON ("petitions_signature"."petition_id" = "petitions_petition"."id") LEFT OUTER JOIN "campaigns_campaign" ON ("petitions_petition"."id" = "campaigns_campaign"."petition_id") WHERE "petitions_signature"."id" = '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid LIMIT 21;

SELECT "petitions_consenttext"."id", "petitions_consenttext"."digest", "petitions_consenttext"."language", "petitions_consenttext"."texts", "petitions_consenttext"."since" FROM "petitions_consenttext" WHERE "petitions_consenttext"."digest" = '2e4b60e6c9e68f86d2f22610f03c89cd6737259800e1dea0a1bdc218953e09a1' LIMIT 21;

BEGIN;

SELECT pg_advisory_xact_lock_shared(3137, 2);

SELECT "petitions_standingdecision"."id", "petitions_standingdecision"."petition_id", "petitions_standingdecision"."address_hash", "petitions_standingdecision"."hash_version", "petitions_standingdecision"."hash_rule", "petitions_standingdecision"."review", "petitions_standingdecision"."decision_id" FROM "petitions_standingdecision" WHERE ("petitions_standingdecision"."petition_id" = 2 AND (("petitions_standingdecision"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_standingdecision"."hash_rule" = 1) OR ("petitions_standingdecision"."address_hash" IN ('\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea) AND "petitions_standingdecision"."hash_rule" = 2))) ORDER BY "petitions_standingdecision"."review" DESC LIMIT 1;

UPDATE "petitions_signature" SET "address_hash" = '\x6f64e5c40f21c7872cb7dbdb825ce6cedffc592d7ead9ff8566b88df235a2e23'::bytea, "hash_version" = 1, "hash_rule" = 2, "name" = 'gAAAAABrB61sWbGFasaH5NnY20N65CZdvd4dCUwRqcoT_CoWdwGr7Vq9gH-6albyVST0Yp3PAu2Nw6xiPModq1mOjJ70OuIWJw==', "country" = 'ES', "comment" = 'gAAAAABrB61sAfVRhuoYYSAau7GCDNF4QchrYGdZYtFqQJ24m-3Sj2fziXDKo7mGqoGIqxdLvSWxVNuVLnJGzl6yG9MVZ0tEgA==', "language" = 'en', "confirmed_at" = '2026-11-26 03:54:20.673573+00:00'::timestamptz, "consent_text_id" = 1, "show_name_at" = NULL, "updates_at" = NULL, "others_at" = NULL WHERE ("petitions_signature"."confirmed_at" IS NULL AND "petitions_signature"."withdrawn_at" IS NULL AND "petitions_signature"."id" = '01a215fd6ffd7a1e90c86f82c1ce1205'::uuid);

COMMIT;

SELECT "actions_tweetaction"."id", "actions_tweetaction"."target_id", "actions_tweetaction"."hashtag", "actions_tweetaction"."hashtag_from", "actions_tweetaction"."advice", "actions_tweetaction"."budget", "actions_tweetaction"."is_tracking", "actions_tweetaction"."busy_until" FROM "actions_tweetaction" WHERE "actions_tweetaction"."id" = 2 LIMIT 21;

-- tally
SELECT pg_try_advisory_lock(2071379958096689051);

WITH due AS (
    SELECT id FROM petitions_signature
    WHERE NOT (counted = counts) 
    ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED
), flipped AS (
    UPDATE petitions_signature AS signature SET counted = signature.counts
    FROM due WHERE signature.id = due.id
    RETURNING signature.petition_id, signature.confirmed_at, signature.country, signature.counted
), changes AS (
    SELECT petition_id, date_bin('15 minutes', confirmed_at, TIMESTAMPTZ 'epoch') AS start, country,
           sum(CASE WHEN counted THEN 1 ELSE -1 END) AS signatures
    FROM flipped GROUP BY 1, 2, 3
), upserted AS (
    INSERT INTO petitions_tally AS tally (petition_id, start, country, signatures)
    SELECT petition_id, start, country, signatures FROM changes WHERE signatures <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (petition_id, start, country) DO UPDATE SET signatures = tally.signatures + excluded.signatures
)
SELECT count(*) FROM flipped;

WITH due AS (
    SELECT id FROM petitions_signature
    WHERE NOT (counted = counts) 
    ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED
), flipped AS (
    UPDATE petitions_signature AS signature SET counted = signature.counts
    FROM due WHERE signature.id = due.id
    RETURNING signature.petition_id, signature.confirmed_at, signature.country, signature.counted
), changes AS (
    SELECT petition_id, date_bin('15 minutes', confirmed_at, TIMESTAMPTZ 'epoch') AS start, country,
           sum(CASE WHEN counted THEN 1 ELSE -1 END) AS signatures
    FROM flipped GROUP BY 1, 2, 3
), upserted AS (
    INSERT INTO petitions_tally AS tally (petition_id, start, country, signatures)
    SELECT petition_id, start, country, signatures FROM changes WHERE signatures <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (petition_id, start, country) DO UPDATE SET signatures = tally.signatures + excluded.signatures
)
SELECT count(*) FROM flipped;

SELECT pg_advisory_unlock(2071379958096689051);

