"""Let the database itself refuse to change or to delete an event.

Row by row: a statement that meets no event harms none, and restoring from a fixture
begins with such an UPDATE. TRUNCATE meets no rows, so it has a trigger of its own.
"""

from django.db import migrations

MAKE = {
    "postgresql": [
        """
        CREATE FUNCTION jobs_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'Events are insert-only.'
          USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        """
        CREATE TRIGGER jobs_event_keeps_each BEFORE UPDATE OR DELETE ON jobs_event
        FOR EACH ROW EXECUTE FUNCTION jobs_event_refuse()
        """,
        """
        CREATE TRIGGER jobs_event_keeps_all BEFORE TRUNCATE ON jobs_event
        FOR EACH STATEMENT EXECUTE FUNCTION jobs_event_refuse()
        """,
    ],
    # A migration that alters the table makes it anew here, without its triggers, and
    # must make them again. tests/test_migrations.py notices when one does not.
    "sqlite": [
        """
        CREATE TRIGGER jobs_event_keeps_words BEFORE UPDATE ON jobs_event
        BEGIN SELECT RAISE(ABORT, 'Events are insert-only.'); END
        """,
        """
        CREATE TRIGGER jobs_event_keeps_each BEFORE DELETE ON jobs_event
        BEGIN SELECT RAISE(ABORT, 'Events are insert-only.'); END
        """,
    ],
}
UNMAKE = {
    "postgresql": [
        "DROP TRIGGER jobs_event_keeps_all ON jobs_event",
        "DROP TRIGGER jobs_event_keeps_each ON jobs_event",
        "DROP FUNCTION jobs_event_refuse()",
    ],
    "sqlite": [
        "DROP TRIGGER jobs_event_keeps_each",
        "DROP TRIGGER jobs_event_keeps_words",
    ],
}


def make(_apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unmake(_apps, schema_editor):
    for statement in UNMAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0002_beats_and_starts"),
    ]

    operations = [
        migrations.RunPython(make, unmake),
    ]
