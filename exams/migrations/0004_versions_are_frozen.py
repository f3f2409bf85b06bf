"""The database itself refuses to change what was published.

A later migration that alters this table on SQLite makes it anew, and so without the
trigger: such a migration has to run this one's function again. A test looks for it.
"""

from django.db import migrations

FROZEN = ("exam_id", "number", "title", "paper", "key", "policy", "sha256")

POSTGRESQL = f"""
CREATE FUNCTION exams_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published exam is frozen'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER exams_version_is_frozen
BEFORE UPDATE ON exams_examversion FOR EACH ROW
WHEN ({" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FROZEN)})
EXECUTE FUNCTION exams_version_is_frozen();
"""
SQLITE = f"""
CREATE TRIGGER exams_version_is_frozen
BEFORE UPDATE ON exams_examversion FOR EACH ROW
WHEN {" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in FROZEN)}
BEGIN SELECT RAISE(ABORT, 'a published exam is frozen'); END
"""
CREATE = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
DROP = {
    "postgresql": "DROP TRIGGER exams_version_is_frozen ON exams_examversion;"
    " DROP FUNCTION exams_version_is_frozen();",
    "sqlite": "DROP TRIGGER exams_version_is_frozen",
}


def freeze(apps, schema_editor):
    schema_editor.execute(CREATE[schema_editor.connection.vendor], params=None)


def thaw(apps, schema_editor):
    schema_editor.execute(DROP[schema_editor.connection.vendor], params=None)


class Migration(migrations.Migration):

    dependencies = [('exams', '0003_versions')]

    operations = [migrations.RunPython(freeze, thaw)]
