"""What `manage.py setup_site` asks, checks and writes down."""
