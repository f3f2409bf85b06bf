"""What an attempt was closed with never changes: the database itself refuses it."""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION scoring_refuse_change_of_snapshot() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'The snapshot and receipt of attempt % are frozen.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END
    $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER attempt_is_frozen BEFORE UPDATE ON scoring_attempt FOR EACH ROW
    WHEN (OLD.receipt <> '' AND (
        NEW.snapshot IS DISTINCT FROM OLD.snapshot
        OR NEW.receipt IS DISTINCT FROM OLD.receipt
    ))
    EXECUTE FUNCTION scoring_refuse_change_of_snapshot()
    """,
)
POSTGRESQL_BACK = (
    "DROP TRIGGER attempt_is_frozen ON scoring_attempt",
    "DROP FUNCTION scoring_refuse_change_of_snapshot()",
)
# SQLite makes a table anew for most changes of it and drops its triggers on the way: a
# migration that alters attempts must end by running `freeze` again. A test looks.
SQLITE = (
    """
    CREATE TRIGGER attempt_is_frozen BEFORE UPDATE ON scoring_attempt FOR EACH ROW
    WHEN OLD.receipt <> '' AND (
        NEW.snapshot IS NOT OLD.snapshot OR NEW.receipt IS NOT OLD.receipt
    )
    BEGIN
        SELECT RAISE(ABORT, 'The snapshot and receipt of an attempt are frozen.');
    END
    """,
)
SQLITE_BACK = ("DROP TRIGGER IF EXISTS attempt_is_frozen",)


def freeze(_apps, schema_editor):
    known = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
    for statement in known.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement, params=None)


def thaw(_apps, schema_editor):
    known = {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}
    for statement in known.get(schema_editor.connection.vendor, ()):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]
    operations = [migrations.RunPython(freeze, thaw)]
