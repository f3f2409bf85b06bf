"""An app whose jobs leave exactly one mark each, or none."""
