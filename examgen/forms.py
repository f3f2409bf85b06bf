"""The one form renderer: every form of the site looks the same."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class SiteRenderer(TemplatesSetting):
    """Takes form, field and error templates from `templates/forms/`."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
