from django.db import migrations

GUARD = """
CREATE FUNCTION campaigns_was_public(campaign bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM campaigns_campaign WHERE id = campaign AND (status <> 'draft' OR launched_at IS NOT NULL))
        OR EXISTS (SELECT 1 FROM campaigns_historicalcampaign WHERE id = campaign AND status <> 'draft')
$$;

CREATE FUNCTION campaigns_public_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'What was withdrawn stays withdrawn.' USING ERRCODE = 'check_violation';
    ELSIF campaigns_was_public(OLD.campaign_id) THEN
        RAISE EXCEPTION 'What was public is not deleted: withdraw it.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION campaigns_publication_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF campaigns_was_public(OLD.campaign_id) THEN
        RAISE EXCEPTION 'What was published stays published: withdraw it.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER public_response_stays BEFORE DELETE ON campaigns_response
FOR EACH ROW EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER public_moment_stays BEFORE DELETE ON campaigns_keymoment
FOR EACH ROW EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER public_update_stays BEFORE DELETE ON campaigns_update
FOR EACH ROW WHEN (OLD.published_at <= now()) EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER published_update_stays BEFORE UPDATE OF published_at ON campaigns_update
FOR EACH ROW WHEN (OLD.published_at <= now() AND (NEW.published_at IS NULL OR NEW.published_at > now())) EXECUTE FUNCTION campaigns_publication_guard();

CREATE TRIGGER response_stays_withdrawn BEFORE UPDATE OF withdrawn_at ON campaigns_response
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER moment_stays_withdrawn BEFORE UPDATE OF withdrawn_at ON campaigns_keymoment
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) EXECUTE FUNCTION campaigns_public_guard();
CREATE TRIGGER update_stays_withdrawn BEFORE UPDATE OF withdrawn_at ON campaigns_update
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) EXECUTE FUNCTION campaigns_public_guard();
"""
UNDO = """
DROP FUNCTION campaigns_public_guard() CASCADE;
DROP FUNCTION campaigns_publication_guard() CASCADE;
DROP FUNCTION campaigns_was_public(bigint);
"""


class Migration(migrations.Migration):
    """What everybody could read does not go without a word, whichever way somebody would take it away."""

    dependencies = [("campaigns", "0008_withdrawal")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
