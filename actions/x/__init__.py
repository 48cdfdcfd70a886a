"""All that this project knows about X's API. Nothing else imports tweepy."""
