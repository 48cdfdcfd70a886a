"""Which fields and expansions can be asked for. Both vocabularies' names are taken in either mode."""

from dataclasses import dataclass

from xsim.params import Params
from xsim.vocabulary import old_expansion, old_name


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


POST_FIELDS = _names(
    "article article_title attachments author_id card_uri community_id context_annotations conversation_id created_at"
    " display_text_range edit_controls edit_history_tweet_ids edit_history_post_ids entities geo id in_reply_to_user_id"
    " lang matched_media_notes media_metadata non_public_metrics note_post note_request_suggestions note_tweet"
    " organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics referenced_posts"
    " referenced_tweets reply_settings scopes source suggested_source_links suggested_source_links_with_counts text"
    " username withheld"
)
USER_FIELDS = _names(
    "affiliation confirmed_email connection_status created_at description entities id is_identity_verified location"
    " most_recent_post_id most_recent_tweet_id name parody pinned_post_id pinned_tweet_id profile_banner_url"
    " profile_image_url protected public_metrics receives_your_dm subscribes_to_you subscription subscription_type url"
    " username verified verified_followers_count verified_type withheld"
)
POST_EXPANSIONS = _names(
    "article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet"
    " attachments.poll_ids author_id edit_history_post_ids edit_history_tweet_ids entities.mentions.username"
    " entities.note.mentions.username geo.place_id in_reply_to_user_id referenced_posts referenced_tweets.id"
    " referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id username"
)
USER_EXPANSIONS = _names(
    "affiliation affiliation.user_id most_recent_post_id most_recent_tweet_id pinned_post_id pinned_tweet_id"
)
COUNT_FIELDS = frozenset({"start", "end", "tweet_count", "post_count"})
USER_NAMES = frozenset({"user.fields", "expansions", "tweet.fields", "post.fields"})
POST_NAMES = USER_NAMES | {"media.fields", "poll.fields", "place.fields"}
_EXPANSION_FIELDS = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets",
    "entities.mentions.username": "entities",
}


@dataclass(frozen=True)
class Selection:
    """What to show of posts and users, in the older vocabulary's names."""

    post: frozenset[str]
    user: frozenset[str]
    expansions: frozenset[str]


def select(params: Params, expansions: frozenset[str] = POST_EXPANSIONS) -> Selection:
    asked = params.items("tweet.fields", POST_FIELDS) + params.items("post.fields", POST_FIELDS)
    expanded = frozenset(old_expansion(item) for item in params.items("expansions", expansions))
    implied = {_EXPANSION_FIELDS[item] for item in expanded if item in _EXPANSION_FIELDS}
    return Selection(
        frozenset({"id", "text", "edit_history_tweet_ids"} | {old_name(item) for item in asked} | implied),
        frozenset({"id", "name", "username", *map(old_name, params.items("user.fields", USER_FIELDS))}),
        expanded,
    )
