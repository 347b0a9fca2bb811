"""Form fields from the playbook's fields, as all apps make them."""

from linli.web.playbook_fields import PREFIX, form_fields, values_of

__all__ = ["PREFIX", "form_fields", "values_of"]
