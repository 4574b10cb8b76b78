"""Makes the tables from the models. Row-level security, which the product's migrations switch on, is switched on here."""
import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

call_command("migrate", run_syncdb=True, interactive=False, verbosity=1)
if connection.vendor == "postgresql":
    from common.rls import ORG_SCOPED_TABLES, get_enable_policy_sql

    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in ORG_SCOPED_TABLES:
            if table in present:
                cursor.execute(get_enable_policy_sql(table))
