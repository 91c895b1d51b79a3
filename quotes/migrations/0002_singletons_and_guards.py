from django.db import migrations

from quotes.models import append_only


def make_single_rows(apps, schema_editor):
    for name in ("Revision", "AuditHead", "OperatorState"):
        apps.get_model("quotes", name).objects.get_or_create(pk=1)


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection)


def release(apps, schema_editor):
    append_only.release(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("quotes", "0001_initial")]
    operations = [
        migrations.RunPython(make_single_rows, migrations.RunPython.noop),
        migrations.RunPython(protect, release),
    ]
